"""What was paid, against what has to be paid."""

from __future__ import annotations

from receipt_screen.campaign import Campaign
from receipt_screen.checks.arithmetic import contradicted
from receipt_screen.checks.case import Case, flagged, not_checked, passed, treated
from receipt_screen.checks.certainty import comparable_rival, is_strong, misreadings
from receipt_screen.records import CheckResult, Flag, Severity, Won


def minimum_amount(case: Case) -> CheckResult:
    """The amount reaches the campaign's minimum, and no single misread digit decides that."""
    amount, minimum = case.fields.amount.value, case.campaign.amount.minimum
    if amount is None:
        return not_checked("minimum_amount", case.say("checks.amount_unread"), required=True)
    values = {"amount": amount, "minimum": minimum}
    if amount < minimum:
        flag = Flag(
            code="below_minimum",
            severity=_below_severity(case, amount),
            message=case.say("checks.below_minimum", values),
        )
        return flagged("minimum_amount", [flag])
    reached = case.say("checks.minimum_reached", values)
    if is_near(amount, case.campaign) and not case.fields.amount.agreed:
        flag = Flag(
            code="near_minimum",
            severity=Severity.REVIEW,
            message=case.say("checks.near_minimum", values),
        )
        return flagged("minimum_amount", [flag], reached)
    return passed("minimum_amount", reached)


def is_near(amount: Won, campaign: Campaign) -> bool:
    """Whether one misread digit, or the campaign's margin, separates it from the other answer."""
    rule = campaign.amount
    if rule.margin and abs(amount - rule.minimum) <= rule.margin:
        return True
    below = amount < rule.minimum
    return any((other < rule.minimum) != below for other in misreadings(amount))


def _below_severity(case: Case, amount: Won) -> Severity:
    found, campaign = case.fields.amount, case.campaign
    strong = is_strong(found, campaign.evidence, near=is_near(amount, campaign))
    return Severity.STRONG if strong and not contradicted(case.fields) else Severity.REVIEW


def amount_certain(case: Case) -> CheckResult:
    """The amount is read with enough confidence, and no other number is about as likely."""
    found, evidence = case.fields.amount, case.campaign.evidence
    if found.value is None:
        return not_checked("amount_certain", case.say("checks.amount_unread"), required=True)
    values = {"amount": found.value, "confidence": found.confidence, "floor": evidence.acceptable}
    rival = comparable_rival(found, evidence)
    if rival is not None:
        flag = Flag(
            code="amount_ambiguous",
            severity=Severity.REVIEW,
            message=case.say(
                "checks.amount_ambiguous", {"amount": found.value, "other": rival.value}
            ),
        )
        return flagged("amount_certain", [flag])
    if found.confidence < evidence.acceptable:
        flag = Flag(
            code="amount_uncertain",
            severity=Severity.REVIEW,
            message=case.say("checks.amount_uncertain", values),
        )
        return flagged("amount_certain", [flag])
    return passed("amount_certain", case.say("checks.amount_certain", values))


def split_payment(case: Case) -> CheckResult:
    """Whether the amount was paid in several parts, as the campaign treats that."""
    if not case.was_read:
        return not_checked("split_payment", case.say("checks.unread"), required=False)
    payments, action = case.fields.payments, case.campaign.treatment.split_payment
    if len(payments) < 2:
        return passed("split_payment", case.say("checks.unsplit"))
    message = case.say(
        "checks.split_payment",
        {"count": len(payments), "parts": " + ".join(f"{part.amount:,}" for part in payments)},
    )
    strong = case.fields.amount.confidence >= case.campaign.evidence.strong
    severity = treated(action, strong=strong)
    if severity is None:
        return passed("split_payment", message)
    return flagged(
        "split_payment", [Flag(code="split_payment", severity=severity, message=message)]
    )
