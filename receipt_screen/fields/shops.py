"""A shop's name on a page: where exactly it stands, and what speaks for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from statistics import fmean

from receipt_screen.fields.address import is_address
from receipt_screen.fields.labels import Label
from receipt_screen.fields.names import ends_as_shop, is_not_the_shop, is_sentence, is_title, names
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.rows import BETWEEN
from receipt_screen.fields.spelling import well_spelled
from receipt_screen.fields.vocabulary import match_word
from receipt_screen.geometry import Quad

MOSTLY = 0.4
"""So many of the rows hold Hangul on a Korean receipt."""
LEGIBLE = 0.6
"""A name read less surely than this hardly is one: handwriting is read better."""
_SET_OFF = re.compile(r"[\s\[\]<>()*.,:]")
"""Spaces and signs that set a name off, which differ where it is repeated."""


def name_candidate(
    page: LabelledPage, place: Place, name: str, label: str | None, features: Mapping[str, float]
) -> Candidate[str]:
    """A name that stands somewhere in a place, as sure as its characters are on the whole."""
    own = page.trimmed(place, name)
    characters = page.rows[own.row].row.characters(own.start, own.end)
    sure = fmean(each.confidence for each in characters)
    return Candidate(
        well_spelled(name, characters),
        replace(page.evidence(own), confidence=sure),
        label,
        {**features, "illegible": max(0.0, 1.0 - sure / LEGIBLE)},
    )


def in_two_rows(
    one: Candidate[str], other: Candidate[str], features: Mapping[str, float]
) -> Candidate[str]:
    """A name that begins in one row and ends in another."""
    first, second = one.evidence, other.evidence
    evidence = replace(
        second,
        text=f"{first.text} {second.text}",
        quad=Quad.hull((first.quad, second.quad)),
        confidence=min(first.confidence, second.confidence),
        weakest=min(first.weakest, second.weakest),
        readings=tuple(map(" ".join, zip(first.readings, second.readings, strict=False))),
    )
    return Candidate(f"{one.value} {other.value}", evidence, one.label, features)


def name_features(page: LabelledPage, row: int, text: str) -> dict[str, float]:
    """What speaks for and against a text as the shop's name."""
    squeezed = _SET_OFF.sub("", text)
    repeats = sum(
        squeezed in _SET_OFF.sub("", other.row.text)
        for index, other in enumerate(page.rows)
        if index != row
    )
    return {
        "not_the_shop": float(is_not_the_shop(squeezed)),
        "title": float(is_title(squeezed)),
        "sentence": float(is_sentence(text)),
        "label_word": float(match_word(squeezed.upper()) is not None),
        "company": float(any(sign in text for sign in names().company_signs)),
        "shop_ending": float(squeezed.endswith(names().shop_endings)),
        "address": float(is_address(text) and not _is_named_after_a_place(text)),
        "repeats": float(min(repeats, 2)),
        "no_hangul": float(not re.search("[가-힣]", text) and _is_korean(page)),
        "short": float(len(squeezed) <= 2),
        "person": float(re.fullmatch(r"[가-힣]{2,4}", squeezed) is not None),
    }


def _is_named_after_a_place(text: str) -> bool:
    """Whether a name begins like an address: 전주시 한들동 주민센터."""
    return ends_as_shop(text) and not any(sign.isdigit() for sign in text)


def _is_korean(page: LabelledPage) -> bool:
    """Whether so many rows hold Hangul that a name without any would be odd."""
    rows = [re.search("[가-힣]", row.row.text) is not None for row in page.rows]
    return sum(rows) >= MOSTLY * len(rows)


def ends_name(page: LabelledPage, row: int, label: Label) -> bool:
    """Whether a label is the last word of a name: 들꽃슈퍼 본점, 이마트24 본점."""
    text = page.rows[row].row.text
    behind = any(sign.isalnum() for sign in text[label.end :].split(BETWEEN)[0])
    before = re.search(r"[^\W\d_]\d*\s?$", text[: label.start]) is not None
    return before and not behind and label.word in names().shop_endings
