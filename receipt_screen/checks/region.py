"""Where the shop is, by its address."""

from __future__ import annotations

from receipt_screen.checks.case import Case, flagged, not_checked, passed, treated
from receipt_screen.checks.words import Place, best_hit
from receipt_screen.records import CheckResult, Flag


def region(case: Case) -> CheckResult:
    """The shop's address has one of the campaign's words for its region."""
    rule, address = case.campaign.region, case.fields.address
    if not rule.words:
        return not_checked("region", case.say("checks.no_region"), required=False)
    printed = [Place(address.value, address.confidence)] if address.value else []
    lines = [Place(line.text, line.confidence) for line in case.findings.page.lines]
    # Without an address a word for the region may still stand in a line nobody took for one.
    hit = best_hit(rule.words, printed or lines)
    if hit is not None:
        return passed("region", case.say("checks.in_region", {"word": hit.word}))
    if not printed:
        why = case.say("checks.address_unread")
        return not_checked("region", why, required=rule.otherwise != "ignore")
    message = case.say("checks.outside_region", {"words": ", ".join(rule.words)})
    strong = address.confidence >= case.campaign.evidence.strong
    severity = treated(rule.otherwise, strong=strong)
    if severity is None:
        return passed("region", message)
    return flagged("region", [Flag(code="outside_region", severity=severity, message=message)])
