"""To whom it was paid: every text that may be the shop's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from receipt_screen.fields.business_number import find_business_numbers
from receipt_screen.fields.head import head_candidates
from receipt_screen.fields.labels import Label
from receipt_screen.fields.messages import shops_said
from receipt_screen.fields.names import (
    clean_name,
    could_be_name,
    down_to_ending,
    name_in,
    names,
)
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.parties import is_buyers, is_handlers, is_sellers
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.shops import ends_name, in_two_rows, name_candidate, name_features
from receipt_screen.fields.spelling import is_same_name
from receipt_screen.fields.vocabulary import LabelKind

SURER = 0.03
"""The name that was read surer by so much tells how it is spelled."""
_GREETINGS = (
    re.compile(r"(?P<name>\S.*?)[을를]\s?(?:찾아|이용해|방문해|애용해)\s?주"),
    re.compile(r"(?:어서\s?오세요|안녕하세요|반갑습니다)\W*(?P<name>\S.*?)입니다"),
)
"""Sentences that thank for a visit to the shop, or bid welcome to it."""


def merchant_candidates(page: LabelledPage) -> list[Candidate[str]]:
    """Every text that may be the shop's name."""
    candidates = [
        *_labelled(page),
        *head_candidates(page),
        *_in_message(page),
        *_behind_number(page),
        *_in_greeting(page),
    ]
    return [_best_spelled(candidate, candidates) for candidate in candidates]


def _best_spelled(candidate: Candidate[str], candidates: list[Candidate[str]]) -> Candidate[str]:
    """A name as it stands where it was read surest: signs are set in letters that nobody reads."""
    best = max(
        (other for other in candidates if is_same_name(other.value, candidate.value)),
        key=lambda other: other.evidence.confidence,
    )
    if best.evidence.confidence < candidate.evidence.confidence + SURER:
        return candidate
    return replace(candidate, value=best.value, evidence=best.evidence)


# ── on labels ────────────────────────────────────────────────────────────────────────────────


def _labelled(page: LabelledPage) -> Iterator[Candidate[str]]:
    for row, label in page.labels(LabelKind.MERCHANT):
        place = None if ends_name(page, row, label) else _value(page, row, label)
        if place is None:
            continue
        name = name_in(page.text(place))
        if not could_be_name(name) or is_handlers(page, place):
            continue
        features = {
            "labelled": 1.0,
            "misread": 1.0 - label.score,
            "below": float(place.row != row),
            "short_label": float(label.word in names().short_labels),
            "seller": float(is_sellers(label.word)),
            "buyer": float(is_buyers(page, page.trimmed(place, name))),
            **name_features(page, row, name),
        }
        candidate = name_candidate(page, place, name, label.word, features)
        rest = _rest_of_name(page, page.trimmed(place, name)) if place.row == row else None
        yield candidate if rest is None else in_two_rows(candidate, rest, features)


def _rest_of_name(page: LabelledPage, place: Place) -> Candidate[str] | None:
    """What a name that is too long for its column goes on with in the row below."""
    row = place.row + 1
    if row >= len(page.rows) or len(page.rows[row].row.cells) > 1:
        return None
    if any(not ends_name(page, row, label) for label in page.rows[row].labels):
        return None
    text = page.text(page.whole(row)).strip()
    features = name_features(page, row, text)
    is_of_name = clean_name(text) == name_in(text) == text and could_be_name(text)
    if not is_of_name or any(features[name] for name in _NOT_THE_REST):
        return None
    above, below = page.evidence(place).quad.box, page.rows[row].row.quad.box
    set_below = min(abs(below.left - above.left), abs(below.right - above.right))
    if set_below > page.line_height or below.top - above.bottom > page.line_height:
        return None
    return name_candidate(page, page.whole(row), text, None, features)


_NOT_THE_REST = ("not_the_shop", "title", "sentence", "label_word", "address", "person")
"""Features that the second half of a name can't have."""


def _value(page: LabelledPage, row: int, label: Label) -> Place | None:
    """Where a label's name stands: beside it or, if nothing does, below."""
    beside = _beside(page, row, label)
    return beside if clean_name(page.text(beside)) else page.below(row, label)


def _beside(page: LabelledPage, row: int, label: Label) -> Place:
    """What stands behind a label, with the word that ends a name though it is a label elsewhere."""
    following = [other for other in page.rows[row].labels if other.start >= label.end]
    if following and ends_name(page, row, following[0]):
        return Place(row, label.end, following[0].end)
    return page.beside(row, label)


# ── without labels ───────────────────────────────────────────────────────────────────────────


def _in_message(page: LabelledPage) -> Iterator[Candidate[str]]:
    """A name to which a message says that a sum was paid, as it stands there."""
    for place in shops_said(page):
        text = name_in(page.text(place))
        features = {"said": 1.0, "unlabelled": 1.0, **name_features(page, place.row, text)}
        yield Candidate(text, page.evidence(page.trimmed(place, text)), None, features)


def _behind_number(page: LabelledPage) -> Iterator[Candidate[str]]:
    """A name that follows the business number in its row, down to the word that ends it."""
    for index, row in enumerate(page.rows):
        for number in find_business_numbers(row.row.text)[:1]:
            place = Place(index, number.end, len(row.row.text))
            yield from _ended(page, place, {"beside_number": 1.0})


def _in_greeting(page: LabelledPage) -> Iterator[Candidate[str]]:
    """A name that a sentence thanks for a visit to or bids welcome to."""
    for index, row in enumerate(page.rows):
        for greeting in _GREETINGS:
            if match := greeting.search(row.row.text):
                yield from _ended(page, Place(index, match.start("name"), match.end("name")), {})


def _ended(page: LabelledPage, place: Place, signs: dict[str, float]) -> Iterator[Candidate[str]]:
    """The name that the first words of a place are, down to the word that ends it."""
    name = down_to_ending(page.text(place))
    if name is not None:
        features = {**signs, "unlabelled": 1.0, **name_features(page, place.row, name)}
        yield name_candidate(page, place, name, None, features)
