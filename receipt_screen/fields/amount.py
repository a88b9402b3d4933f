"""How much was paid: money as receipts print it, candidates for the amount, and the sums.

A number is proposed only for a reason: a label, or arithmetic. The largest number on the
page is no reason: it is as often the cash handed over, a balance or an approval number.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations

from rapidfuzz.distance import Levenshtein

from receipt_screen.fields.labels import NOT_THE_TOTAL, Label, LabelledRow
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.vocabulary import LabelKind, compact
from receipt_screen.fields.words import round_sum, sums_in_words
from receipt_screen.records import Arithmetic, Payment, Won

MAX_AMOUNT: Won = 100_000_000
MIN_AMOUNT: Won = 50
"""Smaller numbers on a label are quantities or what is left of a number cut off."""
TOLERANCE: Won = 2
"""Shops round or truncate VAT: sums may be off by this much."""
MIN_VAT_TOTAL: Won = 500
"""Below this three small numbers fit each other by chance."""
MAX_PARTS = 6
"""A payment is split in at most this many parts."""
MANY_SUMS = 3
"""So many different sums without a label are a list of payments or prices."""
LEAST_MENDED: Won = 1000
"""Smaller numbers are too alike to say which was meant."""
TITLE_ROWS, LEAST_TITLE = 3, 3
"""A title stands in the first rows, and words this long don't stand there by chance."""
TALL = 1.3
"""A row this much higher than the median is set in double height."""

_DIGIT = "[0-9OoQIl]"
_LOOK_ALIKES = str.maketrans("OoQIl", "00011")
_COUNTERS = "개월일년분회점명층호번시초잔매병인봉"
"""Counting words: what stands before them is no money."""
_GROUPED = rf"(?=\s?{_DIGIT}{{1,3}}[,.]{_DIGIT}{{3}}(?!{_DIGIT}))"
_WON_SIGN = rf"[₩￦\\¥￥]|[Ww]{_GROUPED}|KRW"
"""Readers take ₩ for a yen sign and for a W."""
_BEFORE = (
    r"(?:(?<![0-9A-Za-z.,:/*#%])|(?<=[가-힣)\]\s][.,:/])|(?<=[A-Za-z]:)|(?<=\.\.)|(?<=TOTAL)|(?<=AMOUNT))"
    rf"(?<![0-9A-Za-z*]-)(?:\*{_GROUPED})?"
)
"""No part of a date, a mask or a longer number; a colon or TOTAL may touch the sum, and cash
registers set a star before it."""
_BEHIND_GROUPS = (
    r"(?<=[,.]\d{3})"
    r"(?:(?=[/*-](?![0-9*]))|(?=[면과비](?![가-힣]))|(?=(?:W|KRW|VAT|T)(?![0-9A-Za-z])))"
)
"""Signs that tills set behind a sum with a comma: how it is taxed, that it has ended."""
_BEHIND_WON = (
    r"(?<=[,.]\d{3}원)"
    r"(?!권|짜리|이|미만|초과|까지|부터|당|씩|대|할인|쿠폰|상당|단위|마다|[을은의에과와로으~])"
)
"""The next column may touch 원; a denomination or a condition is no sum."""
_MONEY = re.compile(
    rf"{_BEFORE}(?P<minus>[-−(△▲]\s?)?(?P<sign>(?:{_WON_SIGN})\s?)?"
    rf"(?P<number>{_DIGIT}{{1,3}}(?:(?:\s?[,.]\s?|_){_DIGIT}{{3}}(?!{_DIGIT})| 000(?!{_DIGIT}))+"
    rf"|{_DIGIT}+)(?P<broken>[,._]\s?{_DIGIT}+)?"
    rf"(?:(?P<won>\s?(?:원[을이]?|[웬윈워]|KRW))|(?!\s[{_COUNTERS}]))"
    rf"(?:(?![0-9A-Za-z*:/%~-])(?!\s?[,._]\s?{_DIGIT}| 000)(?![가-힣])"
    rf"|{_BEHIND_GROUPS}|{_BEHIND_WON})"
)


@dataclass(frozen=True)
class Money:
    """A sum of money in a text, at `text[start:end]`."""

    value: Won
    start: int
    end: int
    negative: bool
    marked: bool
    """It has thousands separators, a won sign, or is below 1,000 and needs none."""
    signed: bool = False
    """A won sign or 원 stands beside it."""


