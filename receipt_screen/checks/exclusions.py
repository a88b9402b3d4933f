"""Shops and purchases that the organiser doesn't count."""

from __future__ import annotations

from receipt_screen.campaign import Exclusion
from receipt_screen.checks.case import Case, flagged, not_checked, passed, treated
from receipt_screen.checks.words import Hit, Place, best_hit
from receipt_screen.records import CheckResult, Flag, Severity

COMPANY_CARD_WORDS = ("법인카드", "법인신용", "법인체크", "기업카드", "업무추진비")
"""How a terminal names a company's card. 법인 alone also stands in the names of shops."""


def exclusions(case: Case) -> CheckResult:
    """The shop is none of those that the campaign excludes."""
    rules = [rule for rule in case.campaign.exclusions if rule.action != "ignore"]
    if not rules:
        return not_checked("exclusions", case.say("checks.no_exclusions"), required=False)
    flags = [flag for rule in rules if (flag := _excluded(case, rule)) is not None]
    if flags:
        return flagged("exclusions", flags)
    unseen = next((why for rule in rules if (why := _why_unseen(case, rule)) is not None), None)
    if unseen is not None:
        return not_checked("exclusions", unseen, required=True)
    return passed("exclusions", case.say("checks.not_excluded", {"count": len(rules)}))


def business_card(case: Case) -> CheckResult:
    """The payment wasn't made with a company's card, as the campaign treats that."""
    action = case.campaign.treatment.business_card
    if not case.was_read:
        why = case.say("checks.unread")
        return not_checked("business_card", why, required=action != "ignore")
    hit = best_hit(COMPANY_CARD_WORDS, _text(case))
    if hit is None:
        return passed("business_card", case.say("checks.no_business_card"))
    message = case.say("checks.business_card", {"word": hit.word})
    severity = treated(action, strong=hit.confidence >= case.campaign.evidence.strong)
    if severity is None:
        return passed("business_card", message)
    flag = Flag(code="business_card", severity=severity, message=message)
    return flagged("business_card", [flag])


def _excluded(case: Case, rule: Exclusion) -> Flag | None:
    hit = _number_hit(case, rule) if rule.where == "business_number" else _word_hit(case, rule)
    if hit is None:
        return None
    severity = treated(rule.action, strong=hit.confidence >= case.campaign.evidence.strong)
    message = case.say("checks.excluded", {"name": rule.name, "word": hit.word})
    return Flag(code="excluded", severity=severity or Severity.REVIEW, message=message)


def _word_hit(case: Case, rule: Exclusion) -> Hit | None:
    places = _merchant(case) if rule.where == "merchant" else _text(case)
    return best_hit(rule.words, places, unless=rule.unless)


def _number_hit(case: Case, rule: Exclusion) -> Hit | None:
    found = case.fields.business_number
    words = [word for word in rule.words if _digits(word) == found.value]
    return Hit(words[0], found.confidence) if words else None


def _digits(number: str) -> str:
    return "".join(character for character in number if character.isdigit())


def _merchant(case: Case) -> list[Place]:
    found = case.fields.merchant
    return [] if found.value is None else [Place(found.value, found.confidence)]


def _text(case: Case) -> list[Place]:
    return [Place(line.text, line.confidence) for line in case.findings.page.lines]


def _why_unseen(case: Case, rule: Exclusion) -> str | None:
    """Why it can't be told that a rule doesn't apply, if it can't."""
    if not case.was_read:
        return case.say("checks.unread")
    if rule.where == "business_number" and case.fields.business_number.value is None:
        return case.say("checks.business_number_unread")
    merchant = case.fields.merchant
    if rule.where == "merchant" and merchant.value is None:
        return case.say("checks.merchant_unread")
    if rule.where == "merchant" and merchant.confidence < case.campaign.evidence.merchant:
        return case.say("checks.merchant_uncertain", {"confidence": merchant.confidence})
    return None
