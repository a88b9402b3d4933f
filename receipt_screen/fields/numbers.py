"""Business number, approval number, card and phone: numbers that identify."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from receipt_screen.fields.labels import Label, LabelledRow
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.parties import is_buyers
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.rows import Evidence, Row
from receipt_screen.fields.vocabulary import LabelKind, likeness

_LIKE_A_DATE = re.compile(r"20[0-4]\d[01]\d[0-3]\d(\d{4,6})?")
"""Digits that begin like a date: an order number or a time stamp."""
_MOMENT = re.compile(r"[0-4]\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d")
"""A day and a time of two digits each: one in ten has a business number's check digit."""

# ── business number ──────────────────────────────────────────────────────────────────────────

_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_LOOK_ALIKES = str.maketrans("OoQDIlSBZG", "0000115826")
_SIGN = "[0-9OoQDIlSBZG?*#]"
_SIGNS = frozenset("0123456789OoQDIlSBZG?*#")
DOUBTED = 0.9
"""A digit less certain than this may be worked out from the check digit."""
_BUSINESS = re.compile(
    rf"(?<![0-9-])(?P<a>{_SIGN}{{3}})\s?[-–—.~_]\s?(?P<b>{_SIGN}{{2}})\s?[-–—.~_]\s?"
    rf"(?P<c>{_SIGN}{{5}})(?![0-9-])"
)
"""XXX-XX-XXXXX, with letters that look like digits and one sign that can't be read."""
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
        digits = re.sub(r"\D", "", match.group())
        if is_business_number(digits):
            yield _Number(digits, match.start(), match.end())


def business_candidates(page: LabelledPage) -> list[Candidate[str]]:
    """Every number that may be the shop's business number."""
    candidates = []
    for index, row in enumerate(page.rows):
        text = row.row.text
        label = _label_before(page, index, LabelKind.BUSINESS_NUMBER)
        found = [*find_business_numbers(text), *(_ragged(text) if label else ())]
        for number in [*found, *_repaired(row.row, found)]:
            evidence = row.row.evidence(number.start, number.end)
            candidates.append(_business(page, index, number, evidence, label))
        for number, evidence in _from_other_readings(page, index):
            candidates.append(_business(page, index, number, evidence, label, other=True))
    return candidates


def _repaired(row: Row, found: Sequence[_Number]) -> Iterator[_Number]:
    """Numbers that fail their check digit, their least certain digit worked out from it."""
    for number in found:
        if is_business_number(number.digits):
            continue
        signs = row.characters(number.start, number.end)
        sure = [confidence for sign, confidence in signs if sign in _SIGNS]
        if len(sure) != len(number.digits) or min(sure) >= DOUBTED:
            continue
        at = sure.index(min(sure))
        whole = recover_digit(number.digits[:at] + "?" + number.digits[at + 1 :])
        if whole is not None:
            yield replace(number, digits=whole, repaired=True)


def _label_before(page: LabelledPage, row: int, kind: LabelKind) -> Label | None:
    """A label of this kind in the row, or alone in the row above."""
    for label in page.rows[row].labels:
        if kind in label.kinds:
            return label
    if row > 0 and page.rows[row - 1].labels:
        above = page.rows[row - 1].labels[-1]
        if kind in above.kinds and page.below(row - 1, above) is not None:
            return above
    return None


def _from_other_readings(page: LabelledPage, index: int) -> Iterator[tuple[_Number, Evidence]]:
    """Numbers that one reader saw and the merged text lost."""
    row = page.rows[index].row
    start = 0
    for cell in row.cells:
        for reading in cell.readings:
            if reading.text != cell.text:
                evidence = row.evidence(start, start + len(cell.text))
                for number in find_business_numbers(reading.text):
                    yield number, evidence
        start += len(cell.text) + 2


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
        "one_reading": float(other),
        "other_label": float(
            label is None and _is_of_another_label(page.rows[index], number.start, other=other)
        ),
        "like_a_date": float(not number.dashed and _LIKE_A_DATE.match(number.digits) is not None),
        "near_top": 1.0 - index / max(1, len(page.rows)),
        "seller": float(_under_seller(page, index)),
        "buyer": float(not other and is_buyers(page, Place(index, number.start, number.end))),
        "in_code": float(page.in_code(number.digits)),
    }
    return Candidate(number.digits, evidence, label.word if label else None, features)


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


def _under_seller(page: LabelledPage, row: int) -> bool:
    """Whether the number stands in a block headed 판매자: a second shop on a delivery slip."""
    above = [label.word for r, label in page.labels(LabelKind.MERCHANT) if r <= row]
    return bool(above) and above[-1].startswith("판매자")


# ── approval number ──────────────────────────────────────────────────────────────────────────

