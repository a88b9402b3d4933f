"""Coming in by a link, leaving, and the files that every page loads."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from starlette.responses import Response

from receipt_screen.errors import UsageError
from receipt_screen.review.calls import COOKIE, Call, explain, lead_to, show
from receipt_screen.review.sessions import SESSION, enter, invite, is_invited, leave

LONGEST_NAME: Final = 40
STATIC: Final = {
    "receipt.css": ("receipt_screen.report", "text/css"),
    "viewer.js": ("receipt_screen.report", "text/javascript"),
    "desk.css": ("receipt_screen.review", "text/css"),
    "desk.js": ("receipt_screen.review", "text/javascript"),
}


def show_entry(call: Call) -> Response:
    """The page of a link; looking at it uses nothing up."""
    token = call.request.query_params.get("token", "")
    if not is_invited(call.room.desk, token):
        return explain(call, UsageError("review.used_link"), 403)
    return show(call, "enter.html", token=token)


def come_in(call: Call) -> Response:
    """Uses the link up and opens a session."""
    name = " ".join(call.text("reviewer", LONGEST_NAME).split())
    if not name:
        return explain(call, UsageError("review.no_name"), 409)
    cookie = enter(call.room.desk, call.text("token"), name)
    if cookie is None:
        return explain(call, UsageError("review.used_link"), 403)
    answer = lead_to("/")
    seconds = int(SESSION.total_seconds())
    answer.set_cookie(COOKIE, cookie, max_age=seconds, httponly=True, samesite="strict")
    return answer


def show_invitation(call: Call) -> Response:
    """A link for another reviewer."""
    link = f"http://{call.request.headers['host']}/enter?token={invite(call.room.desk)}"
    return show(call, "invited.html", link=link)


def go_out(call: Call) -> Response:
    """Ends the session."""
    leave(call.room.desk, call.request.cookies[COOKIE])
    answer = show(call, "left.html")
    answer.delete_cookie(COOKIE)
    return answer


def static_file(call: Call) -> Response:
    """A style sheet or script of ours, by a name from the table."""
    name = str(call.request.path_params["name"])
    if name not in STATIC:
        return Response(status_code=404)
    package, kind = STATIC[name]
    text = (files(package) / "static" / name).read_text(encoding="utf-8")
    headers = {"Cache-Control": "private, max-age=600"}
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)
