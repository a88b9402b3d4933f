"""The application: its addresses, and what answers them."""

from __future__ import annotations

from functools import partial

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from receipt_screen.review import entry, pictures, results, sheets, steps
from receipt_screen.review.calls import handled
from receipt_screen.review.room import Room
from receipt_screen.review.security import Guard


def make_app(room: Room, hosts: frozenset[str]) -> Guard:
    """The application, answering to these values of `Host` only."""
    page = partial(handled, room)
    routes = [
        Route("/enter", page(entry.show_entry, session=False)),
        Route("/enter", page(entry.come_in, session=False), methods=["POST"]),
        Route("/static/{name}", page(entry.static_file, session=False)),
        Route("/favicon.ico", page(lambda _: Response(status_code=204), session=False)),
        Route("/", page(sheets.home)),
        Route("/next", page(sheets.go_on), methods=["POST"]),
        Route("/desk/{number:int}", page(sheets.sheet_page)),
        Route("/desk/{number:int}/decide", page(steps.decide), methods=["POST"]),
        Route("/desk/{number:int}/edit", page(steps.edit), methods=["POST"]),
        Route("/desk/{number:int}/distinct", page(steps.distinct), methods=["POST"]),
        Route("/desk/{number:int}/original", page(pictures.ask_original), methods=["POST"]),
        Route("/desk/{number:int}/renew", page(steps.renew), methods=["POST"]),
        Route("/original/{event:int}", page(pictures.original_page)),
        Route("/original/{event:int}/image", page(pictures.original_image)),
        Route("/undo", page(steps.undo), methods=["POST"]),
        Route("/picture/{number:int}/{page:int}/{receipt:int}", page(pictures.picture)),
        Route("/picture/{number:int}/{page:int}/{receipt:int}/{field}", page(pictures.picture)),
        Route("/numbers", page(results.numbers_page)),
        Route("/export", page(results.export), methods=["POST"]),
        Route("/invite", page(entry.show_invitation), methods=["POST"]),
        Route("/leave", page(entry.go_out), methods=["POST"]),
    ]
    return Guard(Starlette(routes=routes), hosts)
