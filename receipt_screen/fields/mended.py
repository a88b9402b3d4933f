"""Sums that lost, gained or changed a digit in reading, mended by what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Levenshtein

from receipt_screen.fields.digits import digits_of
from receipt_screen.fields.facts import Facts
from receipt_screen.fields.labels import Label
from receipt_screen.fields.money import find_money
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.sums import heads_column
from receipt_screen.fields.vocabulary import LabelKind
from receipt_screen.records import Won

LEAST_MENDED: Won = 1000
"""Smaller numbers are too alike to say which was meant."""
LEAST_DIGITS = 4
"""A total that was read with fewer digits is too far from one that its VAT could tell."""
SURE = 0.98
"""A sum whose every character was read so surely is what is printed, whatever would fit."""
READ_BY_ONE = 0.5
"""How much a sum is mended that one reader saw whole and the merged text hasn't."""
_RAGGED = re.compile(r"(?<![\d*-])\d[\d,. ]{2,12}\d(?![\d*-])")
"""A number of four digits and more, its separators where they may be."""


def mended_candidates(page: LabelledPage, facts: Facts) -> Iterator[Candidate[Won]]:
    """Sums that the page says, one digit away from what a reader saw on a total's label."""
    for row, label in page.labels(LabelKind.CHARGED, LabelKind.DUE):
        place = page.beside(row, label)
        ragged = list(_RAGGED.finditer(page.text(place)))
        if ragged and not heads_column(page, row):
            exact = place.part(ragged[-1].start(), ragged[-1].end())
            yield from _mended(page, label, place, exact, facts)


def _mended(
    page: LabelledPage, label: Label, place: Place, exact: Place, facts: Facts
) -> Iterator[Candidate[Won]]:
    """What may be meant by the last number, at `exact`, of what stands beside a label."""
    digits = digits_of(page.text(exact))
    evidence = page.evidence(exact)
    written = {digits, *_last_numbers(evidence.readings)}
    sound = any(int(digits) == money.value for money in find_money(page.text(place)))
    most = 0 if sound and evidence.weakest >= SURE else 1
    for value in _meant(digits, facts, sound=sound) - {int(digits)}:
        changed = min(Levenshtein.distance(each, str(value)) for each in written)
        if changed <= most:
            features = {
                "charged" if LabelKind.CHARGED in label.kinds else "due": 1.0,
                "mended": 1.0 if changed else READ_BY_ONE,
                "misread": 1.0 - label.score,
                "repeats": float(min(facts.counts[value], 3)),
                **facts.features(value),
            }
            yield Candidate(value, evidence, label.word, features)


def _meant(digits: str, facts: Facts, *, sound: bool) -> frozenset[Won]:
    """The sums that a number on a total's label may be.

    `100,00` and `100,0090` are no sums, so that any sum printed elsewhere may be meant; beside a
    sound one only arithmetic counts.
    """
    if sound:
        return facts.said()
    printed = frozenset(value for value in facts.counts if value >= LEAST_MENDED)
    return facts.said() | printed | _whole_sums_of_vat(facts.vat, digits)


def _last_numbers(readings: Sequence[str]) -> Iterator[str]:
    """The digits of the last number in each reading of a sum."""
    for reading in readings:
        if found := _RAGGED.findall(reading):
            yield digits_of(found[-1])


def _whole_sums_of_vat(vat: Won | None, digits: str) -> frozenset[Won]:
    """Whole tens of which the printed VAT is an eleventh."""
    if not vat or len(digits) < LEAST_DIGITS:
        return frozenset()
    return frozenset(v for v in range(11 * vat - 10, 11 * vat + 11) if v % 10 == 0)
