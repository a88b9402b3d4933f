"""`python -m samples.render --count N --seed S --out DIR`: makes labelled samples."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import cv2
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from samples.render.fonts import FontsMissingError, require_fonts
from samples.render.labels import label_json
from samples.render.lines import LineCrop, LineSettings, make_line
from samples.render.sample import Sample, Settings, make_sample

T = TypeVar("T")


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns its exit status."""
    options = _parser().parse_args(arguments)
    try:
        require_fonts()
    except FontsMissingError as error:
        print(f"samples.render: {error}", file=sys.stderr)
        return 4
    options.out.mkdir(parents=True, exist_ok=True)
    _lines(options) if options.lines else _photographs(options)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m samples.render", description=__doc__)
    parser.add_argument("--count", type=int, default=12, help="how many images (default: 12)")
    parser.add_argument("--first", type=int, default=0, help="index of the first (default: 0)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="folder for images and labels")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--camera",
        choices=("messenger", "phone"),
        default="messenger",
        help="messenger: at most 1600 pixels long (default); phone: 0.5 to 50 megapixels",
    )
    parser.add_argument(
        "--split",
        choices=("all", "train", "test"),
        default="all",
        help="whose families, shops and faces are drawn (default: all; for --lines: train)",
    )
    parser.add_argument("--lines", action="store_true", help="line crops instead of photographs")
    return parser


def _photographs(options: argparse.Namespace) -> None:
    make = partial(make_sample, Settings(options.seed, options.camera, options.split))
    _write(options, "photographs", make, _write_sample)


def _write_sample(folder: Path, _index: int, sample: Sample) -> str:
    (folder / sample.label.file).write_bytes(sample.encoded)
    return label_json(sample.label)


def _lines(options: argparse.Namespace) -> None:
    split = "train" if options.split == "all" else options.split
    make = partial(make_line, LineSettings(options.seed, split))
    _write(options, "line crops", make, _write_line)


def _write_line(folder: Path, index: int, crop: LineCrop) -> str:
    name = f"line_{index:07}.png"
    cv2.imwrite(str(folder / name), crop.pixels)
    facts = {"file": name, "text": crop.text, "ranges": crop.ranges, "face": crop.face}
    return json.dumps({**facts, "split": crop.split}, ensure_ascii=False)


def _write(
    options: argparse.Namespace,
    what: str,
    make: Callable[[int], T],
    write: Callable[[Path, int, T], str],
) -> None:
    """Makes all indices and writes files and labels, with a progress bar."""
    indices = range(options.first, options.first + options.count)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    labels = options.out / "labels.jsonl"
    with (
        Progress(*columns, console=Console(stderr=True)) as bar,
        labels.open("w", encoding="utf-8") as file,
    ):
        task = bar.add_task(what, total=options.count)
        for index, made in zip(indices, _in_order(make, indices, options.workers), strict=True):
            file.write(write(options.out, index, made) + "\n")
            bar.advance(task)


def _in_order(make: Callable[[int], T], indices: range, workers: int) -> Iterator[T]:
    _one_thread()
    if workers <= 1:
        yield from map(make, indices)
        return
    with ProcessPoolExecutor(workers, initializer=_one_thread) as pool:
        yield from pool.map(make, indices, chunksize=4)


def _one_thread() -> None:
    """A worker is a core: OpenCV's own threads would only get in each other's way."""
    cv2.setNumThreads(1)


if __name__ == "__main__":
    raise SystemExit(main())
