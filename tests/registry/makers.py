"""Makers of prints and screenings for tests of the registry."""

from __future__ import annotations

import hashlib
from typing import Any

from receipt_screen.records import (
    CampaignFacts,
    FieldPrint,
    Fingerprints,
    KeyKind,
    Screening,
    TextPrint,
    TransactionKey,
    Verdict,
)
from tests.cases import RECEIVED, findings

CAMPAIGN = "전북 선결제"
SURE = 0.97


def sha(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def approval(value: str, confidence: float = SURE) -> TransactionKey:
    return TransactionKey(kind=KeyKind.APPROVAL, value=value, confidence=confidence)


def minute(value: str, confidence: float = SURE) -> TransactionKey:
    return TransactionKey(kind=KeyKind.MINUTE, value=value, confidence=confidence)


def day(value: str, confidence: float = SURE) -> TransactionKey:
    return TransactionKey(kind=KeyKind.DAY, value=value, confidence=confidence)


def card(value: str, confidence: float = SURE) -> TransactionKey:
    return TransactionKey(kind=KeyKind.CARD, value=value, confidence=confidence)


def looks(bits: int) -> str:
    """A perceptual hash so many bits away from `looks(0)`."""
    return f"{int(sha('a look'), 16) ^ ((1 << bits) - 1):064x}"


def values(confidence: float = SURE, **named: str) -> tuple[FieldPrint, ...]:
    """The single values of a receipt."""
    return tuple(
        FieldPrint(name=name, value=value, confidence=confidence) for name, value in named.items()
    )


def text(*numbers: str, serials: tuple[str, ...] = ()) -> TextPrint:
    """What a receipt says besides."""
    return TextPrint(numbers=tuple(sorted({*numbers, *serials})), serials=serials)


SAYS_MUCH = text(
    *("1000", "2500", "4000", "5500", "9091", "50000", "1234", "2025"),
    serials=("100001", "100002", "100003", "100004"),
)
"""Enough to know a receipt by."""


def prints(
    photo: str, *keys: TransactionKey, look: str | None = None, **changes: Any
) -> Fingerprints:
    """The prints of a photo with a file and pixels of its own."""
    own: dict[str, Any] = {"file": sha(f"file {photo}"), "pixels": sha(f"pixels {photo}")}
    return Fingerprints(**{**own, "look": look, "keys": keys, **changes})


def screening(of: Fingerprints, submission: str, campaign: str = CAMPAIGN) -> Screening:
    """A screening of a photo with these prints."""
    return Screening(
        findings=findings(prints=of),
        submission=submission,
        received=RECEIVED,
        campaign=CampaignFacts(name=campaign, sha256=sha(campaign)),
        verdict=Verdict.REVIEW,
        checks=(),
    )
