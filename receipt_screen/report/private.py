"""What is private on a page, and where it stands.

Found by the words before it and by its own form (`forms`): card numbers except for the last four
digits, the card's expiry, phone numbers, names of persons, membership and account numbers, and
signatures. Where a label was read and its value wasn't, the room of the value is private.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np

from receipt_screen.fields.labels import Label, LabelledRow
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.rows import Row, piece_quad
from receipt_screen.fields.vocabulary import LabelKind
from receipt_screen.geometry import Box, Quad
from receipt_screen.records import Line, Page
from receipt_screen.report.forms import (
    Private,
    Span,
    by_form,
    has_broken_phone,
    is_phone_rest,
    is_stamp,
    labelled_number,
)

PADDING = 0.18
"""Of a line's height, added around what is hidden: a quad may be tight, a letter stick out."""
REACH = 3
"""Rows below a broken number in which its rest may stand, where the paper lies askew."""
_ROOMS = {Private.NAME: 4.5, Private.PHONE: 7.0, Private.NUMBER: 9.0}
"""How far behind its label a value reaches, in heights of the label: so much is hidden there
even where less, or nothing, was read."""
LINE = 0.9
"""Room of this height, in heights of a line, may hold a line that wasn't read."""
_SHOP = (LabelKind.OWNER, LabelKind.PHONE, LabelKind.BUSINESS_NUMBER, LabelKind.ADDRESS)
_PERSONS = frozenset({LabelKind.OWNER, LabelKind.CUSTOMER, LabelKind.CLERK})


@dataclass(frozen=True)
class Hidden:
    """One place that is hidden."""

    kind: Private
    quad: Quad
    certain: bool = False
    """It is no field that a reviewer decides on, whatever a field claims."""


def private_places(page: Page) -> tuple[Hidden, ...]:
    """Everything private on an upright page, in the page's frame."""
    labelled = LabelledPage.of(page)
    hidden = [
        Hidden(span.kind, quad, span.certain) for span in _spans(labelled) for quad in _quads(span)
    ]
    return (
        *hidden,
        *_rooms(labelled),
        *_lost_rests(labelled),
        *_unread_lines(labelled),
        *_signatures(labelled),
    )


def _spans(page: LabelledPage) -> Iterator[Span]:
    for index, labelled in enumerate(page.rows):
        row = labelled.row
        yield from by_form(row)
        yield from _continued(page, index)
        yield from _beside_shop(labelled)
        for kind, label in _private_labels(labelled):
            yield from _behind(page, index, label, kind)


def _private_labels(labelled: LabelledRow) -> Iterator[tuple[Private, Label]]:
    for label in labelled.labels:
        kind = _kind_of(label)
        if kind is not None:
            yield kind, label
    for kind, start, end in _words(labelled.row.text):
        yield kind, Label("", frozenset(), start, end, 1.0)


def _kind_of(label: Label) -> Private | None:
    if label.is_any(_PERSONS):
        return Private.NAME
    if label.is_any(frozenset({LabelKind.PHONE})) and len(label.word) > 1:
        return Private.PHONE
    if label.is_any(frozenset({LabelKind.CARD})) and len(label.word) > 2:
        return Private.NUMBER
    return None


def _words(text: str) -> Iterator[tuple[Private, int, int]]:
    """The words of `private.toml` in a row's text, letter-spaced or not."""
    for kind, pattern in _patterns():
        for match in pattern.finditer(text):
            yield kind, match.start(), match.end()


@cache
def _tables() -> dict[str, list[str]]:
    source = files("receipt_screen.report") / "private.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def _patterns() -> tuple[tuple[Private, re.Pattern[str]], ...]:
    kinds = (Private.NAME, Private.NUMBER, Private.EXPIRY)
    return tuple((kind, _any_of(_tables()[kind.value])) for kind in kinds)


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    spaced = (r"\s{0,2}".join(map(re.escape, word)) for word in sorted(words, key=len)[::-1])
    return re.compile("|".join(spaced), re.IGNORECASE)


