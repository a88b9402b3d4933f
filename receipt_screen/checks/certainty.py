"""How sure a value is: near misreadings, comparable rivals, and what may carry a rejection.

Two independent readings that agree are better evidence than either engine's confidence, so
`Found.agreed` outweighs nearness; it doesn't outweigh a low confidence, because two readers may
agree on the digits of a number that hangs on the wrong label.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TypeVar

from receipt_screen.campaign import Evidence
from receipt_screen.records import Found, Rival, Won

T = TypeVar("T")
DIGITS = "0123456789"


def misreadings(number: Won) -> frozenset[Won]:
    """Every number that differs in one digit: another digit, one lost or one added.

    Receipts print no leading zeros, so nothing that begins with one was misread.
    """
    digits = str(abs(number))
    others = {text for text in _one_digit_edits(digits) if text == "0" or text[:1] not in ("", "0")}
    return frozenset(map(int, others - {digits}))


def _one_digit_edits(digits: str) -> Iterator[str]:
    for place in range(len(digits) + 1):
        before, after = digits[:place], digits[place:]
        yield before + after[1:]
        for digit in DIGITS:
            yield before + digit + after
            yield before + digit + after[1:]


def misread_days(day: dt.date) -> frozenset[dt.date]:
    """Every day of the calendar that differs in one digit; digits of a date aren't lost."""
    digits = day.strftime("%Y%m%d").zfill(8)  # years before 1000 lose their zeros
    days = {
        _day(digits[:place] + digit + digits[place + 1 :]) for place in range(8) for digit in DIGITS
    }
    return frozenset(other for other in days if other is not None and other != day)


def _day(digits: str) -> dt.date | None:
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def comparable_rival(found: Found[T], evidence: Evidence) -> Rival[T] | None:
    """The likeliest other value, when it is likely enough to make the choice uncertain."""
    floor = evidence.rival * found.confidence
    rivals = [rival for rival in found.rivals if rival.value != found.value]
    best = max(rivals, key=lambda rival: rival.confidence, default=None)
    return best if best is not None and best.confidence >= max(floor, _NEGLIGIBLE) else None


_NEGLIGIBLE = 0.01
"""A rival less likely than this is no rival, however unsure the chosen value is."""


def is_strong(found: Found[T], evidence: Evidence, *, near: bool) -> bool:
    """Whether a value may carry a proposal to reject.

    `near`: one misread digit away from the other answer.
    """
    if comparable_rival(found, evidence) is not None:
        return False
    floor = evidence.acceptable if found.agreed else evidence.strong
    return found.confidence >= floor and (found.agreed or not near)
