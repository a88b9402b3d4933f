"""The server: on this machine only, one process, until it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import uvicorn

from receipt_screen.campaign import Campaign
from receipt_screen.desk.chain import EventKind, in_effect
from receipt_screen.desk.store import Desk
from receipt_screen.errors import SetupError
from receipt_screen.messages import Language
from receipt_screen.registry import Registry
from receipt_screen.review.app import make_app
from receipt_screen.review.room import open_room
from receipt_screen.review.sessions import invite

HOST: Final = "127.0.0.1"


@dataclass(frozen=True)
class ServeSettings:
    """How a desk's pages are served."""

    language: Language = "ko"
    port: int = 0
    """0 takes any that is free."""
    campaign: Campaign | None = None
    """Rules for what is corrected; None: those of the batch."""


def serve(
    desk: Desk, registry: Registry, settings: ServeSettings, announce: Callable[[str], None]
) -> None:
    """Serves a desk's pages until Ctrl-C; `announce` gets the link to come in with.

    Raises SetupError for a port that isn't free, UsageError and RegistryError where desk,
    campaign or registry can't be used.
    """
    room = open_room(desk, registry, settings.language, settings.campaign)
    _part_again(desk, registry, room.campaign.name)
    config = uvicorn.Config(
        "",  # which hosts the application answers to is known once the port is
        host=HOST,
        port=settings.port,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
    )
    try:
        socket = config.bind_socket()
    except SystemExit as exc:  # uvicorn's way to say that the port is taken
        raise SetupError("review.port_taken", {"port": settings.port}) from exc
    bound = socket.getsockname()[1]
    hosts = frozenset({f"{HOST}:{bound}", f"localhost:{bound}"})
    config.app = make_app(room, hosts)
    server = _Server(config, lambda: announce(f"http://{HOST}:{bound}/enter?token={invite(desk)}"))
    try:
        server.run(sockets=[socket])
    except KeyboardInterrupt:
        return
    finally:
        socket.close()


class _Server(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: Any = None) -> None:
        """Listens, then says so."""
        await super().startup(sockets)
        self._ready()


def _part_again(desk: Desk, registry: Registry, campaign: str) -> None:
    """Tells the registry of every pair parted here: a crash may have come in between."""
    for event in in_effect(desk.events()):
        if event.kind is EventKind.DISTINCT and event.submission and event.detail:
            registry.mark_distinct(event.submission, event.detail["other"], campaign=campaign)