def find_money(text: str) -> tuple[Money, ...]:
    """All sums of money in a text; numbers that lost a digit (`100,00`) are left out."""
    found = (_money(match) for match in _MONEY.finditer(text))
    return tuple(money for money in found if money is not None)


def _money(match: re.Match[str]) -> Money | None:
    number = match["number"]
    if match["broken"] or not any(character.isdigit() for character in number):
        return None
    digits = re.sub(r"[\s,._]", "", number).translate(_LOOK_ALIKES)
    grouped = len(digits) < len(number)
    if len(digits) > 9 or (len(digits) > 1 and digits[0] == "0") or int(digits) > MAX_AMOUNT:
        return None
    signed = bool(match["won"] or match["sign"])
    return Money(
        int(digits),
        match.start("number"),
        match.end(),
        negative=bool(match["minus"]),
        marked=grouped or len(digits) <= 3 or signed,
        signed=signed,
    )


@dataclass(frozen=True)
class LabelledMoney:
    """Money on a label."""

    label: Label
    money: Money
    place: Place
    below: bool


def money_on(page: LabelledPage, *kinds: LabelKind) -> Iterator[LabelledMoney]:
    """The money of every label of these kinds: the last in its row, or in the row below.

    A sum's row may hold the quantity first, so the last number counts.
    """
    for row, label in page.labels(*kinds):
        places = [page.beside(row, label)]
        if not _is_column_head(page, row) and (below := page.below(row, label)) is not None:
            places.append(below)
        for place in places:
            money = _last_money(page, place)
            if money is not None:
                yield LabelledMoney(label, money, _place(place, money), place.row != row)
                break


def _is_column_head(page: LabelledPage, row: int) -> bool:
    return page.rows[row].has(LabelKind.HEADER)


_PARTICLES = "을이"
"""Behind 원 they make a sum a part of a sentence, which stands on no label."""


def _last_money(page: LabelledPage, place: Place) -> Money | None:
    # Searched in the whole row: what precedes a number tells whether it is one.
    row_text = page.rows[place.row].row.text[: place.end]
    sums = [
        money
        for money in find_money(row_text)
        if money.start >= place.start and row_text[money.end - 1] not in _PARTICLES
    ]
    if not sums:
        return None
    marked = [money for money in sums if money.marked and money.value >= 10]
    return (marked or sums)[-1]


def _place(place: Place, money: Money) -> Place:
    return Place(place.row, money.start, money.end)


# ── arithmetic ───────────────────────────────────────────────────────────────────────────────


def find_arithmetic(page: LabelledPage) -> Arithmetic:
    """The sums the receipt prints."""
    return Arithmetic(
        supply=_supply(page),
        vat=_first(page, LabelKind.VAT),
        tax_free=_first(page, LabelKind.TAX_FREE),
        service=_first(page, LabelKind.SERVICE),
        discount=_discount(page),
        total=_first(page, LabelKind.DUE),
        items=tuple(_item_amounts(page)),
    )


def _first(page: LabelledPage, kind: LabelKind) -> Won | None:
    for found in money_on(page, kind):
        return found.money.value
    return None


def _supply(page: LabelledPage) -> Won | None:
    """The supply price; a bare 금액 directly above 부가세 is one (terminal slips)."""
    supply = _first(page, LabelKind.SUPPLY)
    if supply is not None:
        return supply
    vat_rows = {row for row, _ in page.labels(LabelKind.VAT)}
    for found in money_on(page, LabelKind.BARE):
        if found.place.row + 1 in vat_rows:
            return found.money.value
    return None


def _discount(page: LabelledPage) -> Won | None:
    discounts = [found.money.value for found in money_on(page, LabelKind.DISCOUNT)]
    discounts += [
        found.money.value for found in money_on(page, LabelKind.BARE) if found.money.negative
    ]
    return max(discounts) if discounts else None


