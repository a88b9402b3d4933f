"""Readings → cases: each field of each picture with its candidates, and which of them are right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from benchmarks.labelled import judge
from models.training.readings import Reading
from receipt_screen.checks.certainty import misread_days, misreadings
from receipt_screen.fields import candidates_on, find_fields, ranking_for
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.papers import split_papers
from receipt_screen.fields.ranker import Candidate
from receipt_screen.geometry import Quad, Transform
from receipt_screen.levels import DECIDING
from receipt_screen.records import Page
from samples.render.labels import FieldLabel, Label

LEARNED = ("amount", "date", "time", "merchant", "business_number", "approval_number", "card")
"""The fields whose choice is learned."""


@dataclass(frozen=True)
class Case:
    """One field of one picture."""

    picture: str
    family: str
    shop: str
    candidates: tuple[Candidate[Any], ...]
    right: tuple[bool, ...]
    """Whether the candidate has the value that is printed."""
    wanted: tuple[bool, ...]
    """Whether it is the one to choose: right, or at least standing where the value is printed."""
    clear: float
    printed: bool
    """Whether the value is printed and to be seen."""
    near: tuple[bool, ...] = ()
    """Whether one misread digit makes it wrong."""
    trap: bool = False
    """Whether the value was printed so that no check on it holds."""


def cases_of(samples: Iterable[tuple[Label, Reading]]) -> dict[str, list[Case]]:
    """The cases of all fields, by field."""
    cases: dict[str, list[Case]] = {name: [] for name in LEARNED}
    for label, reading in samples:
        for name, case in _of_picture(label, reading):
            cases[name].append(case)
    return cases


def _of_picture(label: Label, reading: Reading) -> Iterator[tuple[str, Case]]:
    to_photo = _to_photo(reading)
    own = _receipt_of(label, reading, to_photo)
    codes = reading.codes
    found = candidates_on(LabelledPage.of(own, codes), _date(own, codes))
    clear = ranking_for(own, "rules").clear
    for name in LEARNED:
        field = label.fields[name]
        right = tuple(is_right(name, each.value, field) for each in found[name])
        there = tuple(_stands_there(each, field, to_photo) for each in found[name])
        yield (
            name,
            Case(
                picture=label.id,
                family=label.family,
                shop=label.shop,
                candidates=tuple(found[name]),
                right=right,
                wanted=right if any(right) else there,
                near=tuple(is_near(name, each.value, field) for each in found[name]),
                clear=clear,
                printed=field.value is not None and field.visible,
                trap=name == "business_number" and "invalid_business_number" in label.traps,
            ),
        )


def _receipt_of(label: Label, reading: Reading, to_photo: Transform | None) -> Page:
    """Of several receipts in a photo the one that the label is about: another one's values are no
    errors of choosing.
    """
    receipts = split_papers(reading.page)
    if len(receipts) == 1 or to_photo is None:
        return receipts[0]
    places = [line.quad for line in label.lines if line.paper == 0 and line.visible]

    def lines_on_it(receipt: Page) -> int:
        centers = [to_photo.quad(line.quad).center for line in receipt.lines]
        return sum(any(_holds(place, x, y) for place in places) for x, y in centers)

    return max(receipts, key=lines_on_it)


def _date(page: Page, codes: tuple[str, ...]) -> dt.date | None:
    return find_fields(page, codes=codes, by="rules").date.value


def is_right(name: str, value: object, field: FieldLabel) -> bool:
    """Whether a value is the printed one."""
    if field.value is None:
        return False
    printed, found = str(field.value), str(value)
    if name == "card":
        printed, found = printed[-4:], found[-4:]
    return judge(name, found, (printed,)) == "right"


def is_near(name: str, value: object, field: FieldLabel) -> bool:
    """Whether a value is the printed one but for one misread digit; of amounts and dates."""
    if field.value is None or name not in DECIDING:
        return False
    if name == "amount":
        return int(field.value) in misreadings(int(str(value)))
    day = dt.date.fromisoformat(str(value))
    return dt.date.fromisoformat(str(field.value)) in misread_days(day)


def _to_photo(reading: Reading) -> Transform | None:
    """From the paper to the photo, by the lines that stand in both."""
    paper = [quad.quad.array for quad in reading.page.lines]
    photo = [quad.quad.array for quad in reading.findings.page.lines]
    if not paper:
        return None
    matrix, _ = cv2.findHomography(np.concatenate(paper), np.concatenate(photo))
    return None if matrix is None else Transform.from_array(matrix)


def _stands_there(candidate: Candidate[Any], field: FieldLabel, to_photo: Transform | None) -> bool:
    """Whether a candidate stands where the picture prints the value."""
    if to_photo is None or field.quad is None or not field.visible:
        return False
    x, y = to_photo.quad(candidate.evidence.quad).center
    return any(_holds(quad, x, y) for quad in (field.quad, *field.also))


def _holds(quad: Quad, x: float, y: float) -> bool:
    corners = quad.array.astype(np.float32)
    return cv2.pointPolygonTest(corners, (x, y), measureDist=True) > -0.4 * quad.height
