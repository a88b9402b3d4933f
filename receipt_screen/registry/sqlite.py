"""SQLite: a file on this machine that several processes may share."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect
from sqlalchemy.pool import StaticPool

from receipt_screen.errors import RegistryError
from receipt_screen.registry.base import RegistrySettings
from receipt_screen.registry.database import Database
from receipt_screen.registry.secret import Secret, make_secret, read_secret

MAGIC = b"SQLite format 3\0"
"""How every SQLite file begins. https://www.sqlite.org/fileformat.html"""
MEMORY = ":memory:"

EXPLANATIONS = {
    sqlite3.SQLITE_BUSY: "registry.busy",
    sqlite3.SQLITE_LOCKED: "registry.busy",
    sqlite3.SQLITE_READONLY: "registry.read_only",
    sqlite3.SQLITE_PERM: "registry.read_only",
    sqlite3.SQLITE_CANTOPEN: "registry.read_only",
    sqlite3.SQLITE_FULL: "registry.full",
    sqlite3.SQLITE_NOTADB: "registry.corrupt",
    sqlite3.SQLITE_CORRUPT: "registry.corrupt",
}
"""By primary result code. https://www.sqlite.org/rescode.html"""


class SqliteDatabase(Database):
    """One file; `file` is None for a database in memory."""

    def __init__(self, path: str, settings: RegistrySettings) -> None:
        self.file = None if path in ("", MEMORY) else Path(path)
        if self.file is not None:
            if settings.must_exist and not self.file.exists():
                raise RegistryError("registry.not_there", {"place": path})
            _check_file(self.file)
        super().__init__(_engine(self.file, settings.patience), place=path or MEMORY)

    def lock(self, connection: Connection, topic: str) -> None:
        """Nothing: BEGIN IMMEDIATE has locked the whole file."""

    def explain(self, error: BaseException | None) -> RegistryError:
        """What an error of sqlite3 means."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in EXPLANATIONS:
            return RegistryError(EXPLANATIONS[code], {"place": self.place})
        reason = getattr(error, "sqlite_errorname", type(error).__name__)
        return RegistryError("registry.failed", {"place": self.place, "reason": reason})

    def missing_secret(self, *, is_used: bool) -> Secret:
        """The secret beside the file, made on first use."""
        if self.file is None:
            return Secret.random()
        beside = self.file.with_name(f"{self.file.name}.secret")
        if beside.exists():
            return read_secret(beside)
        if is_used:
            values = {"place": self.place, "file": str(beside)}
            raise RegistryError("registry.secret_missing", values)
        return make_secret(beside)

    def refuse_foreign(self, connection: Connection) -> None:
        """A mistyped name mustn't put our tables into another program's file."""
        if inspect(connection).get_table_names():
            raise RegistryError("registry.foreign", {"place": self.place})

    def sweep(self) -> None:
        """Empties the write-ahead log, which still holds what was deleted."""
        connection = self.engine.raw_connection()
        with closing(connection), suppress(sqlite3.OperationalError):
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def settle(self) -> None:
        """Lets readers go on while somebody writes (WAL); the file keeps this setting."""
        # Another process that is just opening the file may hold it: then that one sets WAL.
        connection = self.engine.raw_connection()
        with closing(connection), suppress(sqlite3.OperationalError):
            connection.cursor().execute("PRAGMA journal_mode = WAL")


def _check_file(file: Path) -> None:
    place = {"place": str(file)}
    try:
        if not file.parent.is_dir():
            raise RegistryError("registry.no_folder", {**place, "folder": str(file.parent)})
        if file.exists() and not file.is_file():
            raise RegistryError("registry.not_a_file", place)
        if file.exists() and _first_bytes(file) not in (b"", MAGIC):
            raise RegistryError("registry.corrupt", place)
    except OSError as exc:
        raise RegistryError("registry.read_only", place) from exc
    if not all(_may_write(path) for path in (file.parent, file) if path.exists()):
        raise RegistryError("registry.read_only", place)


def _first_bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(len(MAGIC))


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _engine(file: Path | None, patience: float) -> Engine:
    url = URL.create("sqlite", database=MEMORY if file is None else str(file))
    # A database in memory lives in its one connection; threads take turns at it.
    pool: dict[str, Any] = {"poolclass": StaticPool} if file is None else {}
    arguments = {"timeout": patience, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, hide_parameters=True, **pool)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: sqlite3.Connection, _: object) -> None:
    # sqlite3 would begin transactions on its own, late and unlocked; `_on_begin` does it.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON").close()
    # What is deleted is overwritten, not only marked as free.
    connection.execute("PRAGMA secure_delete = ON").close()


def _on_begin(connection: Connection) -> None:
    # IMMEDIATE takes the lock before anything is read: two writers can't both see nothing.
    writes = connection.get_execution_options().get("receipt_screen_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
