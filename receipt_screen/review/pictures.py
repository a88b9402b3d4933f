"""Pictures as they are asked for; the original only with a reason that is recorded."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from starlette.responses import Response

from receipt_screen.desk.chain import EventKind
from receipt_screen.desk.store import Queued
from receipt_screen.desk.work import HOLD
from receipt_screen.errors import UsageError
from receipt_screen.review import images
from receipt_screen.review.calls import Call, explain, lead_to, show


def picture(call: Call) -> Response:
    """A redacted picture or a strip of one."""
    params = call.request.path_params
    row = call.room.desk.row(call.number)
    which = params["page"], params["receipt"], params.get("field")
    data = row and images.redacted(call.room.desk, row, *which)
    if not data:
        return Response(status_code=404)
    headers = {"Cache-Control": "private, max-age=600"}
    return Response(data, media_type="image/jpeg", headers=headers)


def ask_original(call: Call) -> Response:
    """Records the reason and leads to the original."""
    row, reason = call.row, call.text("reason")
    if len(reason) < 2:
        raise UsageError("review.no_original_reason")
    call.work.note(EventKind.ORIGINAL, row.submission, {"reason": reason})
    events = call.room.desk.events(row.submission)
    return lead_to(f"/original/{events[-1].number}")


def _asked(call: Call) -> Queued | None:
    """The submission whose original this reviewer has just asked for, with a reason."""
    wanted = int(call.request.path_params["event"])
    event = next((e for e in call.room.desk.events() if e.number == wanted), None)
    fresh = event is not None and dt.datetime.now(dt.UTC) - event.at < HOLD
    if event is None or not fresh or event.kind is not EventKind.ORIGINAL or not event.submission:
        return None
    if event.reviewer != call.reviewer.reviewer:
        return None
    number = call.room.desk.number_of(event.submission)
    return None if number is None else call.room.desk.row(number)


def original_page(call: Call) -> Response:
    """The original that was just asked for."""
    row = _asked(call)
    if row is None:
        return explain(call, UsageError("review.original_closed"), 403)
    event = call.request.path_params["event"]
    return show(call, "original.html", row=row, image=f"/original/{event}/image")


def original_image(call: Call) -> Response:
    """Its picture."""
    row = _asked(call)
    room = call.room
    uploads = Path(room.facts.uploads)
    data = row and images.original(uploads, row, room.desk.dossier(row.number))
    if not data:
        return Response(status_code=404)
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "no-store"})