def _behind(page: LabelledPage, index: int, label: Label, kind: Private) -> Iterator[Span]:
    """The value of a label: beside it, or below where nothing stands beside."""
    place = page.beside(index, label)
    if not re.search(r"\w", page.text(place)):
        below = page.below(index, label)
        if below is None:
            return
        place = below
    row, text = page.rows[place.row].row, page.text(place)
    trimmed = re.search(r"[^\s:：)\]}>.,].*", text)
    if trimmed is None:
        return
    start, end = place.start + trimmed.start(), place.start + len(text.rstrip())
    yield from _value(row, start, end, kind)


def _value(row: Row, start: int, end: int, kind: Private) -> Iterator[Span]:
    text = row.text[start:end]
    digits = len(re.findall(r"[0-9*]", text))
    if kind is Private.NUMBER and digits >= 4:
        yield labelled_number(row, start, end)
    elif kind in (Private.NAME, Private.EXPIRY) or (kind is Private.PHONE and digits):
        yield Span(row, start, end, kind)


def _beside_shop(labelled: LabelledRow) -> Iterator[Span]:
    """A short last cell behind the shop's name: a form's owner whose label was lost."""
    cell, start, end = labelled.row.spans[-1]
    behind = labelled.has(LabelKind.MERCHANT) and len(labelled.row.cells) > 2
    if behind and re.fullmatch(r"[가-힣]{2,4}[^가-힣]{0,2}", cell.text):
        yield Span(labelled.row, start, end, Private.NAME, certain=True)


def _continued(page: LabelledPage, index: int) -> Iterator[Span]:
    """The rest of a phone number that its paper broke over two lines."""
    above = _broken(page.rows[index].row)
    if above is None:
        return
    for labelled in page.rows[index + 1 : index + 1 + REACH]:
        for cell, start, end in labelled.row.spans:
            if _starts_below(cell.quad.box, above) and is_phone_rest(cell.text):
                yield Span(labelled.row, start, end, Private.PHONE)


def _broken(row: Row) -> Box | None:
    """The beginning of a row that holds a broken phone number."""
    return row.cells[0].quad.box if has_broken_phone(row) else None


def _starts_below(box: Box, above: Box) -> bool:
    reach = 2 * above.height
    return abs(box.left - above.left) < reach and box.top - above.bottom < reach


def _quads(span: Span) -> Iterator[Quad]:
    spans = span.row.spans
    for cell, first, last in spans:
        start, end = max(span.start, first) - first, min(span.end, last) - first
        if start < end:
            yield _padded(cell, start, end)
    for (cell, _, last), (following, first, _) in pairwise(spans):
        if span.start < last and span.end >= first:  # what was lost in between
            yield _gap(cell.quad, following.quad)


def _gap(left: Quad, right: Quad) -> Quad:
    _, top_left, bottom_left, _ = left.array
    top_right, _, _, bottom_right = right.array
    return Quad.from_array([top_left, top_right, bottom_right, bottom_left])


def _padded(cell: Line, start: int, end: int) -> Quad:
    """The quad of a piece of a cell, a little larger."""
    quad = piece_quad(cell, start, end) if end - start < len(cell.text) else cell.quad
    return quad.grown(PADDING * cell.quad.height)


