"""The queue, and one submission with all that is known of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from receipt_screen.desk.chain import EventKind
from receipt_screen.desk.dossier import Dossier
from receipt_screen.desk.store import Queued
from receipt_screen.desk.work import HOLD, REASONS, counts, is_blind, last_number, since_replaced
from receipt_screen.errors import UsageError
from receipt_screen.messages import Language, sentence
from receipt_screen.report.sheet import Sheet, make_sheet
from receipt_screen.report.words import field_name
from receipt_screen.review import images
from receipt_screen.review.calls import Call, lead_to, show
from receipt_screen.review.judge import EDITABLE
from receipt_screen.review.room import DECISION_NAMES, REASON_NAMES, Room

SUGGESTED: Final = {
    "same_file": "duplicate",
    "same_image": "duplicate",
    "same_receipt": "duplicate",
    "altered_copy": "altered",
    "below_minimum": "below_minimum",
    "before_campaign": "outside_period",
    "outside_campaign": "outside_period",
    "cancelled": "cancelled",
    "negative_amount": "cancelled",
    "excluded": "excluded_shop",
    "blank_page": "unreadable",
    "reading_failed": "unreadable",
}
"""The reason that a flag suggests; one key then rejects with it."""
NOTES: Final = {
    "undone": "review.undone",
    "nothing_to_undo": "review.nothing_to_undo",
    "edited": "review.edited",
    "apart": "review.apart",
    "opened": "review.opened",
}


def home(call: Call) -> Response:
    """How far the reviewing has come."""
    desk = call.room.desk
    return show(call, "home.html", counts=counts(desk), total=desk.count())


def go_on(call: Call) -> Response:
    """Claims the next submission and leads to it."""
    row = call.work.next()
    return lead_to("/" if row is None else f"/desk/{row.number}")


def sheet_page(call: Call) -> Response:
    """One submission."""
    room, work = call.room, call.work
    row = call.row
    dossier = room.desk.dossier(row.number)
    if dossier is None:
        raise UsageError("desk.purged", {"submission": row.submission})
    sheet, sources = _made(room, row, dossier)
    blind = is_blind(row, room.desk.events(row.submission))
    sheet = sheet.blinded() if blind else sheet
    held = row.is_open and row.held_by(work.reviewer, dt.datetime.now(dt.UTC))
    following = work.following() if held else None
    note = NOTES.get(call.request.query_params.get("note", ""))
    return show(
        call,
        "desk.html",
        sheet=sheet,
        src=sources.__getitem__,
        row=row,
        held=held,
        blind=_asked(room) if blind else None,
        seen=last_number(room.desk, row.submission),
        counts=counts(room.desk),
        reasons=REASONS,
        suggested=_suggested(sheet),
        editable=EDITABLE if dossier.screening else (),
        history=list(_history(call, row)),
        group=_group(room, row),
        next_picture=_next_picture(following),
        note=sentence(note, {}, room.language) if note else None,
        hold_seconds=int(HOLD.total_seconds()),
    )


def _made(room: Room, row: Queued, dossier: Dossier) -> tuple[Sheet, dict[str, str]]:
    """The sheet, and the address of each of its pictures' files."""

    def earlier(submission: str) -> tuple[int, Dossier] | None:
        number = room.desk.number_of(submission)
        other = None if number is None else room.desk.dossier(number)
        return None if number is None or other is None else (number, other)

    sheet = make_sheet(row.number, dossier, earlier, room.language, room.campaign.zone)
    sources: dict[str, str] = {}
    for match in sheet.matches:
        if match.picture is not None and match.number is not None:
            sources |= images.addresses(match.number, match.picture)
    for picture in dossier.pictures:
        sources |= images.addresses(row.number, picture)
    return sheet, sources


def _asked(room: Room) -> str:
    """What the campaign asks for, in a sentence."""
    campaign = room.campaign
    days = ", ".join(f"{period.first} – {period.last}" for period in campaign.periods)
    values = {"minimum": f"{campaign.amount.minimum:,}", "days": days}
    return sentence("review.blind_asked", values, room.language)


def _suggested(sheet: Sheet) -> str | None:
    """The reason for which the machine would reject."""
    if sheet.verdict == "unreadable":
        return "unreadable"
    reasons = [SUGGESTED[code] for code in SUGGESTED if code in sheet.codes]
    return reasons[0] if reasons and sheet.verdict == "ineligible" else None


def _next_picture(row: Queued | None) -> str | None:
    return None if row is None or row.sha256 is None else f"/picture/{row.number}/1/1"


def _group(room: Room, row: Queued) -> tuple[str, ...]:
    """The submissions that hang together with this one, more than the matches say."""
    groups = room.registry.groups(room.campaign.name, row.submission)
    return tuple(name for group in groups for name in group.submissions if name != row.submission)


@dataclass(frozen=True)
class Past:
    """One step in words."""

    at: str
    reviewer: str
    text: str


def _history(call: Call, row: Queued) -> Any:
    room = call.room
    for event in since_replaced(room.desk.events(row.submission)):
        text = _told(event.kind, event.detail or {}, room.language)
        if text:
            at = f"{event.at.astimezone(room.campaign.zone):%m-%d %H:%M}"
            yield Past(at, event.reviewer, text)


def _told(kind: EventKind, detail: dict[str, Any], language: Language) -> str | None:
    if kind is EventKind.DECIDED:
        text = sentence(DECISION_NAMES[detail["decision"]], {}, language)
        reason = detail.get("reason")
        more = f" · {sentence(REASON_NAMES[reason], {}, language)}" if reason else ""
        return text + more + (f" · {detail['note']}" if detail.get("note") else "")
    if kind is EventKind.EDITED and "field" in detail:
        values = {"field": field_name(detail["field"], language)}
        values |= {name: "–" if detail[name] is None else detail[name] for name in ("old", "new")}
        return sentence("review.told_edited", values, language)
    if kind is EventKind.JUDGED:
        decision = sentence(DECISION_NAMES[detail["decision"]], {}, language)
        return sentence("review.told_judged", {"decision": decision}, language)
    if kind is EventKind.DISTINCT:
        return sentence("review.told_apart", {"other": detail["other"]}, language)
    if kind is EventKind.ORIGINAL:
        return sentence("review.told_original", {"reason": detail["reason"]}, language)
    return None
