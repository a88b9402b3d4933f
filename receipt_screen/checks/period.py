"""Whether the payment is in the campaign, and which round it enters: two answers.

A day can be in the campaign and in no round: 2025-02-28 in the campaign of Jeonbuk was.
"""

from __future__ import annotations

import datetime as dt

from receipt_screen.checks.case import Case, flagged, not_checked, passed, treated
from receipt_screen.checks.certainty import is_strong, misread_days
from receipt_screen.checks.date import is_impossible
from receipt_screen.records import CheckResult, Flag, Severity


def period(case: Case) -> CheckResult:
    """The day of payment is in one of the campaign's periods."""
    day = case.fields.date.value
    if day is None:
        return not_checked("period", case.say("checks.date_unread"), required=True)
    spans = ", ".join(f"{span.first} – {span.last}" for span in case.campaign.periods)
    values = {"date": day.isoformat(), "periods": spans}
    if case.campaign.covers(day):
        return passed("period", case.say("checks.in_period", values))
    before = day < min(span.first for span in case.campaign.periods)
    flag = Flag(
        code="before_campaign" if before else "outside_campaign",
        severity=_outside_severity(case, day),
        message=case.say("checks.outside_period", values),
    )
    return flagged("period", [flag])


def _outside_severity(case: Case, day: dt.date) -> Severity:
    # A misread digit of the year (2023 for 2025) is what most often makes a good date bad.
    near = any(case.campaign.covers(other) for other in misread_days(day))
    strong = is_strong(case.fields.date, case.campaign.evidence, near=near)
    return Severity.STRONG if strong and not is_impossible(case, day) else Severity.REVIEW


def entry_day(case: Case) -> dt.date | None:
    """The day that picks the round: of the payment or of the upload, as the organiser chose."""
    return case.fields.date.value if case.campaign.round_by == "payment" else case.upload_day


def round_of_entry(case: Case) -> CheckResult:
    """The entry falls into one of the campaign's rounds."""
    if not case.campaign.rounds:
        return not_checked("round", case.say("checks.no_rounds"), required=False)
    paid, day = case.fields.date.value, entry_day(case)
    if day is None:
        return not_checked("round", case.say("checks.date_unread"), required=True)
    if paid is not None and not case.campaign.covers(paid):
        return not_checked("round", case.say("checks.round_unasked"), required=False)
    entered = case.campaign.round_of(day)
    if entered is not None:
        values = {
            "date": day.isoformat(),
            "round": entered.name,
            "first": entered.first.isoformat(),
            "last": entered.last.isoformat(),
        }
        return passed("round", case.say("checks.in_round", values))
    message = case.say("checks.no_round", {"date": day.isoformat()})
    severity = treated(case.campaign.treatment.no_round, strong=_is_sure_of_entry(case))
    if severity is None:
        return passed("round", message)
    return flagged("round", [Flag(code="no_round", severity=severity, message=message)])


def _is_sure_of_entry(case: Case) -> bool:
    if case.campaign.round_by == "upload":
        return True
    found = case.fields.date
    if found.value is None or is_impossible(case, found.value):
        return False
    near = any(map(case.campaign.round_of, misread_days(found.value)))
    return is_strong(found, case.campaign.evidence, near=near)


def upload_window(case: Case) -> CheckResult:
    """The photo was handed in while entries were taken."""
    window, day = case.campaign.uploads, case.upload_day
    if window.first is None and window.last is None:
        return not_checked("upload_window", case.say("checks.no_window"), required=False)
    values = {
        "uploaded": day.isoformat(),
        "first": window.first.isoformat() if window.first else "…",
        "last": window.last.isoformat() if window.last else "…",
    }
    if day in window:
        return passed("upload_window", case.say("checks.upload_in_time", values))
    message = case.say("checks.upload_outside", values)
    severity = treated(case.campaign.treatment.late_upload, strong=True)
    if severity is None:
        return passed("upload_window", message)
    return flagged("upload_window", [Flag(code="late_upload", severity=severity, message=message)])
