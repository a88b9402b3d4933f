"""How much of what is private on the samples is hidden, and how much of the key fields is not.

    python -m benchmarks.redaction                 all samples
    python -m benchmarks.redaction --count 40      some of them
    python -m benchmarks.redaction --misses        also where something private was left
    python -m benchmarks.redaction --set FOLDER    other samples, made by samples.render

A labelled place counts as hidden where nine tenths of its middle are covered, of a card number
without its last four digits; a key field as readable where less than a tenth is covered.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from receipt_screen.geometry import Quad
from receipt_screen.photo import open_photos
from receipt_screen.reading import open_reader
from receipt_screen.records import Findings, Photo
from receipt_screen.report.plate import take_plate
from receipt_screen.report.redact import COVER, is_veiled, redact
from receipt_screen.screener import examine

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
RESULTS = Path(__file__).parent / "results" / "redaction.json"
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


@dataclass
class Count:
    """How often something was as it should be."""

    places: int = 0
    good: int = 0


def measure(
    rows: list[dict[str, Any]], images: Path, console: Console, *, misses: bool
) -> dict[str, Count]:
    """Per kind how many places there are, and how many are hidden (private) or readable (keys).

    Under `veiled` stands how many pictures are illegible as a whole, out of how many.
    """
    reader = open_reader("lines")
    counts: dict[str, Count] = defaultdict(Count)
    for row in track(rows, console=console, description="redaction"):
        photo = open_photos(images / row["file"])[0]
        findings = examine(photo, reader)
        counts["veiled"].places += 1
        if is_veiled(findings.page):
            counts["veiled"].good += 1
            continue
        wanted = list(places(row))
        for place, share in zip(wanted, shares(wanted, photo, findings), strict=True):
            good = share >= 0.9 if place.kind in PRIVATE else share <= 0.1
            counts[place.kind].places += 1
            counts[place.kind].good += good
            if misses and not good:
                console.print(row["id"], place.kind, f"{share:.2f}", place.text, highlight=False)
    return counts


def table(counts: dict[str, Count]) -> Table:
    """The counts for people."""
    drawn = Table("kind", "should be", "places", "are", "share")
    for kind in ("private", *PRIVATE, "key fields", *KEYS, "veiled"):
        count = counts[kind]
        wish = {"veiled": "few"}.get(
            kind, "readable" if kind in ("key fields", *KEYS) else "hidden"
        )
        share = f"{count.good / count.places:.2%}" if count.places else "–"
        drawn.add_row(kind, wish, str(count.places), str(count.good), share)
    return drawn


def with_sums(counts: dict[str, Count]) -> dict[str, Count]:
    """The counts, and those of all private places and of all key fields together."""
    sums = {
        name: Count(
            sum(counts[kind].places for kind in kinds), sum(counts[kind].good for kind in kinds)
        )
        for name, kinds in (("private", PRIVATE), ("key fields", KEYS))
    }
    return defaultdict(Count, {**counts, **sums})


def main() -> None:
    """Prints the table and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, help="photos; otherwise all")
    parser.add_argument("--set", type=Path, help="a folder of samples with their labels.jsonl")
    parser.add_argument("--misses", action="store_true", help="name what was not as it should be")
    arguments = parser.parse_args()
    folder = arguments.set or SAMPLES
    lines = (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines][: arguments.count]
    images = arguments.set or SAMPLES / "images"
    console = Console(stderr=True)
    counts = with_sums(measure(rows, images, console, misses=arguments.misses))
    Console().print(table(counts))
    if arguments.count is None:
        known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
        known["fresh" if arguments.set else "samples"] = {k: asdict(c) for k, c in counts.items()}
        RESULTS.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
