"""Desks for tests: submissions with pictures, put there as a batch puts them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cases
import numpy as np

from receipt_screen.campaign import Campaign
from receipt_screen.desk.dossier import Dossier
from receipt_screen.desk.store import Desk
from receipt_screen.geometry import Box, Quad, Transform
from receipt_screen.records import Findings, Found, Match, Photo, Relation, Screening
from receipt_screen.report.pictures import save_pictures
from receipt_screen.screener import Screener

SCRIPT = '<script>window.hit=1</script>"><img src=x onerror="window.hit=1">'
PLACES = {
    "amount": Box(300, 500, 460, 540),
    "date": Box(300, 420, 500, 460),
    "time": Box(520, 420, 640, 460),
    "merchant": Box(100, 100, 400, 140),
    "business_number": Box(100, 160, 400, 200),
    "approval_number": Box(300, 580, 460, 620),
}


def campaign_of(minimum: int = 100_000) -> Campaign:
    """A campaign of January and February 2025."""
    return Campaign.parse(
        f'name = "test"\n[[periods]]\nfirst = 2025-01-13\nlast = 2025-02-28\n'
        f'[[rounds]]\nname = "1"\nfirst = 2025-01-13\nlast = 2025-02-28\n'
        f"[amount]\nminimum = {minimum}\n".encode(),
        file="test.toml",
    )


def placed(**changes: Any) -> Findings:
    """A sound slip whose fields have places on the photo."""
    fields = cases.fields(**changes)
    at = {
        name: getattr(fields, name).model_copy(update={"quad": Quad.from_box(box)})
        for name, box in PLACES.items()
        if getattr(fields, name).value is not None
    }
    lines = (
        "한들콩나물국밥",
        "승인금액 100,000",
        "카드번호 4665-9030-2872-5009",
        *["감사합니다"] * 10,
    )
    return cases.findings(fields=fields.model_copy(update=at), page=cases.page(*lines))


def with_file(findings: Findings, number: int) -> Findings:
    """The findings of another upload."""
    facts = findings.photo.model_copy(
        update={"file": f"{number:04d}.jpg", "sha256": f"{number:064x}"}
    )
    return findings.model_copy(update={"photo": facts})


def photo_of(findings: Findings) -> Photo:
    """A white photo, with a dark band where each field is said to be."""
    facts = findings.photo
    pixels = np.full((facts.height, facts.width, 3), 245, np.uint8)
    for box in PLACES.values():
        pixels[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = 90
    return Photo(facts, pixels, Transform.identity())


def judged(
    findings: Findings, submission: str, matches: Sequence[Match] = (), **arrival: Any
) -> Screening:
    """What the test campaign says of findings."""
    received = arrival.pop("received", cases.RECEIVED)
    return Screener(campaign_of(), language="ko").judge(
        findings, submission=submission, received=received, matches=tuple(matches), **arrival
    )


def same_receipt(submission: str) -> Match:
    """An earlier photo of the same transaction."""
    return Match(
        submission=submission,
        relation=Relation.SAME_RECEIPT,
        agrees=("approval", "minute"),
        differs=("card",),
    )


def kinds(count: int) -> Iterator[tuple[Findings, tuple[Match, ...]]]:
    """Submissions of every kind, in turn: passing, doubtful, failing, doubled, illegible."""
    for number in range(count):
        turn = number % 5
        findings = placed()
        matches: tuple[Match, ...] = ()
        if turn == 1:
            findings = placed(amount=cases.found(100_000 + number, agreed=False))
        elif turn == 2:
            findings = placed(amount=cases.found(98_000))
        elif turn == 3 and number >= 3:
            matches = (same_receipt(f"2025-{number - 3:06d}"),)
        elif turn == 4:
            findings = cases.unread()
        yield with_file(findings, number), matches


def fill(folder: Path, count: int = 5, *, audit: float = 0.0, draw: int | None = None) -> Desk:
    """A desk with submissions of every kind; only the first `draw` get pictures of their own."""
    desk = Desk(folder)
    campaign = campaign_of()
    facts = desk.prepare(campaign.source.decode(), folder, "ko", audit)
    picture = None
    for number, (findings, matches) in enumerate(kinds(count)):
        if picture is None or draw is None or number < draw:
            picture = save_pictures(photo_of(findings), findings, desk.pictures)
        received = cases.RECEIVED + dt.timedelta(minutes=number)
        screening = judged(findings, f"2025-{number:06d}", matches, received=received)
        desk.add(Dossier.of(screening, pictures=(picture,)), campaign, facts)
    return desk


def scripted(folder: Path) -> Desk:
    """A desk with one receipt that prints a script wherever it can."""
    desk = Desk(folder)
    campaign = campaign_of()
    facts = desk.prepare(campaign.source.decode(), folder, "ko", 1.0)
    text = Found[str](value=SCRIPT, text=SCRIPT, label=SCRIPT, confidence=0.6)
    findings = with_file(placed(merchant=text, address=text), 7)
    picture = save_pictures(photo_of(findings), findings, desk.pictures)
    match = same_receipt(SCRIPT).model_copy(update={"agrees": (SCRIPT,), "differs": (SCRIPT,)})
    screening = judged(findings, SCRIPT, (match,), submitter=SCRIPT)
    desk.add(Dossier.of(screening, pictures=(picture,)), campaign, facts)
    return desk