_APPROVAL = re.compile(
    r"(?<![0-9A-Za-z*])(?:(?<=N0[:.])|(?<![0-9*][-:/,.]))[0-9OoQIl]{6,17}"
    r"(?![0-9*]|[-,.:/](?!\d\d(?![0-9*,.:/-]))[0-9*])"
)
"""Digits that are no part of a date, a time or a longer number; `N0:` before them is `No:`. The
months of an instalment plan may follow: 30012345/00."""


def approval_candidates(page: LabelledPage) -> list[Candidate[str]]:
    """Every number that hangs on 승인번호; usually 8 digits, 9 on cash receipts."""
    candidates = []
    for row, label in page.labels(LabelKind.APPROVAL):
        places = [page.beside(row, label)]
        if (below := page.below(row, label)) is not None:
            places.append(below)
        for place in places:
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
            digits = match.group().translate(_LOOK_ALIKES)
            exact = Place(index, place.start + match.start(), place.start + match.end())
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
        "is_date": float(_LIKE_A_DATE.fullmatch(digits) is not None),
        "in_code": float(page.in_code(digits)),
    }


_HEADINGS_TOO = frozenset({"승인", "신용승인", "카드승인"})
"""Labels that more often say what was done than under which number."""


def _approval(
    page: LabelledPage, place: Place, match: re.Match[str], label: Label, *, below: bool
) -> Candidate[str]:
    digits = match.group().translate(_LOOK_ALIKES)
    exact = Place(place.row, place.start + match.start(), place.start + match.end())
    features = {
        "labelled": label.score,
        "below": float(below),
        "short_label": float(label.word in _HEADINGS_TOO),
        **_approval_features(page, digits),
    }
    return Candidate(digits, page.evidence(exact), label.word, features)


# ── card ─────────────────────────────────────────────────────────────────────────────────────

_MASK = "[*xX●＊#]"
_CARD = re.compile(
    rf"(?<![0-9A-Za-z])(?=[0-9]{{4}})(?:[0-9]|{_MASK}|[-\s](?=[0-9*xX●＊#])){{12,24}}"
)


def card_candidates(page: LabelledPage) -> list[Candidate[str]]:
    """Card numbers, masked here and for good: only the last four digits go on."""
    candidates = []
    for index, row in enumerate(page.rows):
        text = row.row.text
        label = _label_before(page, index, LabelKind.CARD)
        for match in _CARD.finditer(text):
            signs = re.sub(r"[-\s]", "", match.group())
            masked = re.search(_MASK, signs) is not None
            if not 12 <= len(signs) <= 19 or not (masked or (label and len(signs) >= 15)):
                continue
            tail = signs[-4:]
            if not tail.isdigit():
                continue
            evidence = row.row.evidence(match.start(), match.end())
            features = {
                "labelled": label.score if label else 0.0,
                "masked": float(masked),
                "lower": index / max(1, len(page.rows)),
                "points": float(_is_membership(page, index)),
            }
            value = f"…-****-****-{tail}"
            shown = replace(evidence, text=value)
            candidates.append(Candidate(value, shown, label.word if label else None, features))
    return candidates


def _is_membership(page: LabelledPage, row: int) -> bool:
    """Whether a points or membership block stands right above."""
    rows = page.rows[max(0, row - 2) : row + 1]
    return any("포인트" in r.row.text or "멤버" in r.row.text or "회원" in r.row.text for r in rows)


# ── phone ────────────────────────────────────────────────────────────────────────────────────

_PHONE = re.compile(
    r"(?<![0-9-])(?:0(?:2|[3-6][1-5]|70|10|50\d|80)[-).\s]{0,2}\d{3,4}[-.\s]?\d{4}"
    r"|1[5-9]\d{2}[-.\s]\d{4})(?![0-9*-])"
)


def phone_candidates(page: LabelledPage) -> list[Candidate[str]]:
    """Phone numbers; the shop's usually stands in the head of the receipt."""
    candidates = []
    for index, row in enumerate(page.rows):
        for match in _PHONE.finditer(row.row.text):
            digits = re.sub(r"\D", "", match.group())
            label = _label_before(page, index, LabelKind.PHONE)
            features = {
                "labelled": label.score if label else 0.0,
                "near_top": 1.0 - index / max(1, len(page.rows)),
                "other_label": float(
                    row.has(LabelKind.APPROVAL, LabelKind.CARD, LabelKind.CUSTOMER)
                ),
                "dashed": float(len(digits) < len(match.group())),
                "seller": float(_under_seller(page, index)),
            }
            evidence = row.row.evidence(match.start(), match.end())
            candidates.append(Candidate(digits, evidence, label.word if label else None, features))
    return candidates