def _item_amounts(page: LabelledPage) -> Iterator[Won]:
    """The last number of each row between the columns' head and the first sum."""
    heads = [row for row, _ in page.labels(LabelKind.HEADER)]
    sums = [
        row
        for row, _ in page.labels(
            LabelKind.DUE, LabelKind.CHARGED, LabelKind.SUPPLY, LabelKind.SUBTOTAL
        )
    ]
    if not heads or not any(row > heads[0] for row in sums):
        return
    first = max(head for head in heads if head <= heads[0] + 1)
    last = min(row for row in sums if row > heads[0])
    for row in page.rows[first + 1 : last]:
        money = [money for money in find_money(row.row.text) if money.marked and money.value >= 10]
        if money and not row.has(LabelKind.DISCOUNT):
            yield money[-1].value


def adds_up_to(arithmetic: Arithmetic) -> frozenset[Won]:
    """The totals that supply, VAT, tax-free goods and service make, in any plausible mix."""
    if arithmetic.vat is None and arithmetic.tax_free is None:
        return frozenset()
    parts = [arithmetic.supply, arithmetic.tax_free, arithmetic.service]
    known = [part for part in parts if part]
    base = arithmetic.vat or 0
    sums = {
        base + sum(mix) for count in range(1, len(known) + 1) for mix in combinations(known, count)
    }
    return frozenset(sums)


def _is_near(value: Won, sums: frozenset[Won]) -> bool:
    return any(abs(value - total) <= TOLERANCE for total in sums)


# ── split payments ───────────────────────────────────────────────────────────────────────────


def find_payments(page: LabelledPage) -> tuple[Payment, ...]:
    """The parts of a split payment that together make a printed total, or what a discount left.

    They stand on means of payment, on several 승인금액 of their own, or on both: points on one
    label and what the card was charged on the other.
    """
    due = {found.money.value for found in money_on(page, LabelKind.DUE)}
    charged = {found.money.value for found in money_on(page, LabelKind.CHARGED)}
    discounts = _values_of(page, LabelKind.DISCOUNT) - {0}
    means, sums = (_positive_rows(page, kind) for kind in (LabelKind.PAYMENT, LabelKind.CHARGED))
    means = [each for each in means if not _is_coupon_taken_off(each, sums, due)]
    points = [each for each in _positive_rows(page, LabelKind.NEVER) if _is_points(each.label)]
    for parts, totals in (
        (means, due | charged),
        (means, {total - off for total in due for off in discounts}),
        (sums, due | charged),
        (_of_different_sums(means + sums), due | charged),
        (_of_different_sums(means + points), due),
        (_of_different_sums(sums + points), due),
    ):
        if mix := _mix_of(parts, totals):
            return tuple(_payment(page, part) for part in mix)
    return ()


def _is_coupon_taken_off(part: LabelledMoney, sums: list[LabelledMoney], due: set[Won]) -> bool:
    """Whether 결제금액 is what a coupon left of a total: then it is a discount and no payment."""
    if "쿠폰" not in part.label.word:
        return False
    paid = {each.money.value for each in sums if "결제" in each.label.word}
    return any(total - part.money.value in paid for total in due)


def _mix_of(parts: Sequence[LabelledMoney], totals: set[Won]) -> tuple[LabelledMoney, ...]:
    """As many of the parts as make a total together; none where none do."""
    for count in range(len(parts), 1, -1):
        for mix in combinations(parts, count):
            if sum(part.money.value for part in mix) in totals:
                return mix
    return ()


def _is_points(label: Label) -> bool:
    """Whether a label names points: a balance as a rule, and a means where the sum wants it.

    Points earned or still there pay nothing.
    """
    return label.word in {"포인트", "사용포인트"}


def _of_different_sums(parts: Sequence[LabelledMoney]) -> list[LabelledMoney]:
    """A slip repeats what the till has above: the same sum is the same payment."""
    return list({part.money.value: part for part in reversed(parts)}.values())[:MAX_PARTS]


def _positive_rows(page: LabelledPage, kind: LabelKind) -> list[LabelledMoney]:
    rows: dict[int, LabelledMoney] = {}
    for found in money_on(page, kind):
        if found.money.value > 0 and not found.money.negative:
            rows.setdefault(found.place.row, found)
    return list(rows.values())[:MAX_PARTS]


def _payment(page: LabelledPage, found: LabelledMoney) -> Payment:
    quad = page.evidence(found.place).quad
    return Payment(label=found.label.word, amount=found.money.value, quad=quad)


# ── sums in messages ─────────────────────────────────────────────────────────────────────────


