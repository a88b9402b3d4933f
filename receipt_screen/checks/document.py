"""What kind of document the photo shows, and whether the organiser takes it as proof."""

from __future__ import annotations

from receipt_screen.campaign import Acceptance, Campaign
from receipt_screen.checks.case import Case, flagged, not_checked, passed, treated
from receipt_screen.checks.words import Hit, Place, best_hit
from receipt_screen.records import CheckResult, DocumentKind, Flag

KINDS = {
    DocumentKind.CARD_SLIP: "checks.kind_card_slip",
    DocumentKind.POS: "checks.kind_pos",
    DocumentKind.CASH_RECEIPT: "checks.kind_cash_receipt",
    DocumentKind.APP: "checks.kind_app",
    DocumentKind.HANDWRITTEN: "checks.kind_handwritten",
    DocumentKind.STATEMENT: "checks.kind_statement",
    DocumentKind.OTHER: "checks.kind_other",
    DocumentKind.NOT_A_RECEIPT: "checks.kind_not_a_receipt",
}


def document_kind(case: Case) -> CheckResult:
    """The document is of a kind, or has the words of a proof, that the campaign takes."""
    if not case.was_read:
        why = case.say("checks.unread")
        return not_checked("document_kind", why, required=_is_choosy(case.campaign))
    proof = _proof(case)
    if proof is not None:
        return passed("document_kind", case.say("checks.proof", {"word": proof.word}))
    found, campaign = case.fields.document, case.campaign
    if found.value is None:
        why = case.say("checks.kind_unknown")
        return not_checked("document_kind", why, required=_is_choosy(campaign))
    values = {"kind": case.say(KINDS[found.value])}
    acceptance: Acceptance = getattr(campaign.documents, found.value.value)
    strong = found.confidence >= campaign.evidence.strong
    severity = None if acceptance == "accept" else treated(acceptance, strong=strong)
    if severity is None:
        return passed("document_kind", case.say("checks.kind_accepted", values))
    message = case.say("checks.kind_not_accepted", values)
    flag = Flag(code="document_kind", severity=severity, message=message)
    return flagged("document_kind", [flag])


def _proof(case: Case) -> Hit | None:
    words = [word for proof in case.campaign.proofs for word in proof.words]
    lines = case.findings.page.lines
    return best_hit(words, [Place(line.text, line.confidence) for line in lines])


def _is_choosy(campaign: Campaign) -> bool:
    """Whether an unknown kind could be one that isn't taken."""
    return any(acceptance != "accept" for acceptance in dict(campaign.documents).values())
