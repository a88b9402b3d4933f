"""The approval number: under which number a payment was approved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rapidfuzz.distance import Hamming, Levenshtein

from receipt_screen.fields.digits import DIGIT, LIKE_A_DATE, LOOK_ALIKES, digits_of
from receipt_screen.fields.labels import PART, Label
from receipt_screen.fields.moments import find_dates
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.vocabulary import LabelKind, compact, label_table, likeness

_APPROVAL = re.compile(
    rf"(?<![0-9A-Za-z*])(?:(?<=N0[:.])|(?<![0-9*][-:/,.])){DIGIT}{{6,17}}"
    r"(?![0-9*]|[-,.:/](?!\d\d(?![0-9*,.:/-]))[0-9*])"
)
"""Digits that are no part of a date, a time or a longer number; `N0:` before them is `No:`. The
months of an instalment plan may follow: 30012345/00."""


_SPACED = re.compile(r"(?<![\d*:/.-])(?<!\d\s)(?:\d(?:\s\d){7,8}|\d{4}\s\d{4})(?![\d*:/-]|\s?\d)")
"""A number set in single digits, or in two groups of four."""


def approval_candidates(page: LabelledPage) -> list[Candidate[str]]:
    """Every number that hangs on 승인번호; usually 8 digits, 9 on cash receipts."""
    candidates = []
    for row, label in page.labels(LabelKind.APPROVAL):
        for place in (*page.values(row, label), *_behind_no(page, row, label)):
            found = [
                _approval(page, place, match, label, below=place.row != row)
                for match in (
                    *_APPROVAL.finditer(page.text(place)),
                    *_SPACED.finditer(page.text(place)),
                )
            ] or list(_read_by_one(page, place, label))
            if _OF_POINTS.search(page.rows[row].row.text[: label.start]):
                found = [_less_likely(candidate) for candidate in found]
            candidates += found
    candidates += _behind_card(page)
    candidates += _guessed_approvals(page)
    return candidates + [right for each in candidates for right in _in_code(page, each)]


def _behind_no(page: LabelledPage, row: int, label: Label) -> Iterator[Place]:
    """Where the number is that a NO. names, the day before it: 승인 2025-01-14 NO. 30012345."""
    behind = [other for other in page.rows[row].labels if other.start >= label.end]
    if behind and behind[0].word == _NO and find_dates(page.text(page.beside(row, label))):
        yield page.beside(row, behind[0])


_NO = "NO"


def _read_by_one(page: LabelledPage, place: Place, label: Label) -> Iterator[Candidate[str]]:
    """Numbers that one reader saw where the merged text has another sign in them."""
    merged = page.text(place)
    for cell, start, end in page.rows[place.row].row.spans:
        if start >= place.end or end <= place.start:
            continue
        for reading in cell.readings:
            for match in _APPROVAL.finditer(reading.text):
                digits = match.group().translate(LOOK_ALIKES)
                if Levenshtein.distance(digits, digits_of(merged)) > MISREAD:
                    continue
                evidence = page.evidence(place)
                sure = min(evidence.confidence, reading.confidence)
                features = {**_labelled_features(page, label, digits), "one_reading": 1.0}
                yield Candidate(digits, replace(evidence, confidence=sure), label.word, features)


def _in_code(page: LabelledPage, read: Candidate[str]) -> Iterator[Candidate[str]]:
    """The number in a bar code or QR code that hardly differs from one that was read."""
    numbers = {number for code in page.codes for number in _IN_CODE.findall(code)}
    for number in numbers - {read.value}:
        same_length = len(number) == len(read.value)
        if same_length and Hamming.distance(number, read.value) <= MISREAD:
            evidence = replace(read.evidence, readings=(number,))
            yield replace(
                read,
                value=number,
                evidence=evidence,
                features={**read.features, **_approval_features(page, number)},
            )


MISREAD = 2
"""So many digits may be misread in a number that is known from elsewhere."""
_IN_CODE = re.compile(r"(?<!\d)\d{6,17}(?!\d)")


_OF_POINTS = re.compile(
    r"(?:포인트|캐쉬백|캐시백|멤버십|멤버쉽|적립|\b(?:KT|SKT|LGU?\+?))\s?(?:카드)?\W*$"
)
"""What a number of approval is of, if it isn't the payment's."""


def _less_likely(candidate: Candidate[str]) -> Candidate[str]:
    """A candidate as unlikely as the number of something else."""
    return replace(candidate, features={**candidate.features, "like_other": 1.0})


_CARD_AND_NUMBER = re.compile(
    r"(?<![\d*])\d{4}[\d*-]*\*\*[\d*-]*\s?[/(]\s?(?P<number>\d{8})\)?(?!\d)"
)
"""A masked card and behind it the number: 123412**5678/30012345, as big shops print it."""


def _behind_card(page: LabelledPage) -> Iterator[Candidate[str]]:
    for index, row in enumerate(page.rows):
        for match in _CARD_AND_NUMBER.finditer(row.row.text):
            digits = match["number"]
            evidence = page.evidence(Place(index, match.start("number"), match.end("number")))
            features = {"labelled": PART, **_approval_features(page, digits)}
            yield Candidate(digits, evidence, None, features)


_SOME_NUMBER = re.compile(r"^\W*[가-힣 ]{1,6}(?:번호|변호|번오|빈호|호)\W+(?=\d)")
"""A label that ends like 번호 and is no label of the table: its beginning can't be read."""
_ANY_WORD = re.compile(r"^\W*[^\W\d]{1,6}(?:\s?[^\W\d]{1,4}){0,2}\W*(?=\d{8,13}\W*$)")
"""Some short word and a number, and nothing else in the row."""
_LONE_NUMBER = re.compile(r"^\W*(?=\d{8,9}\W*$)")
_OTHER_NUMBERS = frozenset(
    {LabelKind.OTHER_NUMBER, LabelKind.CARD, LabelKind.BUSINESS_NUMBER, LabelKind.PHONE}
)


