"""How much of what is private on the samples is hidden, and how much of the key fields is not.

    python -m benchmarks.redaction                 all samples
    python -m benchmarks.redaction --quick         some of them
    python -m benchmarks.redaction --misses        also where something private was left
    python -m benchmarks.redaction --set FOLDER    as well other samples, made by samples.render

A labelled place counts as hidden where nine tenths of its middle are covered, of a card number
without its last four digits; a key field as readable where less than a tenth is covered. The
rules were made on samples: only a folder that nobody has looked at tells what to expect.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from benchmarks.machine import cores
from benchmarks.proportions import Share
from benchmarks.script import RESULTS, ROOT, console, finish, heading, parser
from benchmarks.tables import Table
from receipt_screen.geometry import Quad
from receipt_screen.photo import open_photos
from receipt_screen.reading import Reader, open_reader
from receipt_screen.records import Findings, Photo
from receipt_screen.report.plate import take_plate
from receipt_screen.report.redact import COVER, is_veiled, redact
from receipt_screen.screener import examine

SAMPLES = ROOT / "samples"
QUICK = 24
KEYS = ("amount", "date", "time", "merchant", "business_number", "approval_number")
PRIVATE = ("card", "phone", "name")
NAME = re.compile(r"(?:성\s*명|대\s*표\s*자|고객명|성함|회원명|예약자)[\s:)\].]*")
PERSON = re.compile(r"[가-힣]{2,4}(?=$|\s|/)")
PHONE = re.compile(r"(?<![0-9-])0\d{1,2}-[0-9*]{3,4}-\d{4}")


@dataclass(frozen=True)
class Place:
    """A labelled place that has to be hidden, or has to stay readable."""

    kind: str
    text: str
    quad: Quad


def places(row: dict[str, Any]) -> Iterator[Place]:
    """What is labelled on a sample, as far as it is in view."""
    for kind in ("card", "phone", *KEYS):
        field = row["fields"][kind]
        if not field.get("quad") or not field.get("visible", True):
            continue
        if kind in PRIVATE and not any(field["text"] in line["text"] for line in row["lines"]):
            yield from _broken(kind, field["text"], row["lines"])
        else:
            yield from _field_places(kind, field)
    lines = row["lines"]
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        if not line.get("visible", True):
            continue
        yield from _names(line, following)
        if line.get("field") != "phone":
            for match in PHONE.finditer(line["text"]):
                yield Place("phone", match.group(), piece(line, match.start(), match.end()))


def _field_places(kind: str, field: dict[str, Any]) -> Iterator[Place]:
    text = str(field["text"])
    line = {"text": text, "quad": field["quad"]}
    if kind != "card":
        yield Place(kind, text, Quad.from_array(field["quad"]))
    elif len(re.findall(r"\d", text)) > 4 and text[-4:].isdigit():
        # Half a character before the last four is the separator's.
        yield Place(kind, text, piece(line, 0, len(text.rstrip()) - 5))


def _broken(kind: str, text: str, lines: list[dict[str, Any]]) -> Iterator[Place]:
    """A number that the paper broke over two lines; of a card all but its last four digits."""
    for first, second in pairwise(lines):
        for cut in range(1, len(text)):
            head, tail = text[:cut].rstrip(), text[cut:].lstrip()
            if not first["text"].endswith(head) or not second["text"].startswith(tail):
                continue
            start, end = len(first["text"]) - len(head), len(first["text"])
            if kind == "phone":
                yield Place(kind, tail, piece(second, 0, len(tail)))
            else:
                end -= max(0, 5 - len(tail))
            if end > start:
                yield Place(kind, head, piece(first, start, end))
            return


def _names(line: dict[str, Any], following: dict[str, Any] | None) -> Iterator[Place]:
    labels = list(NAME.finditer(line["text"]))
    if not labels:
        return
    end = labels[-1].end()
    name = PERSON.match(line["text"], end)
    if name:
        yield Place("name", name.group(), piece(line, name.start(), name.end()))
    elif end == len(line["text"]) and following and following.get("visible", True):
        below = PERSON.match(following["text"])
        if below:
            yield Place("name", below.group(), piece(following, 0, below.end()))


def piece(line: dict[str, Any], start: int, end: int) -> Quad:
    """Where a piece of a labelled line stands; Hangul is twice as wide as ASCII."""
    widths = [2 if "가" <= sign <= "힣" else 1 for sign in line["text"]]
    left, right = sum(widths[:start]) / sum(widths), sum(widths[:end]) / sum(widths)
    top_left, top_right, bottom_right, bottom_left = np.asarray(line["quad"])
    top, bottom = top_right - top_left, bottom_right - bottom_left
    return Quad.from_array(
        [
            top_left + top * left,
            top_left + top * right,
            bottom_left + bottom * right,
            bottom_left + bottom * left,
        ]
    )


def shares(wanted: list[Place], photo: Photo, findings: Findings) -> list[float]:
    """How much of the middle of each place is covered; all of one that lies outside the plate."""
    plate = take_plate(photo, findings)
    blank = np.zeros_like(plate.pixels)
    mask = (redact(blank, plate.to_plate, findings) == COVER).all(axis=2)
    return [_covered(mask, plate.to_plate.quad(place.quad).array) for place in wanted]


def _covered(mask: Any, corners: Any) -> float:
    """The share of the middle half of a quad's height that a mask covers."""
    down = (corners[3] - corners[0] + corners[2] - corners[1]) / 2
    inner = corners + np.stack([down, down, -down, -down]) / 4
    inner = inner.mean(axis=0) + (inner - inner.mean(axis=0)) * 0.96
    area = np.zeros(mask.shape, np.uint8)
    cv2.fillPoly(area, [np.rint(inner).astype(np.int32)], 1)
    size = int(area.sum())
    return float((mask & (area > 0)).sum() / size) if size else 1.0


