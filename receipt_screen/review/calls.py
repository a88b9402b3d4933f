"""One request: read, let in, and answered by a page or an error."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from receipt_screen.desk.store import Queued
from receipt_screen.desk.work import Place, Work
from receipt_screen.errors import ReceiptScreenError, UsageError
from receipt_screen.review.room import Room
from receipt_screen.review.sessions import Session, session_of

COOKIE: Final = "receipt-screen-desk"
LONGEST_REASON: Final = 200


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

    @property
    def row(self) -> Queued:
        """Its row; UsageError where there is none."""
        row = self.room.desk.row(self.number)
        if row is None:
            raise UsageError("desk.unknown", {"number": self.number})
        return row

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


def handled(room: Room, handler: Handler, *, session: bool = True) -> Any:
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
        return explain(call, UsageError("review.not_in"), 403)
    if needs_session and request.method == "POST" and not _is_ours(request, form, known):
        return explain(call, UsageError("review.forged"), 403)
    try:
        return handler(call)
    except ReceiptScreenError as failure:
        return explain(call, failure, 409)


def _is_ours(request: Request, form: FormData, session: Session | None) -> bool:
    given = request.headers.get("x-csrf-token") or form.get("csrf")
    return (
        session is not None
        and isinstance(given, str)
        and secrets.compare_digest(given.encode(), session.csrf.encode())
    )


def explain(call: Call, error: ReceiptScreenError, status: int) -> Response:
    """A page that says what is wrong, and what to do next."""
    number = call.request.path_params.get("number")
    shown = {"message": error.text(call.room.language), "number": number}
    return show(call, "error.html", status, **shown)


def show(call: Call, name: str, status: int = 200, **values: Any) -> Response:
    """A template, filled in."""
    shown = {
        "campaign": call.room.campaign.name,
        "reviewer": call.session.reviewer if call.session else None,
        "csrf": call.session.csrf if call.session else "",
        **values,
    }
    html = call.room.pages.get_template(name).render(shown)
    return Response(html, status, media_type="text/html; charset=utf-8")


def lead_to(address: str) -> Response:
    """Leads the browser on to another page."""
    return RedirectResponse(address, status_code=303)
