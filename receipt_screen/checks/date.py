"""When was paid: one date, and one that can be."""

from __future__ import annotations

import datetime as dt

from receipt_screen.checks.case import Case, flagged, not_checked, passed
from receipt_screen.checks.certainty import comparable_rival
from receipt_screen.messages import Values
from receipt_screen.records import CheckResult, Flag, Severity

WEEKDAYS = (
    "checks.monday",
    "checks.tuesday",
    "checks.wednesday",
    "checks.thursday",
    "checks.friday",
    "checks.saturday",
    "checks.sunday",
)


def date_certain(case: Case) -> CheckResult:
    """The date is read with enough confidence, and no other date is about as likely."""
    found, evidence = case.fields.date, case.campaign.evidence
    if found.value is None:
        return not_checked("date_certain", case.say("checks.date_unread"), required=True)
    day = found.value.isoformat()
    rival = comparable_rival(found, evidence)
    if rival is not None:
        values = {"date": day, "other": rival.value.isoformat()}
        message = case.say("checks.date_ambiguous", values)
        flag = Flag(code="date_ambiguous", severity=Severity.REVIEW, message=message)
        return flagged("date_certain", [flag])
    read: Values = {"date": day, "confidence": found.confidence, "floor": evidence.acceptable}
    if found.confidence < evidence.acceptable:
        message = case.say("checks.date_uncertain", read)
        flag = Flag(code="date_uncertain", severity=Severity.REVIEW, message=message)
        return flagged("date_certain", [flag])
    return passed("date_certain", case.say("checks.date_certain", read))


def date_possible(case: Case) -> CheckResult:
    """The payment isn't dated after its upload, and a printed weekday agrees."""
    day = case.fields.date.value
    if day is None:
        return not_checked("date_possible", case.say("checks.date_unread"), required=True)
    flags = [flag for flag in (_after_upload(case, day), _other_weekday(case, day)) if flag]
    if flags:
        return flagged("date_possible", flags)
    values = {"date": day.isoformat(), "uploaded": case.upload_day.isoformat()}
    return passed("date_possible", case.say("checks.date_possible", values))


def is_impossible(case: Case, day: dt.date) -> bool:
    """Whether something speaks against the date as read, so that it can't carry a rejection."""
    return day > case.upload_day or _disagrees(case.fields.weekday, day)


def _after_upload(case: Case, day: dt.date) -> Flag | None:
    if day <= case.upload_day:
        return None
    values = {"date": day.isoformat(), "uploaded": case.upload_day.isoformat()}
    return Flag(
        code="date_after_upload",
        # Misread, misdated or forged: the date alone can't tell which.
        severity=Severity.REVIEW,
        message=case.say("checks.date_after_upload", values),
    )


def _other_weekday(case: Case, day: dt.date) -> Flag | None:
    printed = case.fields.weekday
    if printed is None or not _disagrees(printed, day):
        return None
    values = {
        "date": day.isoformat(),
        "weekday": case.say(WEEKDAYS[day.weekday()]),
        "printed": case.say(WEEKDAYS[printed % 7]),
    }
    return Flag(
        code="weekday_differs",
        severity=Severity.REVIEW,
        message=case.say("checks.weekday_differs", values),
    )


def _disagrees(printed: int | None, day: dt.date) -> bool:
    return printed is not None and printed != day.weekday()
