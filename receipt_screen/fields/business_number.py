"""The shop's business number: ten digits, the last of which checks the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from receipt_screen.fields.digits import LIKE_A_DATE, digits_of
from receipt_screen.fields.labels import Label, LabelledRow
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.parties import is_buyers, is_handlers, is_under_seller
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.rows import Evidence, Row
from receipt_screen.fields.vocabulary import LabelKind

_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_LOOK_ALIKES = str.maketrans("OoQDIlSBZG", "0000115826")
_MOMENT = re.compile(r"[0-4]\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d")
"""A day and a time of two digits each: one in ten has a business number's check digit."""
_SIGN = "[0-9OoQDIlSBZG?*#]"
_SIGNS = frozenset("0123456789OoQDIlSBZG?*#")
DOUBTED = 0.9
"""A digit less certain than this may be worked out from the check digit."""
MOST_DIFFERENT = 3
"""Of readings with more different digits some piece always has a sound check digit."""
_BUSINESS = re.compile(
    rf"(?<![0-9-])(?P<a>{_SIGN}{{3}})\s?[-–—.~_]{{1,2}}\s?(?P<b>{_SIGN}{{2}})\s?[-–—.~_]{{1,2}}\s?"
    rf"(?P<c>{_SIGN}{{5}})(?![0-9-])"
)
"""XXX-XX-XXXXX, with letters that look like digits and one sign that can't be read; a dash may have
been read twice."""
_PLAIN_BUSINESS = re.compile(r"(?<![0-9A-Za-z*-])(\d{10})(?![0-9A-Za-z*]|:\d)")
"""Not the day and the hour of a moment, whose minutes stand behind a colon."""
_RAGGED_BUSINESS = re.compile(r"(?<![0-9])\d[\d\s.\-–—]{8,14}\d(?![0-9])")