@cache
def _said() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before and behind a sum that a message says was paid."""
    source = files("receipt_screen.fields") / "said.toml"
    words = tomllib.loads(source.read_text(encoding="utf-8"))
    before, behind = ("|".join(words[place]) for place in ("before", "behind"))
    return (
        re.compile(rf"(?<![가-힣])(?:{before})\W{{0,3}}$"),
        re.compile(rf"\W{{0,3}}(?:{behind})(?![가-힣])"),
    )


def said_to_be_paid(page: LabelledPage) -> Iterator[LabelledMoney]:
    """Sums with a won sign of which the words around say that they were paid: 9,000원 일시불."""
    before, behind = _said()
    for index, row in enumerate(page.rows):
        text = row.row.text
        for money in find_money(text):
            after = behind.match(text[money.end :])
            said = after or before.search(text[: money.start])
            if money.signed and said and not _is_told_otherwise(row, money):
                end = money.end + (after.end() if after else 0)
                word = said.group().strip(" []()-:")
                label = Label(word, frozenset({LabelKind.CHARGED}), money.end, end, 1.0)
                yield LabelledMoney(label, money, Place(index, money.start, money.end), below=False)


def _is_told_otherwise(row: LabelledRow, money: Money) -> bool:
    """Whether the label before a sum says what it is: a balance, the sum of a month."""
    before = [label for label in row.labels if label.end <= money.start]
    return bool(before) and before[-1].is_any(NOT_THE_TOTAL)


# ── candidates ───────────────────────────────────────────────────────────────────────────────

_SOURCES = {
    LabelKind.CHARGED: "charged",
    LabelKind.DUE: "due",
    LabelKind.PAYMENT: "payment",
    LabelKind.BARE: "bare",
}


MONEY_KINDS = (*_SOURCES, *NOT_THE_TOTAL)
"""Labels that already say what the sum beside them is."""


def amount_candidates(page: LabelledPage) -> list[Candidate[Won]]:
    """Every sum that may be what was paid."""
    arithmetic = find_arithmetic(page)
    labelled = [
        (source, found)
        for kind, source in _SOURCES.items()
        for found in money_on(page, kind)
        if found.money.value >= MIN_AMOUNT
    ]
    counts = _row_counts(page)
    discounted = _discounted(page, arithmetic)
    standing = counts - _never_counts(page)
    pairs = _vat_pairs(standing)
    facts = _Facts(
        sums=_with_deposit(page, adds_up_to(arithmetic)) | frozenset(pairs.values()),
        vat_totals=frozenset(pairs.values()),
        supplies=frozenset(pairs),
        parts=frozenset(payment.amount for payment in find_payments(page)),
        parts_sum=sum(payment.amount for payment in find_payments(page)),
        cash=_cash_total(page),
        after_discount=frozenset(discounted.values()),
        not_total=_values_of(page, LabelKind.SUPPLY, LabelKind.VAT, LabelKind.DISCOUNT)
        | _more_than_due(page),
        supply=arithmetic.supply,
        vat=arithmetic.vat,
        whole=_whole(arithmetic),
        before_discount=_before_discount(page, arithmetic, discounted),
        totals=_values_of(page, LabelKind.DUE, LabelKind.CHARGED, LabelKind.PAYMENT),
        coded=_coded_sums(page),
        below_codes=_sums_below_codes(page),
        largest=max(standing, default=0),
        listed=len(_unlabelled_in_won(page)) >= MANY_SUMS,
        in_words=frozenset(value for value, _ in _worded(page)),
    )
    candidates = [_candidate(page, source, found, counts, facts) for source, found in labelled]
    candidates += [
        _candidate(page, "charged", found, counts, facts) for found in said_to_be_paid(page)
    ]
    candidates += _unlabelled_candidates(page, counts, facts)
    candidates += mended_candidates(page, counts, facts)
    candidates += _worded_candidates(page, facts)
    return [*candidates, *_summed_candidates(page, arithmetic, facts)]


def _worded(page: LabelledPage) -> Iterator[tuple[Won, Place]]:
    """The sums that the page has in words."""
    for index, row in enumerate(page.rows):
        for worded in sums_in_words(row.row.text):
            yield worded.value, Place(index, worded.start, worded.end)
    for index, label in page.labels(*_SOURCES):
        place = page.beside(index, label)
        if rounded := round_sum(page.text(place)):
            start, end = place.start + rounded.start, place.start + rounded.end
            yield rounded.value, Place(index, start, end)


def _worded_candidates(page: LabelledPage, facts: _Facts) -> Iterator[Candidate[Won]]:
    """Sums in words, where their digits may be missing or misread."""
    for value, place in _worded(page):
        features = {"unlabelled": 1.0, **_page_features(value, facts)}
        yield Candidate(value, page.evidence(place), None, features)


def _unlabelled_in_won(page: LabelledPage) -> frozenset[Won]:
    """The different sums with a won sign in rows without a label: many are a list's."""
    rows = (row.row.text for row in page.rows if not row.labels)
    return frozenset(money.value for text in rows for money in find_money(text) if money.signed)