@dataclass(frozen=True)
class Seen:
    """What became of a labelled place."""

    sample: str
    place: Place
    share: float
    """Covered."""

    @property
    def good(self) -> bool:
        """Hidden where it is private, readable where it is a key field."""
        return self.share >= 0.9 if self.place.kind in PRIVATE else self.share <= 0.1


@cache
def _reader() -> Reader:
    cv2.setNumThreads(1)
    return open_reader("lines")


def look(row: dict[str, Any], image: Path) -> list[Seen] | None:
    """Every labelled place of a sample; None where its whole picture is made illegible."""
    photo = open_photos(image)[0]
    findings = examine(photo, _reader())
    if is_veiled(findings.page):
        return None
    wanted = list(places(row))
    covered = shares(wanted, photo, findings)
    return [Seen(row["id"], *each) for each in zip(wanted, covered, strict=True)]


def measure(rows: Sequence[dict[str, Any]], images: Path) -> list[list[Seen] | None]:
    """What became of the labelled places of each sample, read on all cores."""
    paths = [images / row["file"] for row in rows]
    with ProcessPoolExecutor(len(cores()), get_context("spawn")) as pool:
        looked = pool.map(look, rows, paths)
        shown = Console(stderr=True)
        return list(track(looked, "redaction", total=len(rows), console=shown))


def counted(looked: Sequence[list[Seen] | None]) -> dict[str, list[int]]:
    """By kind how many places there are, and how many are as they should be.

    `veiled`: pictures, and how many of them are illegible as a whole.
    """
    of: Counter[str] = Counter(veiled=len(looked))
    good: Counter[str] = Counter(veiled=sum(each is None for each in looked))
    for seen in (seen for each in looked for seen in each or ()):
        kind = seen.place.kind
        for name in (kind, "private" if kind in PRIVATE else "key fields"):
            of[name] += 1
            good[name] += seen.good
    return {name: [of[name], good[name]] for name in of}


# ── for people ───────────────────────────────────────────────────────────────────────────────

WISHES = {
    "private": "hidden",
    **dict.fromkeys(PRIVATE, "hidden"),
    "key fields": "readable",
    **dict.fromkeys(KEYS, "readable"),
    "veiled": "few",
}


def tables(data: Mapping[str, Any]) -> list[Table]:
    """A table for each set of pictures."""
    columns = ("", "should be", "of", "are", "share", "95 % interval")
    return [
        Table(title.capitalize(), columns, tuple(_rows(counts)))
        for title, counts in data["sets"].items()
    ]


def _rows(counts: Mapping[str, Sequence[int]]) -> Iterator[tuple[str, ...]]:
    for kind, wish in WISHES.items():
        of, good = counts.get(kind, (0, 0))
        if of:
            low, high = Share(good, of).interval()
            range_ = f"{low:.1%} to {high:.1%}"
            yield kind.replace("_", " "), wish, str(of), str(good), f"{good / of:.2%}", range_


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the tables and writes the figures."""
    options_of = parser(__doc__)
    options_of.add_argument("--set", type=Path, help="a folder of samples with their labels.jsonl")
    options_of.add_argument(
        "--misses", action="store_true", help="name what is not as it should be"
    )
    options = options_of.parse_args(arguments)
    sets = {"samples": SAMPLES} | ({"a fresh set": options.set} if options.set else {})
    known = _known() if not options.quick else {}
    for title, folder in sets.items():
        lines = (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines][: QUICK if options.quick else None]
        images = folder / "images" if folder == SAMPLES else folder
        looked = measure(rows, images)
        known[title] = counted(looked)
        if options.misses:
            _print_misses(looked)
    data = {**heading(options, ()), "missing": {}, "sets": known}
    finish("redaction", data, tables(data), None, options)


def _known() -> dict[str, Any]:
    """Of a set that isn't measured now the figures of last time."""
    file = RESULTS / "redaction.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))["sets"]) if file.is_file() else {}


def _print_misses(looked: Sequence[list[Seen] | None]) -> None:
    for seen in (seen for each in looked for seen in each or ()):
        if not seen.good:
            place = seen.place
            console.print(seen.sample, place.kind, f"{seen.share:.2f}", place.text, highlight=False)


if __name__ == "__main__":
    main()
