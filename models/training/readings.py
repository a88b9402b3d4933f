"""Rendered receipts, read by the real reader and kept: what models of the later stages learn from.

    python -m models.training.readings --split train --seed 11 --count 700
    python -m models.training.readings --split test --seed 12 --count 400 --workers 2

A picture is rendered once and read once. What was rendered is kept by the renderer's source, what
was read by the source of the stages up to reading and by their models, so that a better reader
reads again and an unchanged one doesn't. Stopped halfway the command goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Literal, TypeVar

import cv2
from pydantic import ValidationError
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from receipt_screen.fields import find_fields
from receipt_screen.fields.papers import split_papers
from receipt_screen.fields.ranker import Kind
from receipt_screen.prints import field_prints, print_text, transaction_keys
from receipt_screen.reading import Reader, open_reader
from receipt_screen.records import Fields, Findings, Page, Pixels, Record
from receipt_screen.screener import examine_upload, main_page
from samples.others.picture import make_other
from samples.render.fonts import require_fonts
from samples.render.labels import Label, label_json
from samples.render.sample import Settings, make_sample

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "out" / "readings"
READ_BY = ("photo.py", "paper", "reading", "symbols.py", "odds.py")
"""The parts of the package that decide what is read of a picture."""
READ_WITH = ("manifest.toml",)
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")

Split = Literal["train", "test", "fresh"]
T = TypeVar("T")
Item = TypeVar("Item")


class Reading(Record):
    """What was read of a picture: everything before any field is chosen."""

    page: Page
    """In the frame of the upright paper, as `find_fields` wants it."""
    findings: Findings
    """As `examine` returned them, in the frame of the photo; `fields` and `prints` are those of
    the day on which it was read."""

    def fields(self, by: Kind = "learned") -> Fields:
        """What the fields' present rules make of the receipt that the findings are about."""
        return self.fields_on(self.own, by, self.codes)

    def fields_on(self, page: Page, by: Kind = "learned", codes: tuple[str, ...] = ()) -> Fields:
        """The same of another receipt in the picture."""
        drawn = self.findings.paper.drawn
        return find_fields(page, screen=self.is_screen, drawn=drawn, codes=codes, by=by)

    @property
    def codes(self) -> tuple[str, ...]:
        """What its bar codes and QR codes hold."""
        return tuple(symbol.text for symbol in self.findings.symbols)

    @property
    def own(self) -> Page:
        """The lines of the receipt that the findings are about."""
        return split_papers(self.page)[self.findings.receipt - 1]

    @property
    def is_screen(self) -> bool:
        """Whether the paper is a screenshot."""
        return self.findings.paper.kind == "screen"


def current_findings(reading: Reading) -> Findings:
    """What was read, with the fields and prints of the present rules."""
    fields, findings = reading.fields(), reading.findings
    codes = [symbol.text for symbol in findings.symbols]
    prints = findings.prints.model_copy(
        update={
            "flat": findings.paper.flat,
            "keys": transaction_keys(fields, codes),
            "fields": field_prints(fields),
            "text": print_text(reading.own.lines, fields),
        }
    )
    return findings.model_copy(update={"prints": prints})


@dataclass(frozen=True)
class Picked:
    """Which samples are wanted, and where they are kept."""

    split: Split
    seed: int
    count: int
    cache: Path = CACHE

    @property
    def folder(self) -> Path:
        """Where the pictures of this seed are kept."""
        return self.cache / f"{self.split}-{self.seed}-{source_key(ROOT / 'samples' / 'render')}"


