"""From a sheet and the way it was pictured to what the label says."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from receipt_screen.geometry import Box, Quad
from receipt_screen.records import DocumentKind, MarkKind, Verdict
from samples.render.labels import FIELD_NAMES, Expected, FieldLabel, LineLabel
from samples.render.receipt import Receipt
from samples.render.tables import campaign
from samples.render.typesetting import Run, Sheet

QuadMap = Callable[[Quad], Quad]


@dataclass(frozen=True)
class View:
    """How a sheet is seen: where its quads lie in the picture, and what hides them."""

    to_picture: QuadMap
    width: int
    height: int
    occluders: tuple[Quad, ...] = ()

    def shows(self, quad: Quad) -> bool:
        """Whether a quad of the picture is inside it and not covered."""
        box = quad.box
        inside = box.left > -2 and box.top > -2
        inside = inside and box.right < self.width + 2 and box.bottom < self.height + 2
        return inside and not any(_covers(cover, quad) for cover in self.occluders)


def _covers(cover: Quad, quad: Quad) -> bool:
    outline = np.float32(cover.points)
    corners = (*quad.points, quad.center)
    return any(cv2.pointPolygonTest(outline, corner, measureDist=False) > 0 for corner in corners)


def run_quad(run: Run, start: int = 0, end: int | None = None) -> Quad:
    """The quad of some of a run's characters on the sheet, in dots, without outer spaces."""
    end = len(run.text) if end is None else end
    text = run.text[start:end]
    start, end = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
    box = Box(run.edges[start], run.top, run.edges[max(start, end)], run.top + run.height)
    return Quad.from_box(box)


def label_lines(sheet: Sheet, view: View) -> tuple[LineLabel, ...]:
    """Every line with its text and place in the picture, top to bottom as printed."""
    runs = [(_folded(run.text), run_quad(run), _main_field(run)) for run in sheet.runs]
    signs = [
        (drawing.text, _drawing_quad(drawing.left, drawing.top, drawing.ink.shape), "merchant")
        for drawing in sheet.drawings
        if drawing.text
    ]
    placed = [(text, view.to_picture(quad), name) for text, quad, name in signs + runs if text]
    return tuple(
        LineLabel(text=text, quad=rounded(quad), field=name, visible=view.shows(quad))
        for text, quad, name in placed
    )


def _drawing_quad(left: int, top: int, shape: tuple[int, ...]) -> Quad:
    return Quad.from_box(Box(left, top, left + shape[1], top + shape[0]))


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _main_field(run: Run) -> str | None:
    return run.spans[0].field if run.spans else None


def rounded(quad: Quad) -> Quad:
    """To tenths of a pixel, as labels are written."""
    return Quad.from_array(np.round(quad.array, 1))


# ── fields ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Printed:
    """One place that prints a field's value."""

    rank: int
    text: str
    quad: Quad


def printed_places(sheet: Sheet) -> dict[str, list[Printed]]:
    """All places of each field, wrapped values joined."""
    places: dict[str, list[Printed]] = defaultdict(list)
    for run in sheet.runs:
        for span in run.spans:
            quad = run_quad(run, span.start, span.end)
            piece = Printed(span.rank, run.text[span.start : span.end], quad)
            found = places[span.field]
            if run.wrapped and span.start == 0 and found:
                found[-1] = _joined(found[-1], piece)
            else:
                found.append(piece)
    return places


def _joined(first: Printed, second: Printed) -> Printed:
    return Printed(first.rank, first.text + second.text, Quad.hull((first.quad, second.quad)))


def label_fields(receipt: Receipt, sheet: Sheet, view: View) -> dict[str, FieldLabel]:
    """Each field's value and its best place; None for those that are not printed."""
    printed = printed_places(sheet)
    return {name: _label_field(receipt, name, printed.get(name, []), view) for name in FIELD_NAMES}


