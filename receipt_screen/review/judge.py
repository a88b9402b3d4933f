"""What a reviewer changes, and the rules applied again to it. Nothing is read anew."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, Final, cast

from receipt_screen.campaign import Campaign
from receipt_screen.desk.chain import Event, EventKind
from receipt_screen.desk.dossier import Dossier
from receipt_screen.errors import UsageError
from receipt_screen.messages import Language
from receipt_screen.records import Fields, Findings, Found, Outcome
from receipt_screen.screener import Screener

EDITABLE: Final = ("amount", "date", "time", "merchant", "business_number", "approval_number")
"""Also the order of their keys 1 to 6."""
LONGEST: Final = 100
Value = int | str | None


class Judge:
    """Applies edits to an original dossier, and the campaign's rules to what comes of it."""

    def __init__(self, campaign: Campaign, language: Language) -> None:
        self._screener = Screener(campaign, language=language)

    def __call__(self, dossier: Dossier, changes: list[Event]) -> Dossier:
        """The dossier that a submission has after these changes."""
        screening = dossier.screening
        if screening is None:
            return dossier
        findings, apart = screening.findings, set()
        for change in changes:
            detail = change.detail or {}
            if change.kind is EventKind.EDITED:
                findings = _edited(findings, detail["field"], detail["new"])
            else:
                apart.add(detail["other"])
        judged = self._screener.judge(
            findings,
            submission=screening.submission,
            received=screening.received,
            submitter=screening.submitter,
            matches=tuple(match for match in screening.matches if match.submission not in apart),
            others=dossier.others,
        )
        return dossier.judged_anew(judged)


def _edited(findings: Findings, name: str, value: Value) -> Findings:
    """Findings in which a person has said what one field's value is."""
    before: Found[Any] = getattr(findings.fields, name)
    found = before.model_copy(
        update={
            "value": _typed(name, value),
            "text": None,
            "confidence": 1.0,
            "agreed": value is not None,
            "rivals": (),
            "why": None if value is not None else "a reviewer found none",
        }
    )
    fields: Fields = findings.fields.model_copy(update={name: found})
    # What a person has read was read.
    page = findings.page.model_copy(update={"outcome": Outcome.READ, "why": None})
    return findings.model_copy(update={"fields": fields, "page": page})


def _typed(name: str, value: Value) -> object:
    return dt.date.fromisoformat(str(value)) if name == "date" and value is not None else value


def current_value(dossier: Dossier, name: str) -> Value:
    """A field's value as an entry of the record holds it."""
    if dossier.screening is None:
        return None
    value = getattr(dossier.screening.findings.fields, name).value
    return value.isoformat() if isinstance(value, dt.date) else cast("Value", value)


def parse_value(name: str, text: str) -> Value:
    """What a reviewer typed, as a value; empty: the receipt has none.

    Raises UsageError for what can't be one, and for fields that aren't edited.
    """
    if name not in EDITABLE:
        raise UsageError("review.no_such_field")
    text = " ".join(text.split())
    if not text:
        return None
    value = _PARSERS[name](text) if len(text) <= LONGEST else None
    if value is None:
        raise UsageError(_WRONG[name])
    return value


def _amount(text: str) -> Value:
    digits = re.sub(r"[\s,.원₩]", "", text)
    return int(digits) if re.fullmatch(r"-?\d{1,10}", digits, re.ASCII) else None


def _date(text: str) -> Value:
    numbers = re.fullmatch(r"(\d{4})\D{0,3}(\d{1,2})\D{0,3}(\d{1,2})\D?", text, re.ASCII)
    try:
        return dt.date(*map(int, numbers.groups())).isoformat() if numbers else None
    except ValueError:
        return None


def _time(text: str) -> Value:
    parts = re.fullmatch(r"([01]?\d|2[0-3]):?([0-5]\d)(?::?([0-5]\d))?", text, re.ASCII)
    if not parts:
        return None
    hour, minute, second = parts.groups()
    return f"{int(hour):02d}:{minute}" + (f":{second}" if second else "")


def _business_number(text: str) -> Value:
    digits = re.sub(r"[\s-]", "", text)
    return digits if re.fullmatch(r"\d{10}", digits, re.ASCII) else None


def _approval_number(text: str) -> Value:
    digits = re.sub(r"[\s-]", "", text)
    return digits if re.fullmatch(r"[0-9A-Za-z]{4,20}", digits, re.ASCII) else None


_PARSERS: Final[dict[str, Callable[[str], Value]]] = {
    "amount": _amount,
    "date": _date,
    "time": _time,
    "merchant": str,
    "business_number": _business_number,
    "approval_number": _approval_number,
}
_WRONG: Final = {
    "amount": "review.bad_amount",
    "date": "review.bad_date",
    "time": "review.bad_time",
    "merchant": "review.bad_merchant",
    "business_number": "review.bad_business_number",
    "approval_number": "review.bad_approval_number",
}
