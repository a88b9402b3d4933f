"""What is private on a receipt, where it stands, and hiding it in the pixels.

Hidden are card numbers except for the last four digits, the card's expiry, phone numbers, names
of persons, membership and account numbers, and signatures: found by the words before them and
by their own form. A long number that no field claims is hidden too, because nobody needs it and
it may be a card whose label was misread. The fields a reviewer decides on are kept.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import chain

import cv2
import numpy as np

from receipt_screen.fields.labels import Label, LabelKind, LabelledRow
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.rows import Row, piece_quad
from receipt_screen.geometry import Box, Quad, Transform
from receipt_screen.records import Fields, Findings, Line, Outcome, Page, Pixels

COVER = (72, 62, 56)
"""The colour of what is hidden, blue-green-red: dark, and like no ink or paper."""
PADDING = 0.18
"""Of a line's height, added around what is hidden: a quad may be tight, a letter stick out."""
KEPT = ("amount", "date", "time", "merchant", "business_number", "approval_number")
"""Fields that a reviewer decides on."""
SURE = 0.5
"""A field of at least this confidence keeps its place visible."""
UNSURE_LINE = 0.5
"""A line read less surely than this hides its numbers: nobody knows what they are."""
UNSURE_PAGE = 0.85
"""A page read less surely than this, by its mean letter, may have secrets that weren't found."""
REACH = 3
"""Rows below a broken number in which its rest may stand, where the paper lies askew."""
VEIL = 48
"""The longer side in pixels to which a picture is reduced whose text could not be read."""


class Private(StrEnum):
    """Why something is hidden."""

    CARD = "card"
    EXPIRY = "expiry"
    PHONE = "phone"
    NAME = "name"
    NUMBER = "number"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Hidden:
    """One place that is hidden."""

    kind: Private
    quad: Quad
    certain: bool = False
    """It is no field that a reviewer decides on, whatever a field claims."""


# ── finding ──────────────────────────────────────────────────────────────────────────────────