def _label_field(receipt: Receipt, name: str, places: list[Printed], view: View) -> FieldLabel:
    if not places:
        return FieldLabel()
    ranked = sorted(places, key=lambda place: place.rank)
    quads = [rounded(view.to_picture(place.quad)) for place in ranked]
    seen = [view.shows(quad) for quad in quads]
    best = seen.index(True) if any(seen) else 0
    return FieldLabel(
        value=_value(receipt, name, ranked[best].text),
        text=_folded(ranked[best].text),
        quad=quads[best],
        also=tuple(quad for place, quad in enumerate(quads) if place != best),
        visible=any(seen),
    )


def _value(receipt: Receipt, name: str, text: str) -> int | str | None:
    purchase = receipt.purchase
    values: dict[str, Callable[[], int | str | None]] = {
        "amount": lambda: purchase.charged,
        "date": lambda: purchase.when.date().isoformat(),
        "time": lambda: _time(purchase.when, text),
        "merchant": lambda: _folded(text),
        "business_number": lambda: receipt.business_number,
        "approval_number": lambda: re.sub(r"\D", "", text),
        "card": lambda: purchase.card.number[-4:],
        "phone": lambda: receipt.shop.phone,
        "address": lambda: _folded(text),
    }
    return values[name]()


def _time(when: dt.datetime, text: str) -> str:
    """As far as it is printed."""
    has_seconds = text.count(":") == 2 or len(re.sub(r"\D", "", text)) >= 6
    return f"{when:%H:%M:%S}" if has_seconds else f"{when:%H:%M}"


# ── what the campaign would say ──────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Said:
    """What a picture says, as far as it can be seen."""

    kind: DocumentKind
    marks: frozenset[MarkKind]
    fields: dict[str, FieldLabel]
    several: bool = False
    """More than one receipt is in the picture."""


def expected(said: Said, traps: frozenset[str]) -> Expected:
    """The verdict under samples/campaigns/jeonbuk-2025.toml, for this image alone."""
    day = _day(said.fields["date"])
    inside, entry_round = _round(day)
    rules = [*_unreadable(said), *_broken(said, traps), (inside is False, _OUT, "outside_campaign"),
             (entry_round is None, Verdict.REVIEW, "in_campaign_but_in_no_round"),
             (True, Verdict.ELIGIBLE, "minimum_and_period_met")]  # fmt: skip
    verdict, reason = next((verdict, reason) for applies, verdict, reason in rules if applies)
    return Expected(verdict=verdict, reason=reason, round=entry_round, in_campaign=inside)


_OUT = Verdict.INELIGIBLE
Rule = tuple[bool, Verdict, str]


def _day(date: FieldLabel) -> dt.date | None:
    return dt.date.fromisoformat(str(date.value)) if date.value and date.visible else None


def _unreadable(said: Said) -> list[Rule]:
    """What no rule can be applied to."""
    amount, review = said.fields["amount"], Verdict.REVIEW
    return [
        (said.several, review, "several_receipts"),
        (MarkKind.CANCELLATION in said.marks, _OUT, "cancellation"),
        (amount.value is None or not amount.visible, review, "amount_not_visible"),
        (_day(said.fields["date"]) is None, review, "date_not_visible"),
    ]


def _broken(said: Said, traps: frozenset[str]) -> list[Rule]:
    """Rules of the campaign that are broken."""
    amount, review = said.fields["amount"].value, Verdict.REVIEW
    minimum = campaign()["amount"]["minimum"]
    number = "invalid_business_number" in traps
    return [
        (isinstance(amount, int) and amount < minimum, _OUT, "below_minimum"),
        (MarkKind.UNPAID in said.marks, review, "unpaid"),
        (number, review, "business_number_fails_its_check_digit"),
    ]


def _round(day: dt.date | None) -> tuple[bool | None, str | None]:
    if day is None:
        return None, None
    inside = any(_within(day, period) for period in campaign()["periods"])
    rounds = [each["name"] for each in campaign()["rounds"] if _within(day, each)]
    return inside, rounds[0] if rounds else None


def _within(day: dt.date, period: dict[str, dt.date]) -> bool:
    return period["first"] <= day <= period["last"]