def check_digit(first_nine: str) -> int:
    """The tenth digit of a business number (국세청 사업자등록번호 검증)."""
    digits = [int(digit) for digit in first_nine]
    total = sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return (10 - (total + digits[8] * 5 // 10) % 10) % 10


def is_business_number(digits: str) -> bool:
    """Whether ten digits carry the right check digit."""
    return (
        len(digits) == 10
        and digits.isascii()
        and digits.isdigit()
        and check_digit(digits[:9]) == int(digits[9])
    )


def recover_digit(signs: str) -> str | None:
    """Ten digits from ten signs of which at most one is no digit, by their check digit."""
    unknown = [index for index, sign in enumerate(signs) if not sign.isdigit()]
    if not unknown:
        return signs
    if len(unknown) > 1:
        return None
    at = unknown[0]
    fits = [
        whole
        for digit in "0123456789"
        if is_business_number(whole := signs[:at] + digit + signs[at + 1 :])
    ]
    return fits[0] if len(fits) == 1 else None


@dataclass(frozen=True)
class _Number:
    """Digits as they stand in a text, at `text[start:end]`."""

    digits: str
    start: int
    end: int
    dashed: bool = False
    recovered: bool = False
    repaired: bool = False
    pieced: bool = False
    """Whether its digits are one reader's here and another's there."""


def find_business_numbers(text: str) -> tuple[_Number, ...]:
    """All numbers in a text that have the form of a business number."""
    return (*_dashed(text), *_plain(text))


def _dashed(text: str) -> Iterator[_Number]:
    for match in _BUSINESS.finditer(text):
        signs = "".join(match.groups()).translate(_LOOK_ALIKES)
        digits = recover_digit(signs)
        if digits is not None:
            yield _Number(
                digits, match.start(), match.end(), dashed=True, recovered=digits != signs
            )


def _plain(text: str) -> Iterator[_Number]:
    for match in _PLAIN_BUSINESS.finditer(text):
        if is_business_number(match[1]) and not _MOMENT.fullmatch(match[1]):
            yield _Number(match[1], match.start(), match.end())


def _ragged(text: str) -> Iterator[_Number]:
    """Ten digits, also with separators in odd places, as misread dashes leave them; on a label."""
    for match in _RAGGED_BUSINESS.finditer(text):
        digits = digits_of(match.group())
        if is_business_number(digits):
            yield _Number(digits, match.start(), match.end())


def business_candidates(page: LabelledPage) -> list[Candidate[str]]:
    """Every number that may be the shop's business number."""
    candidates = []
    for index, row in enumerate(page.rows):
        text = row.row.text
        label = page.label_over(index, LabelKind.BUSINESS_NUMBER)
        found = [*find_business_numbers(text), *(_ragged(text) if label else ())]
        for number in [*found, *_repaired(row.row, found)]:
            place = Place(index, number.start, number.end)
            if is_handlers(page, place) or _is_anothers(row, number):
                continue
            evidence = row.row.evidence(number.start, number.end)
            candidates.append(_business(page, index, number, evidence, label))
        for number, evidence in _from_other_readings(page, index):
            candidates.append(_business(page, index, number, evidence, label, other=True))
    return candidates


def _repaired(row: Row, found: Sequence[_Number]) -> Iterator[_Number]:
    """Numbers that fail their check digit, pieced together of what the readers saw, or else their
    least certain digit worked out from it.
    """
    for number in found:
        if is_business_number(number.digits):
            continue
        whole = _pieced(row, number)
        if whole is not None:
            yield replace(number, digits=whole, pieced=True)
        elif (whole := _worked_out(row, number)) is not None:
            yield replace(number, digits=whole, repaired=True)


def _pieced(row: Row, number: _Number) -> str | None:
    """The one number with a sound check digit of which each digit is some reader's; None where a
    reader saw it whole.
    """
    seen = {number.digits} | {
        other.digits
        for cell, start, end in row.spans
        if start < number.end and end > number.start
        for reading in cell.readings
        for other in _dashed(reading.text)
    }
    digits = [set(column) for column in zip(*seen, strict=True)]
    if sum(len(each) > 1 for each in digits) > MOST_DIFFERENT:
        return None
    fits = [whole for each in product(*digits) if is_business_number(whole := "".join(each))]
    return fits[0] if len(fits) == 1 and fits[0] not in seen else None


def _worked_out(row: Row, number: _Number) -> str | None:
    """A number with its least certain digit as its check digit has it."""
    signs = row.characters(number.start, number.end)
    sure = [each.confidence for each in signs if each.sign in _SIGNS]
    if len(sure) != len(number.digits) or min(sure) >= DOUBTED:
        return None
    at = sure.index(min(sure))
    return recover_digit(number.digits[:at] + "?" + number.digits[at + 1 :])


def _from_other_readings(page: LabelledPage, index: int) -> Iterator[tuple[_Number, Evidence]]:
    """Numbers that one reader saw and the merged text lost."""
    row = page.rows[index].row
    for cell, start, end in row.spans:
        for reading in cell.readings:
            if reading.text != cell.text:
                for number in find_business_numbers(reading.text):
                    yield number, row.evidence(start, end)


def _business(
    page: LabelledPage,
    index: int,
    number: _Number,
    evidence: Evidence,
    label: Label | None,
    *,
    other: bool = False,
) -> Candidate[str]:
    features = {
        "labelled": label.score if label else 0.0,
        "checks": float(is_business_number(number.digits)),
        "agreed": float(evidence.alike(number.digits)),
        "dashed": float(number.dashed),
        "recovered": float(number.recovered),
        "repaired": float(number.repaired),
        "pieced": float(number.pieced),
        "one_reading": float(other),
        "other_label": float(
            label is None and _is_of_another_label(page.rows[index], number.start, other=other)
        ),
        "like_a_date": float(not number.dashed and LIKE_A_DATE.match(number.digits) is not None),
        "near_top": 1.0 - page.depth(index),
        "seller": float(is_under_seller(page, index)),
        "buyer": float(not other and is_buyers(page, Place(index, number.start, number.end))),
        "in_code": float(page.in_code(number.digits)),
    }
    return Candidate(number.digits, evidence, label.word if label else None, features)


def _is_anothers(row: LabelledRow, number: _Number) -> bool:
    """Whether ten digits without dashes are what the label directly before them names: terminals
    have numbers as long, of which every tenth has a sound check digit.
    """
    before = [label for label in row.labels if label.end <= number.start]
    if number.dashed or not before or before[-1].score < 1.0:
        return False
    return before[-1].is_any(_NO_BUSINESS_NUMBER) and not any(
        LabelKind.BUSINESS_NUMBER in label.kinds for label in before
    )


def _is_of_another_label(row: LabelledRow, start: int, *, other: bool) -> bool:
    """Whether a label before the number, or, of `other` readings, in its row, names another one."""
    return any(
        label.is_any(_NO_BUSINESS_NUMBER) and (other or label.end <= start) for label in row.labels
    )


_NO_BUSINESS_NUMBER = frozenset(
    {
        LabelKind.OTHER_NUMBER,
        LabelKind.APPROVAL,
        LabelKind.PHONE,
        LabelKind.PAID_AT,
        LabelKind.ORDERED_AT,
        LabelKind.PRINTED_AT,
    }
)