_SIGN = r"[0-9OoIl*xX●○＊#•×]"
_LONG = re.compile(rf"(?<![0-9A-Za-z*,]){_SIGN}(?:\s?[-–—.~_]{{0,2}}\s?{_SIGN}){{10,27}}")
"""Eleven signs and more of a number, some of them masked or misread, with separators."""
_MASK = re.compile(r"[*●○＊#•×]|[xX]{2}")
_PHONE = re.compile(
    r"(?<![0-9*-])(?:\+?82[-.\s]?)?(?:"
    r"[0Oo](?:2|[3-6][1-5]|70|1[016-9]|50\d|80)[-).\s]{0,3}[0-9*]{3,4}[-.\s]{0,2}[0-9*]{4}"
    r"|(?:01[016-9]|02|0[3-6][1-5]|070)[-.)]\S{2,6}[-.][0-9]{4}|[0-9]{2,3}-[0-9*]{3,4}-[0-9]{4}"
    r"|1[5-9][0-9]{2}[-.\s]{1,2}[0-9]{4}|(?<=[^\s0-9])[-)]\s?[0-9*]{3,4}[-.][0-9*]{4})(?![0-9*])"
)
"""… also with a misread group, or only its last two."""
_STAMP = re.compile(r"20[0-3]\d\D{0,2}[01]\d\D{0,2}[0-3]\d|2\d[01]\d[0-3]\d[0-2]\d{4,7}$")
"""Numbers of this form are times."""
_BUSINESS = re.compile(r"\d{3}\s?-\s?\d{2}\s?-\s?\d{5}")
_OWNER = re.compile(r"(?<=[/|])\s*[가-힣]{2,4}\s*(?=[/|])|(?<=\d{5})\s*[가-힣]{2,4}(?=$|\s|/)")
"""A short word between strokes or right behind a number: the owner after the business number."""
_PERSON = re.compile(
    r"(?:[자명]\s{0,2}[:)\]]|(?:대\s{0,2}[가-힣]|[가-힣]\s{0,2}표)\s{0,2}자)\s*[가-힣]{2,4}(?=$|\s)"
)
"""What is left of 대표자 or 성명, and a name."""
_SEALED = re.compile(r"[가-힣]{2,4}\s{0,2}\(\s?인\s?\S?")
"""A name before the mark at which its owner puts a seal."""
_TAIL = re.compile(r"^[^\d,]{0,4}[\dOo]?[^\d,]{0,2}-\S{0,5}-[0-9*]{4}$")
"""A number that ends as a telephone's, after a word that may have been its label."""
_MASKED = re.compile(r"[0-9]{4,8}(?:[-\s]?[0-9]{2,4})?[-\s]?[*●○＊#•×]{2,}")
"""The beginning of a card whose end stands in another cell."""
_APPROVAL = re.compile(r"승\s?인[^0-9]{0,12}$")
_ADDRESSED = re.compile(r"[가-힣*○O]{2,4}\s?(?:귀하|고객님|님(?![가-힣]))")
_BROKEN_PHONE = re.compile(
    r"(?:(?<![\d,.*-])0(?:2|[3-6][1-5]|70|1[016-9])|(?:화|처|[Ll1])\s?[.)\]:]{0,2}\s?:?\s*\w{2,4})"
    r"\s?-\s?(?:\d{1,4}\s?-?\s?\d{0,3})?$"
)
_BROKEN_CARD = re.compile(r"[0-9OoIl]{4}.{4,}\d{4}$")
_PHONE_REST = re.compile(r"-?[\dlI|]{1,4}(?:-\d{1,4})?$")
_PHONE_END = re.compile(r"^\d{0,4}-\d{4}$")
"""A cell of its own that can only be the end of a broken number."""
_CARD_SIGNS = 12
_WHOLE_CARD = range(15, 20)
_DIGITS = re.compile(r"\d+")
_ROOMS = {Private.NAME: 4.5, Private.PHONE: 7.0}
"""How far behind its label a value reaches, in heights of the label: so much is hidden there
even where less, or nothing, was read."""
_PERSONS = frozenset({LabelKind.OWNER, LabelKind.CUSTOMER, LabelKind.CLERK})


@dataclass(frozen=True)
class _Span:
    """A piece of a row's text that is to be hidden."""

    row: Row
    start: int
    end: int
    kind: Private
    certain: bool = False

    def quads(self) -> Iterator[Quad]:
        for cell, first, last in self.row.spans:
            start, end = max(self.start, first) - first, min(self.end, last) - first
            if start < end:
                yield _padded(cell, start, end)


def private_places(page: Page) -> tuple[Hidden, ...]:
    """Everything private on an upright page, in the page's frame."""
    labelled = LabelledPage.of(page)
    hidden = [
        Hidden(span.kind, quad, span.certain) for span in _spans(labelled) for quad in span.quads()
    ]
    return (*hidden, *_rooms(labelled), *_signatures(labelled))


def _spans(page: LabelledPage) -> Iterator[_Span]:
    for index, labelled in enumerate(page.rows):
        row = labelled.row
        yield from _by_form(row)
        yield from _unsure(row)
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


def _behind(page: LabelledPage, index: int, label: Label, kind: Private) -> Iterator[_Span]:
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


def _value(row: Row, start: int, end: int, kind: Private) -> Iterator[_Span]:
    text = row.text[start:end]
    digits = len(re.findall(r"[0-9*]", text))
    if kind is Private.NUMBER and digits >= 4:
        forms = (_LONG.search(text), _BROKEN_CARD.search(text))
        card = max(filter(None, forms), key=lambda form: len(form.group()), default=None)
        if card:
            yield _card(row, start + card.start(), start + card.end())
        else:
            yield _Span(row, start, end, kind)
    elif kind in (Private.NAME, Private.EXPIRY) or (kind is Private.PHONE and digits):
        yield _Span(row, start, end, kind)