def _never_counts(page: LabelledPage) -> Counter[Won]:
    """In how many rows each sum is one that is never a total, points or a balance."""
    found = {(each.place.row, each.money.value) for each in money_on(page, LabelKind.NEVER)}
    return Counter(value for _, value in found)


def _row_counts(page: LabelledPage) -> Counter[Won]:
    """In how many rows each sum stands; a bare number is one where a total's label says so."""
    bare = {
        (found.place.row, found.money.value)
        for found in money_on(page, *_SOURCES)
        if not found.money.marked
    }
    marked = {
        (index, money.value)
        for index, row in enumerate(page.rows)
        for money in find_money(row.row.text)
        if money.marked
    }
    return Counter(value for _, value in bare | marked)


@dataclass(frozen=True)
class _Facts:
    """What the rest of the page says of a sum."""

    sums: frozenset[Won]
    vat_totals: frozenset[Won]
    supplies: frozenset[Won]
    parts: frozenset[Won]
    parts_sum: Won
    cash: Won | None
    after_discount: frozenset[Won]
    not_total: frozenset[Won]
    supply: Won | None
    vat: Won | None
    whole: Won | None
    """All printed parts together, tax-free goods included."""
    before_discount: frozenset[Won]
    totals: frozenset[Won]
    """Every sum of the page that stands on a label of a total."""
    coded: frozenset[Won]
    below_codes: frozenset[Won]
    """What the digits printed below a bar code may hold."""
    in_words: frozenset[Won]
    largest: Won
    """Of the sums that are no balances, points or cash handed over."""
    listed: bool
    """Whether the page is a list of sums, so that none of them is the one that was paid."""


def _sums_below_codes(page: LabelledPage) -> frozenset[Won]:
    """The last eight digits of long rows of digits, filled up with noughts: a till's own key."""
    runs = (run for row in page.rows for run in _LONG_RUN.findall(row.row.text))
    return frozenset(int(run[-8:]) for run in runs if run[-8:-6] == "00" and int(run[-8:]))


_LONG_RUN = re.compile(r"(?<!\d)\d{20,40}(?!\d)")


def _coded_sums(page: LabelledPage) -> frozenset[Won]:
    """The sums that bar codes and QR codes may hold."""
    return frozenset(
        int(digits[-8:])
        for code in page.codes
        for digits in re.findall(r"\d+", code)
        if len(digits) <= 8 or digits[-8:-6] == "00"
    )


def _values_of(page: LabelledPage, *kinds: LabelKind) -> frozenset[Won]:
    return frozenset(found.money.value for found in money_on(page, *kinds))


def _cash_total(page: LabelledPage) -> Won | None:
    """Cash handed over less change given back."""
    given, change = _cash_handed_over(page)
    return given - change if given is not None and change is not None else None


def _cash_handed_over(page: LabelledPage) -> tuple[Won | None, Won | None]:
    """Cash handed over and change given back; 현금 beside change is what was handed over, too."""
    given = cash = change = None
    for found in money_on(page, LabelKind.NEVER, LabelKind.PAYMENT):
        if found.label.word in {"받은금액", "받은돈", "받은현금", "내신금액", "내신돈", "투입금액"}:
            given = found.money.value
        if found.label.word in {"현금", "현금지불", "현금결제", "CASH"}:
            cash = found.money.value
        if found.label.word in {"거스름돈", "거스름", "거스름액", "잔돈", "반환금액", "CHANGE"}:
            change = found.money.value
    return (cash if given is None else given), change


