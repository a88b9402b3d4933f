"""The approval number: under which number a payment was approved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from receipt_screen.fields.digits import DIGIT, LIKE_A_DATE, LOOK_ALIKES
from receipt_screen.fields.labels import Label
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.vocabulary import LabelKind, likeness

_APPROVAL = re.compile(
    rf"(?<![0-9A-Za-z*])(?:(?<=N0[:.])|(?<![0-9*][-:/,.])){DIGIT}{{6,17}}"
    r"(?![0-9*]|[-,.:/](?!\d\d(?![0-9*,.:/-]))[0-9*])"
)
"""Digits that are no part of a date, a time or a longer number; `N0:` before them is `No:`. The
months of an instalment plan may follow: 30012345/00."""


def approval_candidates(page: LabelledPage) -> list[Candidate[str]]:
    """Every number that hangs on 승인번호; usually 8 digits, 9 on cash receipts."""
    candidates = []
    for row, label in page.labels(LabelKind.APPROVAL):
        for place in page.values(row, label):
            found = [
                _approval(page, place, match, label, below=place.row != row)
                for match in _APPROVAL.finditer(page.text(place))
            ]
            if _OF_POINTS.search(page.rows[row].row.text[: label.start]):
                found = [_less_likely(candidate) for candidate in found]
            candidates += found
    return candidates + list(_guessed_approvals(page))


_OF_POINTS = re.compile(
    r"(?:포인트|캐쉬백|캐시백|멤버십|멤버쉽|적립|\b(?:KT|SKT|LGU?\+?))\s?(?:카드)?\W*$"
)
"""What a number of approval is of, if it isn't the payment's."""


def _less_likely(candidate: Candidate[str]) -> Candidate[str]:
    """A candidate as unlikely as the number of something else."""
    return replace(candidate, features={**candidate.features, "like_other": 1.0})


_SOME_NUMBER = re.compile(r"^\W*[가-힣 ]{1,6}(?:번호|변호|번오|빈호|호)\W+(?=\d)")
"""A label that ends like 번호 and is no label of the table: its beginning can't be read."""
_ANY_WORD = re.compile(r"^\W*[^\W\d]{1,6}(?:\s?[^\W\d]{1,4}){0,2}\W*(?=\d{8,13}\W*$)")
"""Some short word and a number, and nothing else in the row."""
_LONE_NUMBER = re.compile(r"^\W*(?=\d{8,9}\W*$)")
_OTHER_NUMBERS = frozenset(
    {LabelKind.OTHER_NUMBER, LabelKind.CARD, LabelKind.BUSINESS_NUMBER, LabelKind.PHONE}
)


def _guessed_approvals(page: LabelledPage) -> Iterator[Candidate[str]]:
    """Numbers behind words that are no labels, or behind none; how alike the words are counts."""
    for index, row in enumerate(page.rows):
        if any(label.score == 1.0 for label in row.labels):
            continue
        kind, start = _guess(row.row.text)
        if start is None:
            continue
        place = Place(index, start.end(), len(row.row.text))
        for match in _APPROVAL.finditer(page.text(place)):
            digits = match.group().translate(LOOK_ALIKES)
            exact = place.part(match.start(), match.end())
            features = {
                kind: 1.0,
                "like_approval": likeness(start.group(), frozenset({LabelKind.APPROVAL})),
                "like_other": likeness(start.group(), _OTHER_NUMBERS),
                **_approval_features(page, digits),
            }
            yield Candidate(digits, page.evidence(exact), None, features)


def _guess(text: str) -> tuple[str, re.Match[str] | None]:
    for kind, form in (("guessed", _SOME_NUMBER), ("lone", _LONE_NUMBER), ("worded", _ANY_WORD)):
        if (start := form.search(text)) is not None:
            return kind, start
    return "lone", None


def _approval_features(page: LabelledPage, digits: str) -> dict[str, float]:
    return {
        "usual_length": float(len(digits) in {8, 9}),
        "known_length": float(len(digits) in {10, 12, 13, 17}),
        "is_date": float(LIKE_A_DATE.fullmatch(digits) is not None),
        "in_code": float(page.in_code(digits)),
    }


_HEADINGS_TOO = frozenset({"승인", "신용승인", "카드승인"})
"""Labels that more often say what was done than under which number."""


def _approval(
    page: LabelledPage, place: Place, match: re.Match[str], label: Label, *, below: bool
) -> Candidate[str]:
    digits = match.group().translate(LOOK_ALIKES)
    exact = place.part(match.start(), match.end())
    features = {
        "labelled": label.score,
        "below": float(below),
        "short_label": float(label.word in _HEADINGS_TOO),
        **_approval_features(page, digits),
    }
    return Candidate(digits, page.evidence(exact), label.word, features)