def _by_form(row: Row) -> Iterator[_Span]:
    """What gives itself away, whatever stands before it."""
    yield from _phones(row)
    yield from _long_numbers(row)
    yield from _persons(row)


def _phones(row: Row) -> Iterator[_Span]:
    for cell, start, end in row.spans:
        # What stands beside a phone number is its owner's name, or the words before the two.
        if any(form.search(cell.text) for form in (_BROKEN_PHONE, _PHONE, _TAIL, _PHONE_END)):
            yield _Span(row, start, end, Private.PHONE)
    for match in _PHONE.finditer(row.text):
        certain = re.search(r"[-.)]", match.group()) is not None
        yield _Span(row, match.start(), match.end(), Private.PHONE, certain)


def _long_numbers(row: Row) -> Iterator[_Span]:
    for match in _MASKED.finditer(row.text):
        yield _Span(row, match.start(), match.end(), Private.CARD, certain=True)
    for match in _LONG.finditer(row.text):
        if _may_be_card(match.group(), row.text[: match.start()]):
            yield _card(row, match.start(), match.end())


def _may_be_card(number: str, before: str) -> bool:
    masked = _MASK.search(number) is not None
    digits = len(re.findall(r"[0-9*●○＊#•×]", number))
    if _DIGITS.fullmatch(number):  # a time or a bar code, if it isn't as long as a card's number
        return digits in _WHOLE_CARD and not _APPROVAL.search(before)
    if digits < 8 or _STAMP.match(number) or _BUSINESS.fullmatch(number):
        return False
    return masked or (_signs(number) >= _CARD_SIGNS and not _APPROVAL.search(before))


def _persons(row: Row) -> Iterator[_Span]:
    text = row.text
    patterns = [_ADDRESSED, _PERSON, _SEALED]
    if _BUSINESS.search(text) or _PHONE.search(text) or re.search(r"\d{10}", text):
        patterns.append(_OWNER)
    for match in chain.from_iterable(pattern.finditer(text) for pattern in patterns):
        yield _Span(row, match.start(), match.end(), Private.NAME)


def _beside_shop(labelled: LabelledRow) -> Iterator[_Span]:
    """A short last cell behind the shop's name: a form's owner whose label was lost."""
    cell, start, end = labelled.row.spans[-1]
    behind = labelled.has(LabelKind.MERCHANT) and len(labelled.row.cells) > 2
    if behind and re.fullmatch(r"[가-힣]{2,4}", cell.text):
        yield _Span(labelled.row, start, end, Private.NAME, certain=True)


def _signs(text: str) -> int:
    return len(re.findall(_SIGN, text))


def _card(row: Row, start: int, end: int) -> _Span:
    """A card number without its last four signs."""
    tail, signs = end, 0
    while signs < 4 and tail > start:
        tail -= 1
        signs += re.match(_SIGN, row.text[tail]) is not None
    text = row.text[start:end]
    certain = _signs(text) in _WHOLE_CARD or _MASK.search(text) is not None
    return _Span(row, start, tail, Private.CARD, certain)


def _continued(page: LabelledPage, index: int) -> Iterator[_Span]:
    """The rest of a phone number that its paper broke over two lines."""
    first = page.rows[index].row.cells[0].quad.box
    if not any(_BROKEN_PHONE.search(cell.text) for cell in page.rows[index].row.cells):
        return
    for labelled in page.rows[index + 1 : index + 1 + REACH]:
        for cell, start, end in labelled.row.spans:
            box = cell.quad.box
            level = abs(box.left - first.left) < 2 * first.height
            if level and box.top - first.bottom < 2 * first.height and _PHONE_REST.match(cell.text):
                yield _Span(labelled.row, start, end, Private.PHONE)


