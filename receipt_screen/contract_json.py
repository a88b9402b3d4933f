"""Records → the JSON that users script against, schema 1 (docs/json.md).

The records may grow and move; what stands here stays. Names may be added, never changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from receipt_screen.geometry import Quad
from receipt_screen.records import (
    SCHEMA,
    CampaignFacts,
    CheckResult,
    Fields,
    Findings,
    Found,
    Line,
    Match,
    Outcome,
    Rival,
    Screening,
    Verdict,
)

Json = dict[str, Any]

FIELDS = (
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
)
"""The names under `fields`, in the order in which they are shown."""


def findings_json(findings: Findings) -> Json:
    """What one photo says, as a JSON object; quads in pixels of the upright photo."""
    page, photo = findings.page, findings.photo
    return {
        "schema": SCHEMA,
        "file": photo.file,
        "sha256": photo.sha256,
        "outcome": page.outcome.value,
        "why": page.why,
        "fields": {name: _found(getattr(findings.fields, name)) for name in FIELDS},
        "lines": [_line(line) for line in page.lines],
        "seconds": {stage: round(seconds, 4) for stage, seconds in findings.seconds.items()},
        **_extracts(findings.fields),
        "receipt": findings.receipt,
        "receipts": findings.receipts,
        "symbols": [symbol.model_dump(mode="json") for symbol in findings.symbols],
        "photo": photo.model_dump(mode="json", exclude={"file", "sha256"}),
        "paper": _rounded(findings.paper.model_dump(mode="json")),
        "engine": {"name": page.engine, "version": page.version},
    }


def screening_json(screening: Screening) -> Json:
    """What one photo says and what campaign and registry say of it, as a JSON object."""
    return {
        **findings_json(screening.findings),
        **_submission(screening.submission, screening.received, screening.submitter),
        "campaign": screening.campaign.model_dump(mode="json"),
        "verdict": screening.verdict.value,
        "round": screening.round,
        "in_campaign": screening.in_campaign,
        "checks": [_check(result) for result in screening.checks],
        "flags": [flag.model_dump(mode="json") for flag in screening.flags],
        "matches": [_match(match) for match in screening.matches],
        "versions": dict(screening.versions),
    }


def failed_json(file: str, why: str, *, sha256: str | None = None) -> Json:
    """The line of a photo that could not be opened: the error in place of findings."""
    return {
        "schema": SCHEMA,
        "file": file,
        "sha256": sha256,
        "outcome": Outcome.FAILED.value,
        "why": why,
    }


def failed_screening_json(
    failed: Json,
    campaign: CampaignFacts,
    *,
    submission: str | None,
    received: dt.datetime,
    submitter: str | None,
) -> Json:
    """`failed_json` with the names that `screening_json` has: the verdict is `unreadable`."""
    return {
        **failed,
        **_submission(submission, received, submitter),
        "campaign": campaign.model_dump(mode="json"),
        "verdict": Verdict.UNREADABLE.value,
        "round": None,
        "in_campaign": None,
        "checks": [],
        "flags": [],
        "matches": [],
    }


def _submission(submission: str | None, received: dt.datetime, submitter: str | None) -> Json:
    return {
        "submission": submission,
        "received": received.isoformat(),
        "submitter": submitter,
    }


def _found(found: Found[Any]) -> Json:
    confidence = round(found.confidence, 4)
    if found.value is None:
        return {"value": None, "confidence": confidence, "why": found.why, **_rivals(found.rivals)}
    return {
        "value": _plain(found.value),
        "text": found.text,
        "label": found.label,
        "confidence": confidence,
        "quad": _quad(found.quad),
        "agreed": found.agreed,
        **({"why": found.why} if found.why else {}),
        **_rivals(found.rivals),
    }


def _rivals(rivals: Iterable[Rival[Any]]) -> Json:
    return {
        "rivals": [
            {
                "value": _plain(rival.value),
                "label": rival.label,
                "confidence": round(rival.confidence, 4),
            }
            for rival in rivals
        ]
    }


def _extracts(fields: Fields) -> Json:
    return {
        "weekday": fields.weekday,
        "original_date": _plain(fields.original_date),
        "arithmetic": fields.arithmetic.model_dump(mode="json"),
        "payments": [payment.model_dump(mode="json") for payment in fields.payments],
        "marks": [_rounded(mark.model_dump(mode="json")) for mark in fields.marks],
    }


def _line(line: Line) -> Json:
    return {
        "text": line.text,
        "confidence": round(line.confidence, 4),
        "quad": _quad(line.quad),
    }


def _quad(quad: Quad | None) -> list[list[float]] | None:
    return [[round(x, 1), round(y, 1)] for x, y in quad.points] if quad is not None else None


def _rounded(value: Any) -> Any:
    """The same with fractions as short as those of fields: more digits than that say nothing."""
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return round(value, 4) if isinstance(value, float) else value


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def _check(result: CheckResult) -> Json:
    return {
        "check": result.check,
        "outcome": result.outcome.value,
        "message": result.message,
        "why_not": result.why_not,
        "required": result.required,
    }


def _match(match: Match) -> Json:
    return match.model_dump(mode="json")
