"""Labelled photos to measure on: what is printed on each, by field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from benchmarks.lines import TextLine
from receipt_screen.geometry import Quad
from receipt_screen.records import Fields

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "real"
SAMPLES = ROOT / "samples"
FIELDS = ("amount", "date", "time", "merchant", "business_number", "approval_number")


@dataclass(frozen=True)
class Labelled:
    """One photo and the values that count as right; an empty tuple: nothing to be found."""

    id: str
    path: Path
    values: dict[str, tuple[str, ...]]
    kind: str = ""
    lines: tuple[TextLine, ...] = ()
    """The lines that can be seen, of all receipts in the photo; none where there are no labels."""
    size: tuple[int, int] | None = None
    """Width and height in pixels that the lines' quads refer to."""


def real_photos() -> list[Labelled]:
    """The real receipts beside the project; none where the folder is absent."""
    labels = REAL / "labels.jsonl"
    if not labels.is_file():
        return []
    return [
        Labelled(
            row["id"],
            REAL / row["file"],
            {name: _real(row, name) for name in FIELDS},
            row["kind"],
        )
        for row in _rows(labels)
    ]


def _real(row: dict[str, Any], name: str) -> tuple[str, ...]:
    values = [row.get(name), row.get(f"{name}_alt")]
    if name == "approval_number":
        values += row.get("approval_alt", [])
    return tuple(str(value) for value in values if value is not None)


def sample_photos(split: str = "test") -> list[Labelled]:
    """The rendered samples of one split, without fields that the photo hides."""
    return [
        Labelled(
            row["id"],
            SAMPLES / "images" / row["file"],
            {name: _sample(row["fields"][name]) for name in FIELDS if _is_visible(row, name)},
            row["kind"],
            tuple(_lines(row)),
            (row["width"], row["height"]),
        )
        for row in _rows(SAMPLES / "labels.jsonl")
        if row["split"] == split
    ]


def _lines(row: dict[str, Any]) -> Iterator[TextLine]:
    for line in row["lines"]:
        if line.get("visible", True):
            yield TextLine(line["text"], Quad.from_array(line["quad"]))


def _is_visible(row: dict[str, Any], name: str) -> bool:
    return bool(row["fields"][name].get("visible", True))


def _sample(field: dict[str, Any]) -> tuple[str, ...]:
    value = field.get("value")
    return () if value is None else (str(value),)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def judge(name: str, found: str | None, printed: tuple[str, ...]) -> str:
    """`right`, `wrong` or `silent`. Where nothing is printed, silence is right.

    A time is right to the minute. A shop's name is right when, without spaces, signs and
    company forms, it is 80 % alike (rapidfuzz ratio) or a part of four letters and more.
    """
    if not printed:
        return "right" if found is None else "wrong"
    if found is None:
        return "silent"
    return "right" if any(_is_same(name, found, value) for value in printed) else "wrong"


def _is_same(name: str, found: str, printed: str) -> bool:
    if name == "time":
        return found[:5] == printed[:5]
    if name == "merchant":
        return _is_same_shop(_bare_name(found), _bare_name(printed))
    return found == printed


def _is_same_shop(found: str, printed: str) -> bool:
    part = len(found) >= 4 and (found in printed or printed in found)
    return part or fuzz.ratio(found, printed) >= 80


def _bare_name(name: str) -> str:
    return re.sub(r"\(주\)|㈜|주식회사|[^0-9A-Za-z가-힣]", "", name).lower()


def found_values(fields: Fields) -> dict[str, str | None]:
    """The values of the measured fields as text."""
    values = {name: getattr(fields, name).value for name in FIELDS}
    return {name: None if value is None else str(value) for name, value in values.items()}


def stands_in(name: str, text: str, printed: tuple[str, ...]) -> bool:
    """Whether a printed value stands, digit for digit, somewhere in what was read."""
    if name == "merchant":
        return any(_bare_name(value) in _bare_name(text) for value in printed)
    digits = re.sub(r"\D", "", text)
    return any(re.sub(r"\D", "", value) in digits for value in printed)