def _unsure(row: Row) -> Iterator[_Span]:
    for cell, start, end in row.spans:
        if cell.confidence < UNSURE_LINE and len(re.findall(r"\d", cell.text)) >= 6:
            yield _Span(row, start, end, Private.NUMBER)


def _padded(cell: Line, start: int, end: int) -> Quad:
    """The quad of a piece of a cell, a little larger."""
    quad = piece_quad(cell, start, end) if end - start < len(cell.text) else cell.quad
    pad = PADDING * cell.quad.height
    top_left, top_right, bottom_right, bottom_left = quad.array
    along = _unit(top_right - top_left) * pad
    down = _unit(bottom_left - top_left) * pad
    return Quad.from_array(
        [
            top_left - along - down,
            top_right + along - down,
            bottom_right + along + down,
            bottom_left - along + down,
        ]
    )


def _unit(
    vector: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(vector / max(1e-9, float(np.hypot(*vector))))


# ── what wasn't read ─────────────────────────────────────────────────────────────────────────


def _rooms(page: LabelledPage) -> Iterator[Hidden]:
    """The room right of a label, as long as its value may be."""
    for labelled in page.rows:
        for kind, label in _private_labels(labelled):
            if kind in _ROOMS and not _is_followed(labelled, label):
                word = labelled.row.evidence(label.start, label.end).quad
                yield Hidden(kind, _right_of(word, _ROOMS[kind] * word.height))


def _is_followed(labelled: LabelledRow, label: Label) -> bool:
    """Whether the next thing in the row is another label: the value stands elsewhere then."""
    gap = (labelled.row.text[label.end : other.start] for other in labelled.labels)
    return any(piece and not re.search(r"\w", piece) for piece in gap)


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


# ── hiding ───────────────────────────────────────────────────────────────────────────────────


def redact(pixels: Pixels, to_pixels: Transform, findings: Findings) -> Pixels:
    """A copy of upright pixels without anything private.

    `to_pixels` leads from the full-size photo to the pixels. Of a page that could not be read
    surely nobody knows where its secrets are: see `is_veiled`.
    """
    if is_veiled(findings.page):
        return _veiled(pixels)
    lines = tuple(
        line.model_copy(update={"quad": to_pixels.quad(line.quad)}) for line in findings.page.lines
    )
    places = private_places(findings.page.model_copy(update={"lines": lines}))
    redacted = pixels.copy()
    _cover(redacted, [place.quad for place in places])
    _restore(redacted, pixels, [to_pixels.quad(quad) for quad in _kept(findings.fields)])
    _cover(redacted, [place.quad for place in places if place.certain])
    return redacted


def is_veiled(page: Page) -> bool:
    """Whether a page was read so badly that its whole picture is made illegible."""
    if page.outcome is not Outcome.READ:
        return True
    letters = sum(len(line.text) for line in page.lines)
    sure = sum(line.confidence * len(line.text) for line in page.lines)
    return sure < UNSURE_PAGE * letters


def _kept(fields: Fields) -> list[Quad]:
    """Where the fields stand that a reviewer decides on."""
    founds = [getattr(fields, name) for name in KEPT]
    return [found.quad for found in founds if found.quad and found.confidence >= SURE]


def _cover(pixels: Pixels, quads: Sequence[Quad]) -> None:
    for quad in quads:
        cv2.fillPoly(pixels, [_corners(quad)], COVER)


def _restore(pixels: Pixels, original: Pixels, quads: Sequence[Quad]) -> None:
    kept = np.zeros(pixels.shape[:2], np.uint8)
    for quad in quads:
        cv2.fillPoly(kept, [_corners(quad)], 1)
    pixels[kept > 0] = original[kept > 0]


def _corners(quad: Quad) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    return np.rint(quad.array).astype(np.int32)


def _veiled(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = VEIL / max(height, width)
    small = max(1, round(width * scale)), max(1, round(height * scale))
    reduced = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA)
    return np.asarray(
        cv2.resize(reduced, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8
    )
