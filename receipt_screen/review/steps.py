"""What a reviewer does to a submission: decides, corrects, parts, takes back."""

from __future__ import annotations

from starlette.responses import Response

from receipt_screen.desk.chain import EventKind
from receipt_screen.desk.work import Decision, is_blind
from receipt_screen.errors import UsageError
from receipt_screen.records import Verdict
from receipt_screen.review.calls import Call, lead_to
from receipt_screen.review.judge import current_value, parse_value
from receipt_screen.review.sheets import go_on


def decide(call: Call) -> Response:
    """Decides, and leads to the next submission."""
    decision = call.text("decision")
    if decision not in {choice.value for choice in Decision}:
        raise UsageError("review.no_such_decision")
    if Decision(decision) is Decision.APPROVED and _is_against(call):
        call.work.judge_blind(call.place, Decision.APPROVED)
        return lead_to(f"/desk/{call.number}?note=opened")
    reason = call.text("reason") or None
    call.work.decide(call.place, Decision(decision), reason, call.text("note"))
    return go_on(call)


def _is_against(call: Call) -> bool:
    """Whether the machine objects to what a reviewer approves who hasn't seen its reasons."""
    desk, row = call.room.desk, call.row
    if not is_blind(row, desk.events(row.submission)):
        return False
    dossier = desk.dossier(row.number)
    return dossier is not None and dossier.verdict is not Verdict.ELIGIBLE


def edit(call: Call) -> Response:
    """Corrects a field; the rules are applied again at once."""
    room, row = call.room, call.row
    name = call.text("field")
    value = parse_value(name, call.text("value"))
    dossier = room.desk.dossier(row.number)
    old = current_value(dossier, name) if dossier else None
    rules = room.campaign.facts.sha256
    detail = {"field": name, "old": old, "new": value, "campaign": rules}
    if value != old:
        call.work.change(call.place, EventKind.EDITED, detail, room.judge)
    return lead_to(f"/desk/{row.number}?note=edited")


def distinct(call: Call) -> Response:
    """Parts a pair that is no duplicate, here and in the registry."""
    room, row = call.room, call.row
    other = call.text("other")
    dossier = room.desk.dossier(row.number)
    matches = dossier.screening.matches if dossier and dossier.screening else ()
    if other not in {match.submission for match in matches}:
        raise UsageError("review.no_such_match", {"submission": row.submission})
    call.work.change(call.place, EventKind.DISTINCT, {"other": other}, room.judge)
    room.registry.mark_distinct(row.submission, other, campaign=room.campaign.name)
    return lead_to(f"/desk/{row.number}?note=apart")


def undo(call: Call) -> Response:
    """Takes the last step back."""
    room = call.room
    done = call.work.undo(room.judge)
    if done is None:
        raise UsageError("review.nothing_to_undo")
    row, event = done
    if event.kind is EventKind.DISTINCT and event.detail:
        campaign = room.campaign.name
        room.registry.unmark_distinct(row.submission, event.detail["other"], campaign=campaign)
    return lead_to(f"/desk/{row.number}?note=undone")


def renew(call: Call) -> Response:
    """A sign of life: the claim holds for longer."""
    return Response(status_code=204 if call.work.renew(call.number) else 409)
