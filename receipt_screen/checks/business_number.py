"""The shop's registration number (사업자등록번호) and its check digit."""

from __future__ import annotations

from receipt_screen.checks.case import Case, flagged, not_checked, passed
from receipt_screen.fields.business_number import is_business_number
from receipt_screen.records import CheckResult, Flag, Severity


def business_number(case: Case) -> CheckResult:
    """The business number has the right check digit."""
    number = case.fields.business_number.value
    if number is None:
        why = case.say("checks.business_number_unread")
        required = "business_number" in case.campaign.needs
        return not_checked("business_number", why, required=required)
    if is_business_number(number):
        return passed("business_number", case.say("checks.check_digit_right"))
    flag = Flag(
        code="check_digit",
        severity=Severity.REVIEW,
        message=case.say("checks.check_digit_wrong"),
    )
    return flagged("business_number", [flag])