def _more_than_due(page: LabelledPage) -> frozenset[Won]:
    """Cash of which some was given back."""
    given, change = _cash_handed_over(page)
    return frozenset({given} if given and change else ())


def _with_deposit(page: LabelledPage, sums: frozenset[Won]) -> frozenset[Won]:
    """Sums with and without what was paid for bottles, which is no supply and has no VAT."""
    bottles = {f.money.value for f in money_on(page, LabelKind.NEVER) if f.label.word in _DEPOSITS}
    return sums | {total + deposit for total in sums for deposit in bottles}


_DEPOSITS = frozenset({"공병보증금", "보증금"})


_TAKEN_OFF = (LabelKind.CHARGED, LabelKind.PAYMENT, LabelKind.NEVER)
"""Sums that are taken off another one where they have a minus: points used, what was paid back."""


def _discounted(page: LabelledPage, arithmetic: Arithmetic) -> dict[Won, Won]:
    """The first total, and every other one whose discounts leave another one, and what they leave.

    The discounts are the largest, which may be the sum of the others, or all of them; what brings
    the goods may be added instead.
    """
    taken_off = {
        (each.place.row, each.money.value)
        for each in money_on(page, LabelKind.DISCOUNT, *_TAKEN_OFF)
        if each.money.negative or each.label.is_any(frozenset({LabelKind.DISCOUNT}))
    }
    values = [value for _, value in taken_off if value]
    totals = {
        each.money.value
        for each in money_on(page, LabelKind.DUE, LabelKind.CHARGED)
        if not each.money.negative
    }
    left: dict[Won, Won] = {}
    for total in sorted(totals):
        for discount in {max(values, default=0), sum(values)} - {0}:
            if total - discount in totals:
                left[total] = total - discount
        for fee in _values_of(page, LabelKind.SERVICE) - {0}:
            if total + fee in totals:
                left[total] = total + fee
    if arithmetic.total is not None and arithmetic.discount:
        left.setdefault(arithmetic.total, arithmetic.total - arithmetic.discount)
    return left


def _before_discount(
    page: LabelledPage, arithmetic: Arithmetic, discounted: dict[Won, Won]
) -> frozenset[Won]:
    """The first total where a discount is printed, and all that one is taken from."""
    first = {arithmetic.total} if arithmetic.total is not None and _has_discount(page) else set()
    return frozenset(first | set(discounted))


def _candidate(
    page: LabelledPage,
    source: str,
    found: LabelledMoney,
    counts: Counter[Won],
    facts: _Facts,
) -> Candidate[Won]:
    value = found.money.value
    features = {
        source: 1.0,
        "titled": float(_is_titled(page, found)),
        "misread": 1.0 - found.label.score,
        "below": float(found.below),
        "unmarked": float(not found.money.marked),
        **_common_features(page, found.place.row, found.money, counts),
        **_page_features(value, facts),
    }
    return Candidate(value, page.evidence(found.place), found.label.word, features)


def _is_titled(page: LabelledPage, found: LabelledMoney) -> bool:
    """Whether a sum on a vague label is what the title names: 예약금 영수증."""
    title = (row.row.text for row in page.rows[: min(TITLE_ROWS, found.place.row)])
    return found.label.is_any(frozenset({LabelKind.BARE})) and any(
        len(found.label.word) >= LEAST_TITLE and found.label.word in compact(text) for text in title
    )


def _page_features(value: Won, facts: _Facts) -> dict[str, float]:
    return {
        "adds_up": float(_is_near(value, facts.sums)),
        "is_part": float(value in facts.parts and value != facts.parts_sum),
        "parts_sum": float(bool(facts.parts) and value == facts.parts_sum),
        "cash_adds_up": float(value == facts.cash),
        "after_discount": float(value in facts.after_discount),
        "is_other_sum": float(value in facts.not_total),
        "is_supply": float(value in facts.supplies),
        "vat_fits": float(_fits_vat(value, facts.supply)),
        "vat_alone": float(_is_eleven_times(value, facts)),
        "whole": float(facts.whole is not None and abs(value - facts.whole) <= TOLERANCE),
        "before_discount": float(value in facts.before_discount),
        "is_vat": float(any(_is_vat_of(value, total) for total in facts.totals)),
        "in_code": float(value in facts.coded),
        "below_code": float(value in facts.below_codes),
        "in_words": float(value in facts.in_words),
    }


