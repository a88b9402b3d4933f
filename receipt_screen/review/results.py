"""The page of numbers, and the files that leave."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from receipt_screen.desk.chain import EventKind
from receipt_screen.errors import UsageError
from receipt_screen.review import exports
from receipt_screen.review.calls import Call, show
from receipt_screen.review.numbers import count_up, verdict_keys


def numbers_page(call: Call) -> Response:
    """How the reviewing goes."""
    rounds = [entry.name for entry in call.room.campaign.rounds]
    return show(
        call,
        "numbers.html",
        numbers=count_up(call.room.desk),
        rounds=rounds,
        verdicts=verdict_keys(),
    )


def export(call: Call) -> Response:
    """A file, with a reason that is recorded first."""
    what, reason, name = call.text("what"), call.text("reason"), call.text("round") or None
    if len(reason) < 2:
        raise UsageError("review.no_export_reason")
    makers: dict[str, tuple[str, Callable[[], bytes]]] = {
        "decisions": ("decisions.csv", lambda: exports.decisions_csv(call.room.desk)),
        "eligible": ("eligible.csv", lambda: exports.eligible_csv(call.room.desk, name)),
        "record": ("record.jsonl", lambda: exports.record_jsonl(call.room.desk)),
    }
    if what not in makers:
        raise UsageError("review.no_such_export")
    file, make = makers[what]
    detail = {"what": what, "round": name, "reason": reason}
    call.work.note(EventKind.EXPORTED, None, detail)
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    kind = "text/csv" if file.endswith("csv") else "application/jsonl"
    return Response(make(), media_type=f"{kind}; charset=utf-8", headers=headers)
