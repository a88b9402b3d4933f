"""How much was paid: every sum that may be it, and what speaks for each.

A number is proposed only for a reason: a label, or arithmetic. The largest number on the
page is no reason: it is as often the cash handed over, a balance or an approval number.
"""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from receipt_screen.fields.arithmetic import find_arithmetic
from receipt_screen.fields.facts import MONEY_KINDS, REASONS, SOURCES, Facts, facts_of, worded_sums
from receipt_screen.fields.labels import NOT_THE_TOTAL
from receipt_screen.fields.mended import mended_candidates
from receipt_screen.fields.messages import said_to_be_paid
from receipt_screen.fields.money import Money, find_money, stands_alone
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.payments import parts_on
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.sums import MIN_AMOUNT, LabelledMoney, money_on, torn_totals
from receipt_screen.fields.vocabulary import LabelKind, compact
from receipt_screen.records import Arithmetic, Won

TITLE_ROWS, LEAST_TITLE = 3, 3
"""A title stands in the first rows, and words this long don't stand there by chance."""
LEAST_COLUMNS = 3
"""So many sums stand in a row that are those of its columns."""
TALL = 1.3
"""A row this much higher than the median is set in double height."""
HEADLINE = 3
"""An app's headline stands in the first of so many parts of the page."""


def amount_candidates(page: LabelledPage) -> list[Candidate[Won]]:
    """Every sum that may be what was paid."""
    arithmetic = find_arithmetic(page)
    facts = facts_of(page, arithmetic)
    return [
        *_labelled_candidates(page, facts),
        *(_labelled(page, "charged", found, facts) for found in said_to_be_paid(page)),
        *_unlabelled_candidates(page, facts),
        *mended_candidates(page, facts),
        *_worded_candidates(page, facts),
        *_taxed_candidates(page, arithmetic, facts),
        *_split_candidates(page, facts),
    ]


# ── on labels ────────────────────────────────────────────────────────────────────────────────


def _labelled_candidates(page: LabelledPage, facts: Facts) -> Iterator[Candidate[Won]]:
    for kind, source in SOURCES.items():
        for found in money_on(page, kind):
            if found.money.value >= MIN_AMOUNT and not _is_of_columns(page, found):
                yield _labelled(page, source, found, facts)


def _is_of_columns(page: LabelledPage, found: LabelledMoney) -> bool:
    """Whether a row tells what each of several columns makes, so that the last is no total.

    It is one where it is the largest, or what the second leaves of the first.
    """
    place = found.place
    beside = page.rows[place.row].row.text[found.label.end : place.end] if not found.below else ""
    sums = [money.value for money in find_money(beside) if money.value >= MIN_AMOUNT]
    columns = LabelKind.DUE in found.label.kinds and len(sums) >= LEAST_COLUMNS
    return columns and sums[-1] not in {max(sums), sums[-3] - sums[-2]}


def _labelled(
    page: LabelledPage, source: str, found: LabelledMoney, facts: Facts
) -> Candidate[Won]:
    features = {
        source: 1.0,
        "titled": float(_is_titled(page, found)),
        "misread": 1.0 - found.label.score,
        "below": float(found.below),
        "unmarked": float(not found.money.marked),
        **_printed_features(page, found.place.row, found.money, facts),
        **facts.features(found.money.value),
    }
    return Candidate(found.money.value, page.evidence(found.place), found.label.word, features)


def _is_titled(page: LabelledPage, found: LabelledMoney) -> bool:
    """Whether a sum on a vague label is what the title names: 예약금 영수증."""
    title = (row.row.text for row in page.rows[: min(TITLE_ROWS, found.place.row)])
    return LabelKind.BARE in found.label.kinds and any(
        len(found.label.word) >= LEAST_TITLE and found.label.word in compact(text) for text in title
    )


def _printed_features(page: LabelledPage, row: int, money: Money, facts: Facts) -> dict[str, float]:
    """How a sum is printed."""
    return {
        "repeats": float(min(facts.counts[money.value] - 1, 3)),
        "tall": float(page.rows[row].row.height > TALL * page.line_height),
        "lower": page.depth(row),
        "tiny": float(money.value < 100),
        "small": float(money.value < 1000),
        "won_sign": float(money.signed),
    }


