"""The application: what it works on, its addresses, and what they answer."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from receipt_screen.campaign import Campaign
from receipt_screen.desk.chain import EventKind
from receipt_screen.desk.dossier import Dossier
from receipt_screen.desk.store import Desk, DeskFacts, Queued
from receipt_screen.desk.work import (
    HOLD,
    REASONS,
    Decision,
    Place,
    Work,
    counts,
    last_number,
    since_replaced,
)
from receipt_screen.errors import ReceiptScreenError, UsageError
from receipt_screen.messages import Language, sentence
from receipt_screen.registry import Registry
from receipt_screen.report.page import templates
from receipt_screen.report.sheet import Sheet, make_sheet
from receipt_screen.report.words import VERDICT_NAMES, check_name, field_name
from receipt_screen.review import exports, images
from receipt_screen.review.judge import EDITABLE, Judge, current_value, parse_value
from receipt_screen.review.numbers import count_up, verdict_keys
from receipt_screen.review.security import Guard
from receipt_screen.review.sessions import (
    SESSION,
    Session,
    enter,
    invite,
    is_invited,
    leave,
    session_of,
)

COOKIE: Final = "receipt-screen-desk"
LONGEST_NAME: Final = 40
LONGEST_REASON: Final = 200
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
REASON_NAMES: Final = {
    "below_minimum": "review.reason_below_minimum",
    "outside_period": "review.reason_outside_period",
    "duplicate": "review.reason_duplicate",
    "altered": "review.reason_altered",
    "cancelled": "review.reason_cancelled",
    "excluded_shop": "review.reason_excluded_shop",
    "not_a_receipt": "review.reason_not_a_receipt",
    "unreadable": "review.reason_unreadable",
    "other": "review.reason_other",
}
DECISION_NAMES: Final = {
    "open": "review.state_open",
    "approved": "review.state_approved",
    "rejected": "review.state_rejected",
    "new_photo": "review.state_new_photo",
    "deferred": "review.state_deferred",
}
NOTES: Final = {
    "undone": "review.undone",
    "nothing_to_undo": "review.nothing_to_undo",
    "edited": "review.edited",
    "apart": "review.apart",
}
STATIC: Final = {
    "receipt.css": ("receipt_screen.report", "text/css"),
    "viewer.js": ("receipt_screen.report", "text/javascript"),
    "desk.css": ("receipt_screen.review", "text/css"),
    "desk.js": ("receipt_screen.review", "text/javascript"),
}


@dataclass(frozen=True)
class Room:
    """What the pages work on."""

    desk: Desk
    registry: Registry
    facts: DeskFacts
    campaign: Campaign
    judge: Judge
    language: Language
    pages: Environment = field(repr=False)


def open_room(desk: Desk, registry: Registry, language: Language) -> Room:
    """Everything that the pages of a desk need; tells the registry of pairs parted before."""
    facts = desk.facts()
    campaign = Campaign.parse(facts.campaign.encode(), file="campaign.toml")
    pages = templates(language, "receipt_screen.review", "receipt_screen.report")
    pages.globals["reason_name"] = lambda reason: sentence(REASON_NAMES[reason], {}, language)
    pages.globals["decision_name"] = lambda state: sentence(DECISION_NAMES[state], {}, language)
    pages.globals["verdict_name"] = lambda verdict: sentence(VERDICT_NAMES[verdict], {}, language)
    pages.globals["check_name"] = lambda check: check_name(check, language)
    pages.globals["field_name"] = lambda name: field_name(name, language)
    judge = Judge(campaign, facts.language)
    return Room(desk, registry, facts, campaign, judge, language, pages)


def make_app(room: Room, hosts: frozenset[str]) -> Guard:
    """The application, answering to these values of `Host` only."""
    page = partial(_handled, room)
    routes = [
        Route("/enter", page(_show_entry, session=False)),
        Route("/enter", page(_enter, session=False), methods=["POST"]),
        Route("/static/{name}", page(_static, session=False)),
        Route("/favicon.ico", page(lambda _: Response(status_code=204), session=False)),
        Route("/", page(_home)),
        Route("/next", page(_next), methods=["POST"]),
        Route("/desk/{number:int}", page(_sheet)),
        Route("/desk/{number:int}/decide", page(_decide), methods=["POST"]),
        Route("/desk/{number:int}/edit", page(_edit), methods=["POST"]),
        Route("/desk/{number:int}/distinct", page(_distinct), methods=["POST"]),
        Route("/desk/{number:int}/original", page(_ask_original), methods=["POST"]),
        Route("/desk/{number:int}/renew", page(_renew), methods=["POST"]),
        Route("/original/{event:int}", page(_original)),
        Route("/original/{event:int}/image", page(_original_image)),
        Route("/undo", page(_undo), methods=["POST"]),
        Route("/picture/{number:int}/{page:int}/{receipt:int}", page(_picture)),
        Route("/picture/{number:int}/{page:int}/{receipt:int}/{field}", page(_picture)),
        Route("/numbers", page(_numbers)),
        Route("/export", page(_export), methods=["POST"]),
        Route("/invite", page(_invite), methods=["POST"]),
        Route("/leave", page(_leave), methods=["POST"]),
    ]
    return Guard(Starlette(routes=routes), hosts)


# ── around every page ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Call:
    """One request, read and let in."""

    request: Request
    room: Room
    session: Session | None
    form: FormData

    @property
    def work(self) -> Work:
        """The reviewer at the desk."""
        return Work(self.room.desk, self.reviewer.reviewer)

    @property
    def reviewer(self) -> Session:
        """Who is asking."""
        if self.session is None:
            raise UsageError("review.not_in")
        return self.session

    @property
    def number(self) -> int:
        """The submission that the address names."""
        return int(self.request.path_params["number"])

    def text(self, name: str, longest: int = LONGEST_REASON) -> str:
        """A field of the form."""
        value = self.form.get(name, "")
        return value.strip()[:longest] if isinstance(value, str) else ""

    @property
    def place(self) -> Place:
        """The submission as the page of this form showed it."""
        seen = self.text("seen")
        return Place(self.number, int(seen) if seen.isascii() and seen.isdecimal() else -1)


Handler = Callable[[Call], Response]


def _handled(room: Room, handler: Handler, *, session: bool = True) -> Any:
    """A handler as Starlette calls it: reads the form, lets in who may, explains errors."""

    async def endpoint(request: Request) -> Response:
        form = await request.form() if request.method == "POST" else FormData()
        return await run_in_threadpool(_answer, room, handler, request, form, session)

    return endpoint


def _answer(
    room: Room, handler: Handler, request: Request, form: FormData, needs_session: Any
) -> Response:
    known = session_of(room.desk, request.cookies.get(COOKIE))
    call = Call(request, room, known, form)
    if needs_session and known is None:
        return _error(call, UsageError("review.not_in"), 403)
    if needs_session and request.method == "POST" and not _is_ours(request, form, known):
        return _error(call, UsageError("review.forged"), 403)
    try:
        return handler(call)
    except ReceiptScreenError as error:
        return _error(call, error, 409)


def _is_ours(request: Request, form: FormData, session: Session | None) -> bool:
    given = request.headers.get("x-csrf-token") or form.get("csrf")
    return (
        session is not None
        and isinstance(given, str)
        and secrets.compare_digest(given.encode(), session.csrf.encode())
    )


def _error(call: Call, error: ReceiptScreenError, status: int) -> Response:
    number = call.request.path_params.get("number")
    shown = {"message": error.text(call.room.language), "number": number}
    return _page(call, "error.html", status, **shown)


def _page(call: Call, name: str, status: int = 200, **values: Any) -> Response:
    shown = {
        "campaign": call.room.campaign.name,
        "reviewer": call.session.reviewer if call.session else None,
        "csrf": call.session.csrf if call.session else "",
        **values,
    }
    html = call.room.pages.get_template(name).render(shown)
    return Response(html, status, media_type="text/html; charset=utf-8")


def _to(address: str) -> Response:
    return RedirectResponse(address, status_code=303)


# ── coming in ────────────────────────────────────────────────────────────────────────────────


def _show_entry(call: Call) -> Response:
    token = call.request.query_params.get("token", "")
    if not is_invited(call.room.desk, token):
        return _error(call, UsageError("review.used_link"), 403)
    return _page(call, "enter.html", token=token)


def _enter(call: Call) -> Response:
    name = " ".join(call.text("reviewer", LONGEST_NAME).split())
    if not name:
        return _error(call, UsageError("review.no_name"), 409)
    cookie = enter(call.room.desk, call.text("token"), name)
    if cookie is None:
        return _error(call, UsageError("review.used_link"), 403)
    answer = _to("/")
    seconds = int(SESSION.total_seconds())
    answer.set_cookie(COOKIE, cookie, max_age=seconds, httponly=True, samesite="strict")
    return answer


def _invite(call: Call) -> Response:
    link = f"http://{call.request.headers['host']}/enter?token={invite(call.room.desk)}"
    return _page(call, "invited.html", link=link)


def _leave(call: Call) -> Response:
    leave(call.room.desk, call.request.cookies[COOKIE])
    answer = _page(call, "left.html")
    answer.delete_cookie(COOKIE)
    return answer


def _static(call: Call) -> Response:
    name = str(call.request.path_params["name"])
    if name not in STATIC:
        return Response(status_code=404)
    package, kind = STATIC[name]
    text = (files(package) / "static" / name).read_text(encoding="utf-8")
    headers = {"Cache-Control": "private, max-age=600"}
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)


# ── the desk ─────────────────────────────────────────────────────────────────────────────────


def _home(call: Call) -> Response:
    desk = call.room.desk
    return _page(call, "home.html", counts=counts(desk), total=desk.count())


def _next(call: Call) -> Response:
    row = call.work.next()
    return _to("/" if row is None else f"/desk/{row.number}")


def _sheet(call: Call) -> Response:
    room, work = call.room, call.work
    row = _known(call)
    dossier = room.desk.dossier(row.number)
    if dossier is None:
        raise UsageError("desk.purged", {"submission": row.submission})
    sheet, sources = _made(room, row, dossier)
    held = row.is_open and row.held_by(work.reviewer, dt.datetime.now(dt.UTC))
    following = work.following() if held else None
    note = NOTES.get(call.request.query_params.get("note", ""))
    return _page(
        call,
        "desk.html",
        sheet=sheet,
        src=sources.__getitem__,
        row=row,
        held=held,
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


def _known(call: Call) -> Queued:
    row = call.room.desk.row(call.number)
    if row is None:
        raise UsageError("desk.unknown", {"number": call.number})
    return row


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
    if kind is EventKind.DISTINCT:
        return sentence("review.told_apart", {"other": detail["other"]}, language)
    if kind is EventKind.ORIGINAL:
        return sentence("review.told_original", {"reason": detail["reason"]}, language)
    return None


# ── steps ────────────────────────────────────────────────────────────────────────────────────


def _decide(call: Call) -> Response:
    decision = call.text("decision")
    if decision not in {choice.value for choice in Decision}:
        raise UsageError("review.no_such_decision")
    reason = call.text("reason") or None
    call.work.decide(call.place, Decision(decision), reason, call.text("note"))
    return _next(call)


def _edit(call: Call) -> Response:
    room, row = call.room, _known(call)
    name = call.text("field")
    value = parse_value(name, call.text("value"))
    dossier = room.desk.dossier(row.number)
    old = current_value(dossier, name) if dossier else None
    detail = {"field": name, "old": old, "new": value}
    if value != old:
        call.work.change(call.place, EventKind.EDITED, detail, room.judge)
    return _to(f"/desk/{row.number}?note=edited")


def _distinct(call: Call) -> Response:
    room, row = call.room, _known(call)
    other = call.text("other")
    dossier = room.desk.dossier(row.number)
    matches = dossier.screening.matches if dossier and dossier.screening else ()
    if other not in {match.submission for match in matches}:
        raise UsageError("review.no_such_match", {"submission": row.submission})
    call.work.change(call.place, EventKind.DISTINCT, {"other": other}, room.judge)
    room.registry.mark_distinct(row.submission, other, campaign=room.campaign.name)
    return _to(f"/desk/{row.number}?note=apart")


def _undo(call: Call) -> Response:
    room = call.room
    done = call.work.undo(room.judge)
    if done is None:
        raise UsageError("review.nothing_to_undo")
    row, event = done
    if event.kind is EventKind.DISTINCT and event.detail:
        campaign = room.campaign.name
        room.registry.unmark_distinct(row.submission, event.detail["other"], campaign=campaign)
    return _to(f"/desk/{row.number}?note=undone")


def _renew(call: Call) -> Response:
    return Response(status_code=204 if call.work.renew(call.number) else 409)


# ── pictures ─────────────────────────────────────────────────────────────────────────────────


def _picture(call: Call) -> Response:
    params = call.request.path_params
    row = call.room.desk.row(call.number)
    which = params["page"], params["receipt"], params.get("field")
    data = row and images.redacted(call.room.desk, row, *which)
    if not data:
        return Response(status_code=404)
    headers = {"Cache-Control": "private, max-age=600"}
    return Response(data, media_type="image/jpeg", headers=headers)


def _ask_original(call: Call) -> Response:
    row, reason = _known(call), call.text("reason")
    if len(reason) < 2:
        raise UsageError("review.no_original_reason")
    call.work.note(EventKind.ORIGINAL, row.submission, {"reason": reason})
    events = call.room.desk.events(row.submission)
    return _to(f"/original/{events[-1].number}")


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


def _original(call: Call) -> Response:
    row = _asked(call)
    if row is None:
        return _error(call, UsageError("review.original_closed"), 403)
    event = call.request.path_params["event"]
    return _page(call, "original.html", row=row, image=f"/original/{event}/image")


def _original_image(call: Call) -> Response:
    row = _asked(call)
    room = call.room
    uploads = Path(room.facts.uploads)
    data = row and images.original(uploads, row, room.desk.dossier(row.number))
    if not data:
        return Response(status_code=404)
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


# ── numbers and exports ──────────────────────────────────────────────────────────────────────


def _numbers(call: Call) -> Response:
    rounds = [entry.name for entry in call.room.campaign.rounds]
    return _page(
        call,
        "numbers.html",
        numbers=count_up(call.room.desk),
        rounds=rounds,
        verdicts=verdict_keys(),
    )


def _export(call: Call) -> Response:
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
