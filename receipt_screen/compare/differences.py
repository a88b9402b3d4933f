"""Where two receipts differ → what stands there on each, and which field it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import Field

from receipt_screen.compare.tokens import Token, spelled_at, tokens_at
from receipt_screen.geometry import Quad, Transform
from receipt_screen.records import Fields, Findings, Found, Record

NAMED = ("amount", "date", "time", "approval_number", "business_number", "card", "merchant")
"""The fields that a difference is named after, the one that matters most first."""


class Difference(Record):
    """A place where two receipts don't say the same."""

    field: str | None
    """`amount`, `date`, `time`, `approval_number`, `business_number`, `card`, `merchant`; None
    where none of them stands there."""
    before: str | None = Field(None, repr=False)
    """What the earlier one says there, as printed; None where it wasn't read."""
    after: str | None = Field(None, repr=False)
    earlier: tuple[Quad, ...] = ()
    """Where it stands in the earlier full-size upright photo; several places may print it."""
    later: tuple[Quad, ...] = ()


def differences_at(
    places: Iterable[Quad], to_later: Transform, earlier: Findings, later: Findings
) -> tuple[Difference, ...]:
    """What differs at places of the earlier photo; `to_later` leads to the later one.

    Places that print one value of a field become one difference.
    """
    found = [_at(place, to_later.quad(place), earlier, later) for place in places]
    return tuple(_merged(found))


def differences_of_values(
    names: Iterable[str], earlier: Findings, later: Findings
) -> tuple[Difference, ...]:
    """The fields of these names with what each photo says, where pictures can't be aligned."""
    return tuple(_of_value(name, earlier.fields, later.fields) for name in names)


def _of_value(name: str, earlier: Fields, later: Fields) -> Difference:
    before, after = _found(earlier, name), _found(later, name)
    return Difference(
        field=name,
        before=_said(before),
        after=_said(after),
        earlier=() if before.quad is None else (before.quad,),
        later=() if after.quad is None else (after.quad,),
    )


def _at(place: Quad, there: Quad, earlier: Findings, later: Findings) -> Difference:
    before = tokens_at(earlier.page.lines, place)
    after = tokens_at(later.page.lines, there)
    name = _spelled_field(place, earlier) or _spelled_field(there, later)
    name = name or _field_at(place, earlier.fields) or _field_at(there, later.fields)
    name = name or _field_that_says(_text(before), _text(after), earlier, later)
    one, other = _found(earlier.fields, name), _found(later.fields, name)
    # One of the values may stem from another place, or be misread: then what stands here counts.
    by_value = name is not None and one.value != other.value
    return Difference(
        field=name,
        before=_said(one) if by_value else _text(before),
        after=_said(other) if by_value else _text(after),
        earlier=(_spelled(name, place, earlier) or _frame(one, before, place),),
        later=(_spelled(name, there, later) or _frame(other, after, there),),
    )


def _spelled_field(place: Quad, findings: Findings) -> str | None:
    """Whether the date or the time stands at a place: they share a line and often a number."""
    return next((name for name in SPELLED if _spelled(name, place, findings)), None)


def _spelled(name: str | None, place: Quad, findings: Findings) -> Quad | None:
    """Where the date or the time stands at a place, without what is printed beside it."""
    value = _found(findings.fields, name).value
    if name not in SPELLED or value is None:
        return None
    return spelled_at(findings.page.lines, place, SPELLED[name](str(value)))


def _date_spelling(value: str) -> re.Pattern[str]:
    year, month, day = (int(part) for part in value.split("-"))
    short = f"{year % 100:02}"
    close = rf"{short}{month:02}{day:02}"
    apart = rf"{short}\D{{1,4}}0?{month}\D{{1,4}}0?{day}(?!\d)"
    return re.compile(rf"(?<!\d)(?:{year // 100})?(?:{close}|{apart})")


def _time_spelling(value: str) -> re.Pattern[str]:
    return re.compile(r"\D{0,3}".join(value.split(":")))


SPELLED = {"date": _date_spelling, "time": _time_spelling}
"""How the value of a field may be printed."""


def _frame(found: Found[Any], token: Token | None, place: Quad) -> Quad:
    """The word that says all of the value, else where the value stands, else word or place.

    A word may be a part: of a name, or of a date in spaced pieces.
    """
    if token is not None and _says_all(token.text, found):
        return token.quad
    if found.quad is not None and _touch(found.quad, place):
        return found.quad
    return token.quad if token else place


def _says_all(text: str, found: Found[Any]) -> bool:
    """The text is the value, or a date's without the century."""
    plain, value = _plain(text), _plain(str(found.value))
    return plain == value or (len(plain) >= len("YYMMDD") and value.endswith(plain))


def _text(token: Token | None) -> str | None:
    return None if token is None else token.text


def _merged(found: list[Difference]) -> Iterator[Difference]:
    """Each field once, with all its places; the fields that matter most first."""
    for name in (*NAMED, None):
        same = [difference for difference in found if difference.field == name]
        if name is None:
            yield from same
        elif same:
            yield same[0].model_copy(
                update={
                    "earlier": tuple(quad for each in same for quad in each.earlier),
                    "later": tuple(quad for each in same for quad in each.later),
                }
            )


def _field_at(place: Quad, fields: Fields) -> str | None:
    """The field whose evidence stands at a place."""
    for name in NAMED:
        quad = _found(fields, name).quad
        if quad is not None and _touch(quad, place):
            return name
    return None


def _touch(one: Quad, other: Quad) -> bool:
    """The middle of one's upright box lies in the other's, or they share half of the smaller."""
    a, b = one.box, other.box
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    if width <= 0 or height <= 0:
        return False
    return width * height >= 0.5 * min(a.width * a.height, b.width * b.height)


def _field_that_says(
    before: str | None, after: str | None, earlier: Findings, later: Findings
) -> str | None:
    """The field whose value is printed at a further place."""
    for name in NAMED:
        one, other = _found(earlier.fields, name), _found(later.fields, name)
        if _prints(before, one) or _prints(after, other):
            return name
    return None


def _prints(text: str | None, found: Found[Any]) -> bool:
    if text is None or found.value is None:
        return False
    plain, value = _plain(text), _plain(str(found.value))
    return len(value) >= 4 and (plain == value or plain == _plain(found.text or ""))


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def _found(fields: Fields, name: str | None) -> Found[Any]:
    missing: Found[Any] = Found(value=None, confidence=0)
    return getattr(fields, name, missing) if name else missing


def _said(found: Found[Any]) -> str | None:
    return None if found.value is None else str(found.value)