def _vat_pairs(printed: Counter[Won]) -> dict[Won, Won]:
    """Supply prices whose tenth and whose sum with it are printed too, and that sum.

    Three numbers that fit each other so say what they are, whatever their labels say.
    """
    pairs = {}
    for total in printed:
        supply = round(total / 1.1)
        near = range(supply - TOLERANCE, supply + TOLERANCE + 1)
        fits = [price for price in near if price in printed and total - price in printed]
        if total >= MIN_VAT_TOTAL and fits:
            pairs[fits[0]] = total
    return pairs


def _fits_vat(value: Won, supply: Won | None) -> bool:
    """Whether a total is its supply price and a tenth of it."""
    return supply is not None and supply > 0 and abs(value - supply * 11 / 10) <= TOLERANCE


REASONS = (
    "adds_up",
    "vat_fits",
    "vat_alone",
    "after_discount",
    "cash_adds_up",
    "parts_sum",
    "in_words",
)
"""What arithmetic can say for a sum whose label can't be read."""


def _whole(arithmetic: Arithmetic) -> Won | None:
    if arithmetic.vat is None:
        return None
    parts = (arithmetic.supply, arithmetic.vat, arithmetic.tax_free, arithmetic.service)
    return sum(part or 0 for part in parts)


def _has_discount(page: LabelledPage) -> bool:
    """Whether a discount is printed, read or not: then the first sum isn't what was paid.

    Tills print one of nought where there was none.
    """
    labels = sum(1 for _ in page.labels(LabelKind.DISCOUNT))
    nothing = sum(found.money.value == 0 for found in money_on(page, LabelKind.DISCOUNT))
    return labels > nothing


def _is_vat_of(value: Won, total: Won) -> bool:
    return total >= MIN_VAT_TOTAL and abs(value - total / 11) <= 1


def _is_eleven_times(value: Won, facts: _Facts) -> bool:
    """Whether a printed VAT is that of a total; where the supply price is printed, that decides."""
    return bool(facts.vat) and facts.supply is None and abs(value / 11 - (facts.vat or 0)) <= 1


def _unlabelled_candidates(
    page: LabelledPage, counts: Counter[Won], facts: _Facts
) -> Iterator[Candidate[Won]]:
    """Sums whose label can't be read, where arithmetic, a won sign or another place speaks for
    them: a bare number is nobody's total.
    """
    # An app's headline has no label, but beside it stands when or under which number it was paid.
    tells_when = any(row.has(LabelKind.PAID_AT, LabelKind.APPROVAL) for row in page.rows)
    told = {
        (found.place.row, found.money.value)
        for found in money_on(page, *NOT_THE_TOTAL)
        if found.below and found.money.value not in facts.vat_totals
    }
    for index, row in enumerate(page.rows):
        sums = [money for money in find_money(row.row.text) if money.marked]
        if not sums or sums[-1].value < MIN_AMOUNT or (index, sums[-1].value) in told:
            continue
        money = sums[-1]
        # A row's slope may be misjudged: a total beside 승인번호 is one if VAT and supply say so.
        if row.labels and (money.value not in facts.vat_totals or row.has(*MONEY_KINDS)):
            continue
        reasons = _page_features(money.value, facts)
        reasoned = any(reasons[reason] for reason in REASONS)
        alone = stands_alone(row.row.text, money)
        headline = index <= len(page.rows) / 3
        app_headline = alone and headline and tells_when
        if not (reasoned or money.signed or counts[money.value] > 1 or app_headline):
            continue
        features = {
            "unlabelled": 1.0,
            "unreasoned": float(not reasoned),
            "alone": float(alone),
            "several_sums": float(len(sums) > 1),
            "headline": float(headline),
            "largest": float(money.value >= facts.largest),
            "listed": float(facts.listed and not reasoned),
            **_common_features(page, index, money, counts),
            **reasons,
        }
        place = Place(index, money.start, money.end)
        yield Candidate(money.value, page.evidence(place), None, features)


def stands_alone(text: str, money: Money) -> bool:
    """Whether a row holds nothing but one sum, as the headline of an app does."""
    return not any(sign.isalnum() for sign in text[: money.start] + text[money.end :])


