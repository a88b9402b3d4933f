"""What every request and every answer has to keep to, before and after any page sees it.

A page of another site may make a browser send requests here: `Host` is checked against DNS
rebinding, `Origin` and a token against forged forms. Nothing but our own files may run or load.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES: Final = 64_000
"""Of a request's body: forms hold a few words."""
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; "
    "script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})


class Guard:
    """Refuses requests that didn't come from a page of ours, and adds the headers to answers."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        answer = PlainTextResponse(*refusal) if refusal else self._app
        await answer(scope, receive, guarded)

    def _refusal(self, method: str, headers: Headers) -> tuple[str, int] | None:
        if headers.get("host") not in self._hosts:
            return "unknown host", 421
        if method in SAFE_METHODS:
            return None
        if headers.get("origin") not in {f"http://{host}" for host in self._hosts}:
            return "unknown origin", 403
        length = headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            return "too large", 413
        return None
