"""How often one submitter, one card or one shop comes within the campaign's window."""

from __future__ import annotations

from receipt_screen.checks.case import Case, flagged, not_checked, passed
from receipt_screen.records import CheckResult, Flag, Frequency, Party, Severity

CODES = {
    Party.SUBMITTER: "many_of_submitter",
    Party.CARD: "many_of_card",
    Party.SHOP: "many_of_shop",
}
MESSAGES = {
    Party.SUBMITTER: "checks.many_of_submitter",
    Party.CARD: "checks.many_of_card",
    Party.SHOP: "checks.many_of_shop",
}


def velocity(case: Case) -> CheckResult:
    """Nobody and nothing takes part more often than the campaign finds usual."""
    rule = case.campaign.velocity
    usual = {Party.SUBMITTER: rule.submitter, Party.CARD: rule.card, Party.SHOP: rule.shop}
    if not any(usual.values()):
        return not_checked("velocity", case.say("checks.no_velocity"), required=False)
    flags = [
        _flag(case, each, most)
        for each in case.frequencies
        if (most := usual[each.party]) is not None and each.submissions > most
    ]
    if flags:
        return flagged("velocity", flags)
    return passed("velocity", case.say("checks.usual_velocity", {"hours": rule.hours}))


def _flag(case: Case, often: Frequency, most: int) -> Flag:
    # Honest regulars and busy shops exist: only a person can tell.
    values = {"count": often.submissions, "hours": case.campaign.velocity.hours, "most": most}
    message = case.say(MESSAGES[often.party], values)
    return Flag(code=CODES[often.party], severity=Severity.REVIEW, message=message)