def _common_features(
    page: LabelledPage, row: int, money: Money, counts: Counter[Won]
) -> dict[str, float]:
    return {
        "repeats": float(min(counts[money.value] - 1, 3)),
        "tall": float(page.rows[row].row.height > TALL * page.line_height),
        "lower": row / max(1, len(page.rows)),
        "tiny": float(money.value < 100),
        "small": float(money.value < 1000),
        "won_sign": float(money.signed),
    }


# ── sums that lost, gained or changed a digit in reading ─────────────────────────────────────

READ_BY_ONE = 0.5
"""How much a sum is mended that one reader saw whole and the merged text hasn't."""
_RAGGED = re.compile(r"(?<![\d*-])\d[\d,. ]{2,12}\d(?![\d*-])")
"""A number of four digits and more, its separators where they may be."""


def mended_candidates(
    page: LabelledPage, counts: Counter[Won], facts: _Facts
) -> Iterator[Candidate[Won]]:
    """Sums one digit away from what a reader saw on a total's label, where the page says the sum.

    `100,00` and `100,0090` are no sums, so that any sum printed elsewhere may be meant; beside a
    sound one only arithmetic counts.
    """
    for row, label in page.labels(LabelKind.CHARGED, LabelKind.DUE):
        place = page.beside(row, label)
        ragged = list(_RAGGED.finditer(page.text(place)))
        if not ragged or _is_column_head(page, row):
            continue
        match = ragged[-1]
        exact = Place(row, place.start + match.start(), place.start + match.end())
        digits = re.sub(r"\D", "", match.group())
        sound = any(int(digits) == money.value for money in find_money(page.text(place)))
        meant = _said_sums(facts) if sound else _said_sums(facts) | _printed(counts)
        vats = frozenset() if sound else _whole_sums_of_vat(facts.vat, digits)
        evidence = page.evidence(exact)
        written = {digits, *_last_numbers(evidence.readings)}
        for value in (meant | vats) - {int(digits)}:
            changed = min(Levenshtein.distance(each, str(value)) for each in written)
            if changed <= 1:
                features = {
                    _source(label): 1.0,
                    "mended": 1.0 if changed else READ_BY_ONE,
                    "misread": 1.0 - label.score,
                    "repeats": float(min(counts[value], 3)),
                    **_page_features(value, facts),
                }
                yield Candidate(value, evidence, label.word, features)


def _last_numbers(readings: Sequence[str]) -> Iterator[str]:
    """The digits of the last number in each reading of a sum."""
    for reading in readings:
        if found := _RAGGED.findall(reading):
            yield re.sub(r"\D", "", found[-1])


def _source(label: Label) -> str:
    return "charged" if LabelKind.CHARGED in label.kinds else "due"


def _said_sums(facts: _Facts) -> frozenset[Won]:
    return facts.sums | facts.coded | facts.below_codes | facts.in_words


def _printed(counts: Counter[Won]) -> frozenset[Won]:
    return frozenset(value for value in counts if value >= LEAST_MENDED)


def _whole_sums_of_vat(vat: Won | None, digits: str) -> frozenset[Won]:
    """Whole tens of which the printed VAT is an eleventh."""
    if not vat or len(digits) < 4:
        return frozenset()
    return frozenset(v for v in range(11 * vat - 10, 11 * vat + 11) if v % 10 == 0)


def _summed_candidates(
    page: LabelledPage, arithmetic: Arithmetic, facts: _Facts
) -> Iterator[Candidate[Won]]:
    """Where the total can't be read: supply and VAT together, or all parts of the payment."""
    if arithmetic.supply is not None and arithmetic.vat:
        value = arithmetic.supply + arithmetic.vat
        places = [found.place for found in money_on(page, LabelKind.VAT)]
        features = {"summed": 1.0, **_page_features(value, facts)}
        yield Candidate(value, page.evidence(places[0]), "공급가액+부가세", features)
    parts = _positive_rows(page, LabelKind.PAYMENT)
    if len(parts) > 1:
        value = sum(part.money.value for part in parts)
        features = {"summed_parts": 1.0, **_page_features(value, facts)}
        yield Candidate(value, page.evidence(parts[-1].place), parts[-1].label.word, features)