_END = "호"
"""A label of its own, and what is left of 승인번호 where the paper's edge cut it: 번 호."""


def _guessed_approvals(page: LabelledPage) -> Iterator[Candidate[str]]:
    """Numbers behind words that are no labels, or behind none; how alike the words are counts."""
    for index, row in enumerate(page.rows):
        if any(label.score == 1.0 and label.word != _END for label in row.labels):
            continue
        kind, start = _guess(row.row.text)
        if start is None or _is_cut_off(start.group()):
            continue
        place = Place(index, start.end(), len(row.row.text))
        for match in _APPROVAL.finditer(page.text(place)):
            digits = match.group().translate(LOOK_ALIKES)
            exact = place.part(match.start(), match.end())
            features = {
                kind: 1.0,
                "like_approval": likeness(start.group(), frozenset({LabelKind.APPROVAL})),
                "like_other": max(
                    likeness(start.group(), _OTHER_NUMBERS),
                    float(_is_phone_in_head(page, index, digits)),
                ),
                **_approval_features(page, digits),
            }
            yield Candidate(digits, page.evidence(exact), None, features)


_LIKE_A_PHONE = re.compile(r"0?(?:2\d{8}|[3-6][1-5]\d{7,8}|[17]0\d{8})")
_AFTER_HEAD = (LabelKind.PAID_AT, LabelKind.CHARGED, LabelKind.DUE, LabelKind.CARD)


def _is_phone_in_head(page: LabelledPage, index: int, digits: str) -> bool:
    """Whether a number may be the shop's telephone, of which the paper's edge cut off the first
    nought: it stands above all that is told of the payment.
    """
    above = page.rows[:index]
    return _LIKE_A_PHONE.fullmatch(digits) is not None and not any(
        row.has(*_AFTER_HEAD) for row in above
    )


def _is_cut_off(text: str) -> bool:
    """Whether a label of another number lost its beginning at the paper's edge: 맹점번호."""
    word = compact(text)
    return len(word) >= LEAST_ENDING and any(
        known.endswith(word) and bool(kinds & _OTHER_NUMBERS)
        for known, kinds in label_table().items()
    )


LEAST_ENDING = 3
"""Syllables that tell a label by its end; 번호 ends them all."""


def _guess(text: str) -> tuple[str, re.Match[str] | None]:
    for kind, form in (("guessed", _SOME_NUMBER), ("lone", _LONE_NUMBER), ("worded", _ANY_WORD)):
        if (start := form.search(text)) is not None:
            return kind, start
    return "lone", None


USUAL = 8
"""Digits of a card's approval number."""


def _approval_features(page: LabelledPage, digits: str) -> dict[str, float]:
    return {
        "usual_length": float(len(digits) in {8, 9}),
        "known_length": float(len(digits) in {10, 12, 13, 17}),
        "is_date": float(LIKE_A_DATE.fullmatch(digits) is not None),
        "in_code": float(page.in_code(digits)),
    }


def _labelled_features(page: LabelledPage, label: Label, digits: str) -> dict[str, float]:
    return {
        "labelled": label.score,
        "short_label": float(label.word in _HEADINGS_TOO),
        **_approval_features(page, digits),
    }


_HEADINGS_TOO = frozenset({"승인", "신용승인", "카드승인"})
"""Labels that more often say what was done than under which number."""


def _approval(
    page: LabelledPage, place: Place, match: re.Match[str], label: Label, *, below: bool
) -> Candidate[str]:
    digits = re.sub(r"\s", "", match.group()).translate(LOOK_ALIKES)
    exact = place.part(match.start(), match.end())
    features = {**_labelled_features(page, label, digits), "below": float(below)}
    if (
        len(digits) == USUAL
        and not below
        and not any(map(str.isalnum, match.string[: match.start()]))
    ):
        # 승인 30012345 is no heading.
        features["short_label"] = 0.0
    return Candidate(digits, page.evidence(exact), label.word, features)
