"""An organiser's own labelled photos → the thresholds of `[evidence]` in a campaign file.

The confidences that are shipped were calibrated on rendered receipts. Ten photos are too few to
calibrate anew, but enough to see whether all confidences are too high or too low: one shift of
their log-odds is fitted, held near nought by a prior until the photos say otherwise. The levels
that keep to the errors asked for on rendered receipts are moved by it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from receipt_screen.errors import UsageError
from receipt_screen.levels import Errors, curves, deciding_levels
from receipt_screen.messages import Values
from receipt_screen.odds import log_odds, probability_of
from receipt_screen.reading import Reader
from receipt_screen.records import Fields
from receipt_screen.screener import examine_upload, main_page

LEAST_PHOTOS = 10
SPREAD = 0.7
"""Standard deviation, in log-odds, that organisers' photos are taken to differ from ours by."""
STEPS = 60


@dataclass(frozen=True)
class LabelledPhoto:
    """A photo and what is printed on it, as text: `100000`, `2025-01-20`."""

    path: Path
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Thresholds:
    """What goes into the campaign file, and what it rests on."""

    acceptable: float
    strong: float
    shift: float
    """Log-odds to add to the confidences that are shipped; negative: they are too high."""
    values: int
    right: int


def read_labels(file: Path) -> tuple[LabelledPhoto, ...]:
    """The photos of a file of JSON lines: `file`, from the folder of the labels, and `fields`.

    A photo of which neither amount nor date is told teaches nothing and is left out. Raises
    UsageError where the file can't be read or fewer than `LEAST_PHOTOS` photos are left.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        reason = str(getattr(exc, "strerror", None) or type(exc).__name__)
        raise UsageError("calibration.unreadable", {"file": str(file), "reason": reason}) from exc
    rows = (_photo(file, number, line) for number, line in enumerate(lines, 1) if line.strip())
    photos = tuple(photo for photo in rows if photo.fields)
    if len(photos) < LEAST_PHOTOS:
        values: Values = {"file": str(file), "count": len(photos), "least": LEAST_PHOTOS}
        raise UsageError("calibration.too_few", values)
    return photos


def _photo(file: Path, number: int, line: str) -> LabelledPhoto:
    try:
        row = json.loads(line)
        fields = {
            name: written(str(row["fields"][name]))
            for name, written in WRITTEN.items()
            if name in row["fields"]
        }
        return LabelledPhoto(file.parent / row["file"], fields)
    except (ValueError, TypeError, KeyError, RecursionError) as exc:
        raise UsageError("calibration.bad_line", {"file": str(file), "line": number}) from exc


def _amount(text: str) -> str:
    return str(int(text))


def _date(text: str) -> str:
    return dt.date.fromisoformat(text).isoformat()


WRITTEN: Final[Mapping[str, Callable[[str], str]]] = {"amount": _amount, "date": _date}
"""How a deciding field is written where it is read; what is written otherwise would count as
misread and raise the thresholds."""


def confidences(
    photos: Iterable[LabelledPhoto], reader: Reader
) -> Iterator[list[tuple[float, bool]]]:
    """For each photo, how sure its values are and whether they are right.

    Raises PhotoError for a photo that can't be used.
    """
    for photo in photos:
        findings, _ = main_page(examine_upload(photo.path, reader))
        yield _said(findings.fields, photo.fields)


def _said(fields: Fields, printed: Mapping[str, str]) -> list[tuple[float, bool]]:
    found: dict[str, Any] = {name: getattr(fields, name) for name in printed}
    return [
        (each.confidence, str(each.value) == printed[name])
        for name, each in found.items()
        if each.value is not None
    ]


def fit_thresholds(said: Sequence[tuple[float, bool]], errors: Errors) -> Thresholds:
    """The confidences from which on values are as rarely wrong as asked."""
    shift = _shift(said)
    acceptable, strong = deciding_levels(curves(), errors)
    return Thresholds(
        acceptable=probability_of(log_odds(acceptable) - shift),
        strong=probability_of(log_odds(strong) - shift),
        shift=shift,
        values=len(said),
        right=sum(right for _, right in said),
    )


def _shift(said: Sequence[tuple[float, bool]]) -> float:
    """The likeliest shift: the root of the posterior's slope, which only falls."""
    low, high = -8.0, 8.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        slope = sum(right - probability_of(log_odds(sure) + middle) for sure, right in said)
        if slope - middle / SPREAD**2 > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
