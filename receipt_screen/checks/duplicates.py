"""Earlier submissions of the same receipt. A template in common says nothing."""

from __future__ import annotations

from receipt_screen.checks.case import Case, flagged, passed
from receipt_screen.records import CheckResult, Flag, KeyKind, Match, Relation, Severity

RELATIONS = {
    Relation.SAME_FILE: "checks.same_file",
    Relation.SAME_IMAGE: "checks.same_image",
    Relation.SAME_RECEIPT: "checks.same_receipt",
    Relation.ALTERED_COPY: "checks.altered_copy",
}

SURE = 0.99
"""Probability that two show one purchase from which on it is evidence without any key."""
PROOF = {"picture", "look", "approval", "approval_number"}
"""What nobody honest shares where another value was altered: the picture or the number."""
EXACT = (Relation.SAME_FILE,)
"""Certain whatever agrees. Otherwise a lone look, minute or card is in doubt: e-receipts of one
shop look alike, and two friends can pay the same sum at one till within a minute."""


def duplicates(case: Case) -> CheckResult:
    """Nobody handed in this receipt before, under another submission."""
    # Handing in the same submission again is a correction, not a second entry.
    earlier = [match for match in case.matches if match.submission != case.submission]
    flags = [_flag(case, match) for match in earlier if match.relation in RELATIONS]
    if flags:
        return flagged("duplicates", flags)
    return passed("duplicates", case.say("checks.no_duplicate"))


def _flag(case: Case, match: Match) -> Flag:
    values = {"submission": match.submission}
    return Flag(
        code=match.relation.value,
        severity=_severity(match),
        message=case.say(RELATIONS[match.relation], values),
    )


def _severity(match: Match) -> Severity:
    laid = match.relation is Relation.SAME_IMAGE and "picture" in match.agrees
    if laid or match.relation in EXACT or "pixels" in match.agrees:
        return Severity.STRONG
    if match.relation is Relation.ALTERED_COPY:
        return Severity.STRONG if PROOF & set(match.agrees) else Severity.REVIEW
    sure = (
        bool({KeyKind.APPROVAL, KeyKind.BARCODE} & set(match.agrees))
        or ("look" in match.agrees and len(match.agrees) > 1)
        or (match.probability or 0) >= SURE
    )
    return Severity.STRONG if sure and not match.differs else Severity.REVIEW