@cache
def source_key(*sources: Path) -> str:
    """Twelve hexadecimal digits that change when one of these files or folders does."""
    digest = hashlib.sha256()
    for source in sources:
        files = sorted(source.rglob("*")) if source.is_dir() else [source]
        for file in files:
            if file.suffix in {".py", ".toml"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def reader_key() -> str:
    """What decides a reading: the stages up to reading, and the models' sums."""
    package = ROOT / "receipt_screen"
    parts = [package / part for part in READ_BY]
    return source_key(*parts, *(ROOT / "models" / name for name in READ_WITH))


# ── one picture ──────────────────────────────────────────────────────────────────────────────


def read_picture(path: Path, kept: Path, reader: Reader) -> Reading:
    """The reading of a picture, from the folder `kept` where it was read before."""
    file = kept / f"{path.stem}.{reader_key()}.json"
    # Records may have changed since; what no longer loads is read again.
    with suppress(FileNotFoundError, ValidationError):
        return Reading.model_validate_json(file.read_bytes())
    keeper = PageKeeper(reader)
    findings, _ = main_page(examine_upload(path, keeper, name=path.name))
    reading = Reading(page=keeper.pages[findings.photo.page - 1], findings=findings)
    _write(file, reading.model_dump_json().encode())
    # Also what was just read comes from the file, where places are rounded to tenths of pixels.
    return Reading.model_validate_json(file.read_bytes())


class PageKeeper:
    """A reader that keeps its pages, before they are carried over to the photo."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.name, self.version = reader.name, reader.version
        self.pages: list[Page] = []

    def read(self, pixels: Pixels) -> Page:
        self.pages.append(self._reader.read(pixels))
        return self.pages[-1]


def _write(file: Path, content: bytes) -> None:
    """All or nothing, also when two processes write the same."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(f".{os.getpid()}.part")
    half.write_bytes(content)
    half.replace(file)


def render_sample(picked: Picked, index: int) -> Label:
    """The label of a sample whose picture lies in the folder."""
    file = picked.folder / f"s{picked.seed}_{index:05}.label.json"
    if file.is_file():
        return Label.model_validate_json(file.read_bytes())
    sample = make_sample(Settings(picked.seed, split=picked.split), index)
    _write(picked.folder / sample.label.file, sample.encoded)
    _write(file, label_json(sample.label).encode())  # last: with it the sample is complete
    return sample.label


@cache
def _reader() -> Reader:
    cv2.setNumThreads(1)
    return open_reader()


def _make(picked: Picked, index: int) -> tuple[Label, Reading]:
    label = render_sample(picked, index)
    folder = picked.folder
    return label, read_picture(folder / label.file, folder / "readings", _reader())


# ── many ─────────────────────────────────────────────────────────────────────────────────────


def read_samples(
    picked: Picked, console: Console, *, workers: int = 1
) -> list[tuple[Label, Reading]]:
    """The labels and readings of the first `count` samples, made where they are missing."""
    require_fonts()
    made = _in_processes(partial(_make, picked), range(picked.count), workers)
    return list(_shown(made, f"{picked.split} {picked.seed}", picked.count, console))


def read_pictures(
    paths: Sequence[Path], kept: Path, console: Console, *, workers: int = 1
) -> list[Reading]:
    """The readings of pictures that lie somewhere, from the folder `kept` where they were read."""
    read = partial(_read_into, kept)
    return list(_shown(_in_processes(read, paths, workers), kept.name, len(paths), console))


def read_others(picked: Picked, console: Console, *, workers: int = 1) -> list[Reading]:
    """The readings of documents that are no receipts, made where they are missing."""
    require_fonts()
    made = _in_processes(partial(_make_other, picked), range(picked.count), workers)
    return list(_shown(made, f"others, {picked.split}", picked.count, console))


def _make_other(picked: Picked, index: int) -> Reading:
    folder = picked.cache / f"others-{picked.split}-{picked.seed}-{source_key(ROOT / 'samples')}"
    other = make_other(picked.split, picked.seed, index)
    file = folder / other.name
    if not file.is_file():
        _write(file, other.encoded)
    return read_picture(file, folder / "readings", _reader())


def _read_into(kept: Path, path: Path) -> Reading:
    return read_picture(path, kept, _reader())


def _shown(made: Iterable[T], what: str, total: int, console: Console) -> Iterator[T]:
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        yield from bar.track(made, total=total, description=what)


def _in_processes(work: Callable[[Item], T], items: Sequence[Item], workers: int) -> Iterator[T]:
    if workers <= 1:
        yield from map(work, items)
        return
    made = in_processes(partial(_discard, work), items, workers)
    for item, _ in zip(items, made, strict=True):
        yield work(item)  # from its file by now


def in_processes(work: Callable[[Item], T], items: Sequence[Item], workers: int) -> Iterator[T]:
    """What becomes of each item, in their order, made in several processes of one thread."""
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))  # children read it when they import
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, items, chunksize=4)


def _discard(work: Callable[[Item], T], item: Item) -> None:
    """Generic records such as `Found[int]` can't be handed from process to process."""
    work(item)


def main(arguments: list[str] | None = None) -> None:
    """Renders and reads what is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m models.training.readings",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--split", choices=("train", "test", "fresh"), default="train")
    parser.add_argument("--seed", type=int, default=11, help="1 is the committed set's")
    parser.add_argument("--count", type=int, default=1420)
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args(arguments)
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    picked = Picked(options.split, options.seed, options.count, options.cache)
    console = Console(stderr=True)
    read_samples(picked, console, workers=options.workers)
    console.print(f"kept in {picked.folder}, read by {reader_key()}")


if __name__ == "__main__":
    main()
