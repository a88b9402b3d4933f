"""The JSON that users script against, pinned: names may be added, never changed."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from pydantic import ValidationError

from receipt_screen.contract_json import (
    FIELDS,
    failed_json,
    failed_screening_json,
    findings_json,
    screening_json,
)
from receipt_screen.geometry import Box, Quad
from receipt_screen.records import (
    Arithmetic,
    CampaignFacts,
    CheckOutcome,
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
    Payment,
    PhotoFacts,
    Quality,
    Reading,
    Relation,
    Rival,
    Screening,
    Severity,
    Verdict,
)

QUAD = Quad.from_box(Box(10, 20, 110.04, 40))
CORNERS = [[10.0, 20.0], [110.0, 20.0], [110.0, 40.0], [10.0, 40.0]]
MISSING: dict[str, Any] = {"confidence": 0.9, "why": "no label"}
FACTS = CampaignFacts(name="campaign", sha256="c" * 64)
RECEIVED = dt.datetime(2025, 1, 20, 10, 15, tzinfo=dt.timezone(dt.timedelta(hours=9)))

FINDINGS = Findings(
    photo=PhotoFacts(file="a.jpg", sha256="a" * 64, bytes=9, format="JPEG", width=300, height=400),
    paper=PaperFacts(
        found=True,
        kind="paper",
        quad=QUAD,
        quality=Quality(sharpness=100, glare=0, contrast=200),
    ),
    page=Page(
        engine="lines",
        version="1",
        outcome=Outcome.READ,
        lines=(Line(text="합 계 100,000", quad=QUAD, confidence=0.98),),
    ),
    fields=Fields(
        amount=Found[int](
            value=100_000,
            text="100,000",
            label="승인금액",
            confidence=0.993,
            quad=QUAD,
            rivals=(Rival[int](value=90_909, label="공급가액", confidence=0.004),),
        ),
        date=Found[dt.date](value=dt.date(2025, 1, 20), confidence=0.9, quad=QUAD),
        time=Found[str](value="10:12:33", confidence=0.9, quad=QUAD),
        merchant=Found[str](**MISSING),
        business_number=Found[str](value="5058124020", confidence=0.9),
        approval_number=Found[str](value="00652378", confidence=0.9),
        card=Found[str](**MISSING),
        phone=Found[str](**MISSING),
        address=Found[str](**MISSING),
        document=Found[DocumentKind](value=DocumentKind.CARD_SLIP, confidence=0.9),
    ),
    prints=Fingerprints(file="a" * 64, pixels="b" * 64),
    seconds={"photo": 0.1, "paper": 0.2, "reading": 0.3, "fields": 0.01},
)
SCREENING = Screening(
    findings=FINDINGS,
    submission="7",
    received=RECEIVED,
    campaign=FACTS,
    verdict=Verdict.REVIEW,
    round="1",
    in_campaign=True,
    checks=(
        CheckResult(
            check="minimum_amount", outcome=CheckOutcome.PASSED, message="100,000원 ≥ 100,000원"
        ),
        CheckResult(
            check="duplicates",
            outcome=CheckOutcome.FLAGGED,
            message="…",
            flags=(Flag(code="same_receipt", severity=Severity.REVIEW, message="…"),),
        ),
    ),
    matches=(Match(submission="3", relation=Relation.SAME_RECEIPT, agrees=("approval",)),),
)


def test_what_a_photo_says() -> None:
    said = json.loads(json.dumps(findings_json(FINDINGS)))

    assert list(said)[:8] == [
        "schema", "file", "sha256", "outcome", "why", "fields", "lines", "seconds",
    ]  # fmt: skip
    assert (said["schema"], said["file"], said["sha256"]) == (1, "a.jpg", "a" * 64)
    assert (said["outcome"], said["why"]) == ("read", None)
    assert said["lines"] == [{"text": "합 계 100,000", "confidence": 0.98, "quad": CORNERS}]
    assert said["seconds"] == {"photo": 0.1, "paper": 0.2, "reading": 0.3, "fields": 0.01}


def test_no_number_pretends_to_more_than_is_known() -> None:
    paper = FINDINGS.paper.quality.model_copy(update={"glyph_height": 17.10743443088})
    marks = (Mark(kind=MarkKind.CASH, text="현금", confidence=0.8638482093811035),)
    findings = FINDINGS.model_copy(
        update={
            "paper": FINDINGS.paper.model_copy(update={"quality": paper}),
            "fields": FINDINGS.fields.model_copy(update={"marks": marks}),
        }
    )

    said = json.dumps(findings_json(findings))

    assert re.findall(r"\d\.\d{5,}", said) == []


def test_a_field_that_was_found_and_one_that_was_not() -> None:
    fields = findings_json(FINDINGS)["fields"]

    assert tuple(fields) == FIELDS
    assert fields["amount"] == {
        "value": 100_000,
        "text": "100,000",
        "label": "승인금액",
        "confidence": 0.993,
        "quad": CORNERS,
        "agreed": False,
        "rivals": [{"value": 90_909, "label": "공급가액", "confidence": 0.004}],
    }
    assert fields["merchant"] == {
        "value": None, "confidence": 0.9, "why": "no label", "rivals": [],
    }  # fmt: skip
    assert fields["date"]["value"] == "2025-01-20"
    assert fields["document"]["value"] == "card_slip"


def test_what_a_campaign_says_of_it() -> None:
    said = json.loads(json.dumps(screening_json(SCREENING)))

    assert findings_json(FINDINGS).items() <= screening_json(SCREENING).items()
    assert (said["submission"], said["received"]) == ("7", "2025-01-20T10:15:00+09:00")
    assert said["campaign"] == {"name": "campaign", "sha256": "c" * 64, "ends": None}
    assert (said["verdict"], said["round"], said["in_campaign"]) == ("review", "1", True)
    assert said["checks"][0] == {
        "check": "minimum_amount",
        "outcome": "passed",
        "message": "100,000원 ≥ 100,000원",
        "why_not": None,
        "required": True,
    }
    assert said["flags"] == [{"code": "same_receipt", "severity": "review", "message": "…"}]
    assert said["matches"] == [
        {
            "submission": "3",
            "relation": "same_receipt",
            "agrees": ["approval"],
            "probability": None,
            "differs": [],
            "distance": {},
        }
    ]


def test_a_photo_that_cannot_be_opened_says_why() -> None:
    assert failed_json("a.jpg", "it is empty") == {
        "schema": 1, "file": "a.jpg", "sha256": None, "outcome": "failed", "why": "it is empty",
    }  # fmt: skip


def test_a_submission_that_cannot_be_opened_has_every_name_that_others_have() -> None:
    failed = failed_screening_json(
        failed_json("a.jpg", "it is empty"),
        FACTS,
        submission="7",
        received=RECEIVED,
        submitter=None,
    )

    judged = set(screening_json(SCREENING)) - set(findings_json(FINDINGS))
    assert judged - {"versions"} <= set(failed)
    assert failed["verdict"] == "unreadable"


SAYS = (
    FINDINGS.page,
    FINDINGS.fields,
    SCREENING,
    Reading(reader="recogniser", text="합 계 100,000", confidence=0.9),
    Payment(label="카드", amount=100_000),
    Arithmetic(supply=90_909, vat=9_091, total=100_000, items=(100_000,)),
)
"""Records with what a receipt says, or what a sentence quotes of it."""


@pytest.mark.parametrize("secret", ["합 계", "100,000", "100000", "90909", "5058124020"])
def test_records_show_nothing_of_the_receipt_in_their_repr(secret: str) -> None:
    assert secret not in "".join(map(repr, SAYS))


def test_a_record_that_is_refused_quotes_nothing_of_the_receipt() -> None:
    with pytest.raises(ValidationError) as refusal:
        Line.model_validate({"text": ["합 계 100,000"], "quad": QUAD, "confidence": 0.9})

    assert "100,000" not in str(refusal.value)
