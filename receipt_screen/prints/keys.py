"""Fields → transaction keys and single values, each with the probability that it was read right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from math import prod
from typing import Any

from receipt_screen.records import FieldPrint, Fields, Found, KeyKind, TransactionKey

CODE_DIGITS = 12
"""Day, till and number of a receipt; a shorter code may be a till's of its own."""
CODE_CONFIDENCE = 0.99
"""Codes have checksums; what isn't certain is that no other receipt carries it."""

_NO_DIGIT = re.compile(r"\D")
_CARD_TAIL = re.compile(r"\d{4}$")
_NO_LETTER = re.compile(r"\(주\)|㈜|주식회사|[^0-9A-Za-z가-힣]")

# ── several fields together ──────────────────────────────────────────────────────────────────


def transaction_keys(fields: Fields, codes: Iterable[str] = ()) -> tuple[TransactionKey, ...]:
    """The keys whose parts were all found, each as certain as its parts together.

    `codes` are what bar codes and QR codes hold: one is a key where it holds the day of payment
    or the approval number as well, so that it isn't a shop's address or an article's number.
    """
    return (*_keys(fields), *(_code_key(code) for code in codes if _is_of_purchase(code, fields)))


def _keys(fields: Fields) -> Iterator[TransactionKey]:
    shop, day, time, amount = fields.business_number, fields.date, fields.time, fields.amount
    tail = _tail(fields.card.value)
    if _all_found(shop, fields.approval_number, day):
        yield _key(KeyKind.APPROVAL, shop, fields.approval_number, day)
    if _all_found(shop, day, time, amount):
        yield _key(KeyKind.MINUTE, shop, day, _to_the_minute(time), amount)
    if _all_found(shop, day, amount):
        yield _key(KeyKind.DAY, shop, day, amount)
    if tail is not None and _all_found(day, time, amount):
        card = fields.card.model_copy(update={"value": tail})
        yield _key(KeyKind.CARD, card, day, _to_the_minute(time), amount)


def _code_key(code: str) -> TransactionKey:
    return TransactionKey(kind=KeyKind.BARCODE, value=code, confidence=CODE_CONFIDENCE)


def _is_of_purchase(code: str, fields: Fields) -> bool:
    digits = _NO_DIGIT.sub("", code)
    day, approval = fields.date.value, fields.approval_number.value
    marks = [f"{day:%Y%m%d}", f"{day:%y%m%d}"] if day else []
    marks += [approval] if approval else []
    return len(digits) >= CODE_DIGITS and any(mark in digits for mark in marks)


def _all_found(*parts: Found[Any]) -> bool:
    return all(part.value is not None for part in parts)


def _key(kind: KeyKind, *parts: Found[Any]) -> TransactionKey:
    value = "|".join(str(part.value) for part in parts)
    return TransactionKey(
        kind=kind, value=value, confidence=prod(part.confidence for part in parts)
    )


def _to_the_minute(time: Found[str]) -> Found[str]:
    """The time without seconds: not every copy of a slip prints them."""
    return time.model_copy(update={"value": str(time.value)[:5]})


def _on_the_dial(time: str) -> str | None:
    """The time as a clock with hands shows it: 오전 and 오후 are small print, and often lost."""
    return f"{int(time[:2]) % 12:02}{time[2:]}" if time else None


def _tail(card: str | None) -> str | None:
    """The card's last four digits; None where the slip masks them too."""
    found = _CARD_TAIL.search(card or "")
    return found and found.group()


# ── each field by itself ─────────────────────────────────────────────────────────────────────


def field_prints(fields: Fields) -> tuple[FieldPrint, ...]:
    """The values by which two receipts are told apart, as far as they were found.

    `minute` and `second` are the time to the minute and, where printed, to the second, and with
    `half_day_` before them that of a clock with hands; `card` is the card's tail; `merchant` has
    neither spaces nor signs nor the company's form.
    """
    values = dict(_values(fields))
    return tuple(
        FieldPrint(name=name, value=str(value), confidence=found.confidence)
        for name, (value, found) in values.items()
        if value
    )


def _values(fields: Fields) -> Iterator[tuple[str, tuple[object, Found[Any]]]]:
    time = fields.time.value or ""
    yield "amount", (fields.amount.value, fields.amount)
    yield "date", (fields.date.value, fields.date)
    yield "minute", (time[:5], fields.time)
    yield "second", (time if len(time) > len("HH:MM") else None, fields.time)
    yield "half_day_minute", (_on_the_dial(time[:5]), fields.time)
    yield "half_day_second", (_on_the_dial(time) if len(time) > len("HH:MM") else None, fields.time)
    yield "business_number", (fields.business_number.value, fields.business_number)
    yield "approval_number", (fields.approval_number.value, fields.approval_number)
    yield "card", (_tail(fields.card.value), fields.card)
    yield "merchant", (_NO_LETTER.sub("", fields.merchant.value or ""), fields.merchant)