# ── without labels ───────────────────────────────────────────────────────────────────────────


def _unlabelled_candidates(page: LabelledPage, facts: Facts) -> Iterator[Candidate[Won]]:
    """Sums whose label can't be read, where arithmetic, a won sign or another place speaks for
    them: a bare number is nobody's total. A won sign is no reason where a total's label has
    another sum, of which a piece is lost.
    """
    # An app's headline has no label, but beside it stands when or under which number it was paid.
    tells_when = any(row.has(LabelKind.PAID_AT, LabelKind.APPROVAL) for row in page.rows)
    torn = torn_totals(page)
    for index, money, is_one_of_several in _last_sums_without_label(page, facts):
        reasons = facts.features(money.value)
        reasoned = any(reasons[reason] for reason in REASONS)
        alone = stands_alone(page.rows[index].row.text, money)
        headline = index <= len(page.rows) / HEADLINE
        repeats = facts.counts[money.value] > 1
        another = bool(torn) and all(_is_far(money.value, digits) for digits in torn)
        looks_like_it = not another and (money.signed or (alone and headline and tells_when))
        if not (reasoned or repeats or looks_like_it):
            continue
        features = {
            "unlabelled": 1.0,
            "unreasoned": float(not reasoned),
            "alone": float(alone),
            "several_sums": float(is_one_of_several),
            "headline": float(headline),
            "largest": float(money.value >= facts.largest),
            "listed": float(facts.listed and not reasoned),
            **_printed_features(page, index, money, facts),
            **reasons,
        }
        place = Place(index, money.start, money.end)
        yield Candidate(money.value, page.evidence(place), None, features)


def _is_far(value: Won, digits: str) -> bool:
    """Whether more than one digit parts a sum from what was read."""
    return Levenshtein.distance(str(value), digits) > 1


def _last_sums_without_label(page: LabelledPage, facts: Facts) -> Iterator[tuple[int, Money, bool]]:
    """The last sum of each row that no label explains, and whether there are others in the row."""
    told = _told_from_above(page, facts)
    for index, row in enumerate(page.rows):
        sums = [money for money in find_money(row.row.text) if money.marked]
        if not sums or sums[-1].value < MIN_AMOUNT or (index, sums[-1].value) in told:
            continue
        # A row's slope may be misjudged: a total beside 승인번호 is one if VAT and supply say so.
        is_total = sums[-1].value in facts.vat_totals and not row.has(*MONEY_KINDS)
        if is_total or not row.labels:
            yield index, sums[-1], len(sums) > 1


def _told_from_above(page: LabelledPage, facts: Facts) -> frozenset[tuple[int, Won]]:
    """The sums of which a label in the row above says that they are no total."""
    return frozenset(
        (found.place.row, found.money.value)
        for found in money_on(page, *NOT_THE_TOTAL)
        if found.below and found.money.value not in facts.vat_totals
    )


# ── not in digits on any label ───────────────────────────────────────────────────────────────


def _worded_candidates(page: LabelledPage, facts: Facts) -> Iterator[Candidate[Won]]:
    """Sums in words, where their digits may be missing or misread."""
    for value, place in worded_sums(page):
        features = {"unlabelled": 1.0, **facts.features(value)}
        yield Candidate(value, page.evidence(place), None, features)


def _taxed_candidates(
    page: LabelledPage, arithmetic: Arithmetic, facts: Facts
) -> Iterator[Candidate[Won]]:
    """Supply, VAT and what is free of tax together, where the total can't be read."""
    if arithmetic.supply is not None and arithmetic.vat:
        value = arithmetic.supply + arithmetic.vat + (arithmetic.tax_free or 0)
        place = next(found.place for found in money_on(page, LabelKind.VAT))
        features = {"summed": 1.0, **facts.features(value)}
        yield Candidate(value, page.evidence(place), "공급가액+부가세", features)


def _split_candidates(page: LabelledPage, facts: Facts) -> Iterator[Candidate[Won]]:
    """All parts of a payment together, where the total can't be read."""
    parts = parts_on(page, LabelKind.PAYMENT)
    if len(parts) > 1:
        value = sum(part.money.value for part in parts)
        features = {"summed_parts": 1.0, **facts.features(value)}
        yield Candidate(value, page.evidence(parts[-1].place), parts[-1].label.word, features)
