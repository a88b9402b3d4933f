"""Fields that the organiser wants to be readable, besides amount and date."""

from __future__ import annotations

from receipt_screen.checks.case import Case, not_checked, passed
from receipt_screen.records import CheckResult


def needed_fields(case: Case) -> CheckResult:
    """Every field that the campaign needs was read."""
    needs = case.campaign.needs
    if not needs:
        return not_checked("needed_fields", case.say("checks.nothing_needed"), required=False)
    names = {
        "merchant": case.say("checks.field_merchant"),
        "business_number": case.say("checks.field_business_number"),
        "approval_number": case.say("checks.field_approval_number"),
        "time": case.say("checks.field_time"),
    }
    missing = [names[need] for need in needs if getattr(case.fields, need).value is None]
    if missing:
        why = case.say("checks.fields_missing", {"fields": ", ".join(missing)})
        return not_checked("needed_fields", why, required=True)
    read = ", ".join(names[need] for need in needs)
    return passed("needed_fields", case.say("checks.fields_read", {"fields": read}))
