"""Who may come in: links that work once, and sessions that outlive a restart of the server.

Only hashes are stored, so that who reads the file can't come in with what stands there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from receipt_screen.desk.chain import EventKind
from receipt_screen.desk.store import Desk
from receipt_screen.desk.tables import INVITATIONS, SESSIONS, as_text

INVITED = dt.timedelta(hours=1)
"""How long a link works."""
SESSION = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Session:
    """A reviewer who has come in."""

    reviewer: str
    csrf: str


def invite(desk: Desk) -> str:
    """A token for one reviewer to come in with."""
    token = secrets.token_urlsafe(24)
    until = as_text(dt.datetime.now(dt.UTC) + INVITED)
    with desk.database.writing("sessions") as connection:
        connection.execute(insert(INVITATIONS).values(token=_hashed(token), until=until))
    return token


def is_invited(desk: Desk, token: str) -> bool:
    """Whether a link still works; looking doesn't use it up."""
    now = as_text(dt.datetime.now(dt.UTC))
    query = select(INVITATIONS.c.token).where(
        INVITATIONS.c.token == _hashed(token), INVITATIONS.c.until > now
    )
    with desk.database.reading() as connection:
        return connection.scalar(query) is not None


def enter(desk: Desk, token: str, reviewer: str) -> str | None:
    """Uses a link up; the cookie of the new session, or None where the link doesn't work."""
    now = dt.datetime.now(dt.UTC)
    cookie = secrets.token_urlsafe(32)
    with desk.database.writing("sessions") as connection:
        used = connection.execute(
            delete(INVITATIONS).where(
                INVITATIONS.c.token == _hashed(token), INVITATIONS.c.until > as_text(now)
            )
        )
        if used.rowcount != 1:
            return None
        values = {
            "cookie": _hashed(cookie),
            "reviewer": reviewer,
            "csrf": secrets.token_urlsafe(24),
            "until": as_text(now + SESSION),
        }
        connection.execute(insert(SESSIONS).values(**values))
        desk.append(connection, reviewer, EventKind.ENTERED, None, {})
    return cookie


def session_of(desk: Desk, cookie: str | None) -> Session | None:
    """The session of a cookie, if it still holds."""
    if not cookie:
        return None
    now = as_text(dt.datetime.now(dt.UTC))
    query = select(SESSIONS.c.reviewer, SESSIONS.c.csrf).where(
        SESSIONS.c.cookie == _hashed(cookie), SESSIONS.c.until > now
    )
    with desk.database.reading() as connection:
        row = connection.execute(query).first()
    return None if row is None else Session(row.reviewer, row.csrf)


def leave(desk: Desk, cookie: str) -> None:
    """Ends a session."""
    with desk.database.writing("sessions") as connection:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.cookie == _hashed(cookie)))


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
