"""PostgreSQL: a server that several machines share. The only module that knows psycopg."""

from __future__ import annotations

import hashlib
from importlib import import_module

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError

from receipt_screen.errors import RegistryError, SetupError
from receipt_screen.registry.base import RegistrySettings
from receipt_screen.registry.database import Database
from receipt_screen.registry.secret import FILE_VARIABLE, VARIABLE, Secret

EXPLANATIONS = {
    "25006": "registry.read_only",  # read_only_sql_transaction
    "40P01": "registry.busy",  # deadlock_detected
    "42501": "registry.no_rights",  # insufficient_privilege
    "53100": "registry.full",  # disk_full
    "55P03": "registry.busy",  # lock_not_available: lock_timeout has passed
}
"""By SQLSTATE. https://www.postgresql.org/docs/current/errcodes-appendix.html"""


class PostgresqlDatabase(Database):
    """One database of a server; our tables may stand beside another program's."""

    def __init__(self, url: str, settings: RegistrySettings) -> None:
        _require_psycopg()
        parsed = _parsed(url)
        self._patience = settings.patience
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            # Anything stricter would answer from a picture taken before the lock was given.
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            hide_parameters=True,
        )
        super().__init__(engine, place=_shown(parsed))

    def lock(self, connection: Connection, topic: str) -> None:
        """Holds an advisory lock until the transaction ends, also by the process's death."""
        patience = f"{self._patience:.0f}s"
        connection.execute(text("SELECT set_config('lock_timeout', :t, true)"), {"t": patience})
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _lock_key(topic)})

    def explain(self, error: BaseException | None) -> RegistryError:
        """What an error of psycopg means."""
        state = getattr(error, "sqlstate", None)
        if state is None:
            return RegistryError("registry.unreachable", {"place": self.place})
        if state in EXPLANATIONS:
            return RegistryError(EXPLANATIONS[state], {"place": self.place})
        return RegistryError("registry.failed", {"place": self.place, "reason": state})

    def missing_secret(self, *, is_used: bool) -> Secret:  # noqa: ARG002 - the same either way
        """An error: a secret made on one machine would be unknown to the others."""
        names = {"variable": VARIABLE, "file_variable": FILE_VARIABLE}
        raise RegistryError("registry.no_secret", {"place": self.place, **names})

    def refuse_foreign(self, connection: Connection) -> None:
        """Nothing: our tables have names of their own."""

    def sweep(self) -> None:
        """Nothing: the server's own vacuum frees what was deleted."""

    def settle(self) -> None:
        """Nothing: a server needs no setting of ours."""


def _require_psycopg() -> None:
    try:
        import_module("psycopg")
    except ImportError as exc:
        raise SetupError("registry.no_psycopg") from exc


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        # `from None`: the parser's error may quote the password.
        raise RegistryError("registry.bad_url") from None


def _shown(url: URL) -> str:
    """The server without a password, which may also stand among the parameters."""
    shown = URL.create(
        "postgresql", url.username, host=url.host, port=url.port, database=url.database
    )
    return shown.render_as_string()


def _lock_key(topic: str) -> int:
    """The 64-bit number by which PostgreSQL knows a lock."""
    digest = hashlib.sha256(f"receipt-screen {topic}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
