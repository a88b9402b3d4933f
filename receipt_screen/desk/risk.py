"""In what order submissions are looked at: what is likeliest to be wrong comes first."""

from __future__ import annotations

import hashlib

from receipt_screen.campaign import Campaign
from receipt_screen.desk.dossier import Dossier
from receipt_screen.records import Relation, Screening, Severity, Verdict

CLOSE_CALLS = frozenset({"near_minimum", "amount_ambiguous", "date_ambiguous"})
"""Flags of values that one misread digit, or another candidate, would turn round."""
TIERS = 5
BLIND_TIMES, MOST_BLIND = 4, 0.5
"""The share of doubtful submissions that are shown blind, in shares of the audit; at most half."""


def rank(dossier: Dossier, campaign: Campaign) -> float:
    """Where a submission stands in the queue; 0 is first.

    Whole numbers part the tiers: matches with earlier submissions, evidence to reject, values
    near a bound, other doubts, photos that could not be read. Within one, the amount nearest to
    the minimum comes first.
    """
    screening = dossier.screening
    if screening is None or screening.verdict is Verdict.UNREADABLE:
        return TIERS - 1.0
    return _tier(screening) + _distance(screening, campaign)


def _tier(screening: Screening) -> int:
    flags = screening.flags
    if any(match.relation is not Relation.SAME_TEMPLATE for match in screening.matches):
        return 0
    if any(flag.severity is Severity.STRONG for flag in flags):
        return 1
    if any(flag.code in CLOSE_CALLS for flag in flags):
        return 2
    return 3


def _distance(screening: Screening, campaign: Campaign) -> float:
    """How far the amount is from the minimum, from 0 up to, but not including, 1."""
    amount, minimum = screening.findings.fields.amount.value, campaign.amount.minimum
    if amount is None or not minimum:
        return 0.5
    return min(0.99, abs(amount - minimum) / minimum)


def is_control(dossier: Dossier) -> bool:
    """Whether a doubtful submission may stand among audited passes without giving itself away.

    It has what every pass has: a picture, an amount and a date, and no match but a template's.
    """
    screening = dossier.screening
    if screening is None or screening.verdict is not Verdict.REVIEW:
        return False
    fields, pictures = screening.findings.fields, dossier.pictures
    return (
        _tier(screening) > 1
        and fields.amount.value is not None
        and fields.date.value is not None
        and bool(pictures)
        and not pictures[0].veiled
    )


def lot(submission: str, salt: str) -> float:
    """A number from 0 to 1 that a submission draws, the same every time.

    It decides whether a likely pass is audited, and where it is mixed into the queue. The salt
    keeps submitters from working it out.
    """
    digest = hashlib.sha256(f"{salt}\0{submission}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64