def _unit(
    vector: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(vector / max(1e-9, float(np.hypot(*vector))))


# ── what wasn't read ─────────────────────────────────────────────────────────────────────────


def _rooms(page: LabelledPage) -> Iterator[Hidden]:
    """The room of a label's value, as long as it may be."""
    for index, labelled in enumerate(page.rows):
        for kind, label in _private_labels(labelled):
            # A word that only resembles one may stand before anything.
            if kind is Private.NUMBER and (label.score < 1 or _is_whole(page, index, label)):
                continue
            word = labelled.row.evidence(label.start, label.end).quad
            if re.search(r"\w", _behind_labels(labelled, label)):
                yield Hidden(kind, _right_of(word, _ROOMS.get(kind, 0) * word.height))
            elif kind is Private.NUMBER:
                yield Hidden(kind, _below(word, _column(labelled, label)))


def _is_whole(page: LabelledPage, index: int, label: Label) -> bool:
    """Whether a number was read to its end beside or below its label."""
    places = (page.beside(index, label), page.below(index, label))
    return any(re.search(r"\d{3}\S?\s*$", page.text(place)) for place in places if place)


def _behind_labels(labelled: LabelledRow, label: Label) -> str:
    """What stands right of a label and is no label itself: nothing in the head of a table."""
    text, start = "", label.end
    for other in labelled.labels:
        if other.start >= start:
            text, start = text + labelled.row.text[start : other.start], other.end
    return text + labelled.row.text[start:]


def _column(labelled: LabelledRow, label: Label) -> float:
    """Where the next label of a table's head begins; without one a number's length away."""
    word = labelled.row.evidence(label.start, label.end).quad.box
    right = word.left + _ROOMS[Private.NUMBER] * word.height
    following = [other for other in labelled.labels if other.start >= label.end]
    boxes = [labelled.row.evidence(other.start, other.end).quad.box for other in following]
    return min([right, *(box.left for box in boxes)])


def _below(word: Quad, right: float) -> Quad:
    """The line below a word, as far as a column reaches."""
    box = word.box
    top = box.bottom + PADDING * word.height
    return Quad.from_box(Box(box.left - box.height, top, right, top + 1.8 * word.height))


def _unread_lines(page: LabelledPage) -> Iterator[Hidden]:
    """Room for a line among those that name the shop: one that nobody read, if it isn't blank."""
    least = LINE * page.line_height
    for above, below in pairwise(page.rows):
        if above.has(*_SHOP) and below.has(*_SHOP):
            one, other = above.row.quad.box, below.row.quad.box
            if least < other.top - one.bottom < 4 * least:
                left, right = min(one.left, other.left), max(one.right, other.right)
                yield Hidden(Private.PHONE, Quad.from_box(Box(left, one.bottom, right, other.top)))


def _lost_rests(page: LabelledPage) -> Iterator[Hidden]:
    """Where the rest of a broken phone number begins, if nobody read it."""
    for index, labelled in enumerate(page.rows):
        above = _broken(labelled.row)
        if above is not None and not any(_continued(page, index)):
            left, top, height = above.left, above.bottom, above.height
            room = Box(left - height / 2, top - height / 4, left + 2.5 * height, top + 1.6 * height)
            yield Hidden(Private.PHONE, Quad.from_box(room))


def _right_of(word: Quad, length: float) -> Quad:
    top_left, top_right, bottom_right, bottom_left = word.array
    along = _unit(top_right - top_left) * length
    pad = _unit(bottom_left - top_left) * PADDING * word.height
    return Quad.from_array(
        [top_right - pad, top_right + along - pad, bottom_right + along + pad, bottom_right + pad]
    )


# ── signatures ───────────────────────────────────────────────────────────────────────────────


def _signatures(page: LabelledPage) -> Iterator[Hidden]:
    """The room beside and below the word for a signature, up to the next line of text."""
    signed, unsigned = _any_of(_tables()["signature"]), _any_of(_tables()["unsigned"])
    boxes = [row.row.quad.box for row in page.rows]
    right = max((box.right for box in boxes), default=0.0)
    for index, labelled in enumerate(page.rows):
        match = signed.search(labelled.row.text)
        if match is None or unsigned.search(labelled.row.text):
            continue
        word = labelled.row.evidence(match.start(), match.end()).quad.box
        below = [box.top for box in boxes[index + 1 :] if box.top > word.bottom]
        bottom = min([*below, word.bottom + 4 * word.height])
        beside = Box(word.right, word.top - word.height / 2, right, word.bottom + word.height / 4)
        yield Hidden(Private.SIGNATURE, Quad.from_box(beside))
        if bottom - word.bottom > word.height:
            room = Box(boxes[index].left, word.bottom, right, bottom)
            yield Hidden(Private.SIGNATURE, Quad.from_box(room))


# ── in words ─────────────────────────────────────────────────────────────────────────────────

_TELLING = re.compile(
    r"(?<!\d)0\d{1,2}[-.)\s]{1,2}[\d*]{3,4}[-.\s][\d*]{4}(?!\d)|(?<!\d)01\d{8,9}(?!\d)|\d[\d*\s-]{10,22}(?=\d{4}\b)"
)


def discreet(text: str) -> str:
    """Text of a receipt without telephone numbers, and of long numbers the last four digits."""
    return _TELLING.sub(_dotted, text)


def _dotted(found: re.Match[str]) -> str:
    whole = found.string[found.start() : found.end() + 4]
    return found.group() if is_stamp(whole) else "•••"
