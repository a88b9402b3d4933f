"""Makers of findings and cases for tests: a sound receipt, of which a test changes one thing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from receipt_screen.campaign import Campaign
from receipt_screen.checks import CHECKS, Case
from receipt_screen.geometry import Box, Quad
from receipt_screen.messages import Language
from receipt_screen.records import (
    Arithmetic,
    CheckResult,
    DocumentKind,
    Fields,
    Findings,
    Fingerprints,
    Flag,
    Found,
    Line,
    Mark,
    MarkKind,
    Match,
    Outcome,
    Page,
    PaperFacts,
    PhotoFacts,
    Quality,
    Rival,
)

CAMPAIGNS = Path(__file__).parents[1] / "samples" / "campaigns"
JEONBUK = CAMPAIGNS / "jeonbuk-2025.toml"
KOREA = dt.timezone(dt.timedelta(hours=9))
PAID = dt.date(2025, 1, 20)
RECEIVED = dt.datetime(2025, 1, 21, 10, 15, tzinfo=KOREA)
PHOTO_BOX = Box(0, 0, 1200, 1600)

T = TypeVar("T")


def found(
    value: T,
    confidence: float = 0.99,
    *,
    agreed: bool = True,
    rivals: Mapping[T, float] | None = None,
) -> Found[T]:
    """A value that was read; `rivals` are other values with their confidences."""
    others = tuple(
        Rival[Any](value=other, confidence=sure) for other, sure in (rivals or {}).items()
    )
    return Found[Any](
        value=value, text=str(value), confidence=confidence, agreed=agreed, rivals=others
    )


def missing(why: str = "not printed") -> Found[Any]:
    """A value that was not read."""
    return Found[Any](value=None, confidence=0.5, why=why)


NO_FIELDS = Fields(
    **dict.fromkeys(
        (
            "amount",
            "date",
            "time",
            "merchant",
            "business_number",
            "approval_number",
            "card",
            "phone",
            "address",
            "document",
        ),
        missing(),
    )
)
"""The fields of a page on which nothing was found."""


def fields(**changes: Any) -> Fields:
    """What a sound card slip of 100,000 won says, except for the changes."""
    sound: dict[str, Any] = {
        "amount": found(100_000),
        "date": found(PAID),
        "time": found("10:12:33"),
        "merchant": found("한들콩나물국밥"),
        "business_number": found("5058124020"),
        "approval_number": found("00652378"),
        "card": found("…-****-****-1234"),
        "phone": missing(),
        "address": found("전북특별자치도 전주시 완산구 한들로 1"),
        "document": found(DocumentKind.CARD_SLIP),
        "weekday": PAID.weekday(),
        "arithmetic": Arithmetic(supply=90_909, vat=9_091),
    }
    return Fields(**{**sound, **changes})


def line(text: str, top: float = 100, confidence: float = 0.99) -> Line:
    """A line of text somewhere on the photo."""
    box = Box(100, top, 100 + 20 * max(1, len(text)), top + 30)
    return Line(text=text, quad=Quad.from_box(box), confidence=confidence)


def page(*texts: str, outcome: Outcome = Outcome.READ, why: str | None = None) -> Page:
    """A page with these lines, or the ones of a plain slip."""
    shown = texts or (("합계 100,000",) if outcome is Outcome.READ else ())
    lines = tuple(line(text, 100 + 40 * number) for number, text in enumerate(shown))
    return Page(
        engine="replay",
        version="1",
        outcome=outcome,
        why=why,
        width=1200,
        height=1600,
        lines=lines,
    )


def quality(**changes: Any) -> Quality:
    """The quality of a good photo, except for the changes."""
    good: dict[str, Any] = {
        "sharpness": 400.0,
        "glare": 0.0,
        "contrast": 150.0,
        "glyph_height": 30.0,
    }
    return Quality(**{**good, **changes})


def findings(**changes: Any) -> Findings:
    """The findings of a sound slip, except for the changes."""
    sound: dict[str, Any] = {
        "photo": PhotoFacts(
            file="a.jpg", sha256="a" * 64, bytes=1000, format="JPEG", width=1200, height=1600
        ),
        "paper": PaperFacts(
            found=True, kind="paper", quad=Quad.from_box(PHOTO_BOX), quality=quality()
        ),
        "page": page(),
        "fields": fields(),
        "prints": Fingerprints(file="a" * 64, pixels="b" * 64),
        "seconds": {"photo": 0.1, "paper": 0.1, "reading": 0.4, "fields": 0.01, "prints": 0.02},
    }
    return Findings(**{**sound, **changes})


def unread(outcome: Outcome = Outcome.FAILED, why: str = "the engine timed out") -> Findings:
    """The findings of a photo that could not be read."""
    return findings(page=page(outcome=outcome, why=why), fields=NO_FIELDS)


def photo_of(quality_of_photo: Quality) -> PaperFacts:
    """A paper with this quality."""
    return PaperFacts(
        found=True, kind="paper", quad=Quad.from_box(PHOTO_BOX), quality=quality_of_photo
    )


def mark(kind: MarkKind, text: str, confidence: float = 0.99) -> Mark:
    """A word on the receipt with a meaning for the rules."""
    return Mark(kind=kind, text=text, confidence=confidence)


def campaign(tables: str = "", *, top: str = "") -> Campaign:
    """A campaign of January and February 2025 from 100,000 won, with more of TOML.

    `top` are lines for the top of the file; `tables` follow the table of the amount, so that
    they may begin with keys of that.
    """
    period = "[[periods]]\nfirst = 2025-01-13\nlast = 2025-02-28"
    source = f'name = "test"\n{top}\n{period}\n[amount]\nminimum = 100000\n{tables}\n'
    return Campaign.parse(source.encode(), file="test.toml")


def case(
    of: Findings | None = None,
    *,
    rules: str | Campaign = "",
    submission: str = "2025-000123",
    received: dt.datetime = RECEIVED,
    matches: tuple[Match, ...] = (),
    others: tuple[Findings, ...] = (),
    language: Language = "en",
    **changes: Any,
) -> Case:
    """A case of a sound slip; `changes` are fields of the receipt."""
    return Case(
        findings=of or findings(fields=fields(**changes)),
        campaign=campaign(rules) if isinstance(rules, str) else rules,
        submission=submission,
        received=received,
        matches=matches,
        others=others,
        language=language,
    )


def result(name: str, of: Case) -> CheckResult:
    """What the check of this name makes of a case."""
    return next(made for made in (check(of) for check in CHECKS) if made.check == name)


def flags(of: Case) -> dict[str, Flag]:
    """All flags of a case by their codes."""
    return {flag.code: flag for check in CHECKS for flag in check(of).flags}
