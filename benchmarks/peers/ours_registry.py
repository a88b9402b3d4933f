"""Ours: the registry in an SQLite file, with all that it keeps of a submission."""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TypeVar

from benchmarks.labelled import SAMPLES, sample_photos
from benchmarks.peers import Hashes
from receipt_screen import open_registry
from receipt_screen.campaign import Campaign
from receipt_screen.records import FieldPrint, Fingerprints, Screening, TransactionKey
from receipt_screen.registry import Registry
from receipt_screen.screener import Screener

CAMPAIGN = SAMPLES / "campaigns" / "jeonbuk-2025.toml"
Printed = TypeVar("Printed", TransactionKey, FieldPrint)
RECEIVED = dt.datetime(2025, 2, 1, 12, tzinfo=dt.UTC)
PHOTOS = "receipt_screen_photos"


class OursInSqlite:
    """Entries are a sample's own, with other hashes, digests and numbers."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._file = Path(self._folder.name) / "seen.db"
        self._registry = self._open()
        self._sample = _sample()
        self._chance = Random(3)
        self._count = 0

    def fill(self, hashes: Hashes) -> bool:
        """One entry is remembered, the others are written by SQL: the same rows, other digests."""
        self.add(hashes[:1])
        # In a process of its own: what writing takes isn't an entry's memory.
        writing = get_context("spawn").Process(target=_fill, args=(self._file, len(hashes) - 1))
        writing.start()
        writing.join()
        return writing.exitcode == 0

    def reopen(self, wanted: Hashes) -> float:
        """As a batch does that begins: opens the file and takes all hashes in."""
        self._registry.close()
        started = time.perf_counter()
        self._registry = self._open()
        self.near(wanted)
        return time.perf_counter() - started

    def _open(self) -> Registry:
        return open_registry(f"sqlite:///{self._file}")

    def add(self, hashes: Hashes) -> None:
        """Each is remembered as `batch` does: looked up, decided and written durably."""
        for row in hashes:
            self._count += 1
            findings = self._sample.findings.model_copy(update={"prints": self._prints(row)})
            submission = f"added {self._count}"
            self._registry.remember(
                self._sample.model_copy(update={"findings": findings, "submission": submission})
            )

    def near(self, wanted: Hashes) -> int:
        """The matches of another receipt with this look."""
        campaign = self._sample.campaign.name
        return len(self._registry.find(self._prints(wanted), campaign=campaign, submission="asked"))

    def stored_bytes(self) -> int:
        """Of the database's files."""
        return sum(path.stat().st_size for path in self._file.parent.glob("seen.db*"))

    def close(self) -> None:
        self._registry.close()
        self._folder.cleanup()

    def _prints(self, row: Hashes) -> Fingerprints:
        prints, look = self._sample.findings.prints, row.tobytes().hex()
        numbers = {number: self._number(len(number)) for number in prints.text.numbers}
        text = prints.text.model_copy(
            update={
                "numbers": tuple(sorted(numbers.values())),
                "serials": tuple(numbers[number] for number in prints.text.serials),
            }
        )
        return prints.model_copy(
            update={
                "file": self._number(64),
                "pixels": self._number(64),
                "look": look,
                "paper": look,
                "keys": tuple(self._key(key) for key in prints.keys),
                "fields": tuple(self._key(field) for field in prints.fields),
                "text": text,
            }
        )

    def _key(self, key: Printed) -> Printed:
        return key.model_copy(update={"value": self._number(len(key.value))})

    def _number(self, digits: int) -> str:
        return f"{self._chance.randrange(10**digits):0{digits}}"


def _sample() -> Screening:
    """A photo of the test split with an approval number, read."""
    photo = next(each for each in sample_photos() if all(each.values.values()))
    screener = Screener(Campaign.load(CAMPAIGN))
    return screener.screen(photo.path, submission="sample", received=RECEIVED)


# ── many rows at once ────────────────────────────────────────────────────────────────────────


def _fill(file: Path, count: int) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -1000000")
        _multiply(connection, count)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _multiply(connection: sqlite3.Connection, count: int) -> None:
    """Writes the first photo's rows so many times, with random digests and numbers."""
    columns = dict(_columns(connection, PHOTOS))
    del columns["number"]
    values = {**{name: _other(name, kind) for name, kind in columns.items()},
              "submission": "'filled ' || counter.value"}  # fmt: skip
    connection.execute(
        f"WITH RECURSIVE counter(value) AS "
        f"(SELECT 1 UNION ALL SELECT value + 1 FROM counter WHERE value < {count}) "
        f"INSERT INTO {PHOTOS} ({', '.join(values)}) SELECT {', '.join(values.values())} "
        f"FROM counter, (SELECT * FROM {PHOTOS} ORDER BY number LIMIT 1) AS first"
    )
    for table in _hanging_on_photos(connection):
        kinds = {name: kind for name, kind in _columns(connection, table) if name != "photo"}
        others = ", ".join(_other(name, kind) for name, kind in kinds.items())
        connection.execute(
            f"INSERT INTO {table} (photo, {', '.join(kinds)}) SELECT each.number, {others} "
            f"FROM {PHOTOS} AS each, {table} AS first WHERE each.number > 1 AND first.photo = 1"
        )
    connection.commit()


def _columns(connection: sqlite3.Connection, table: str) -> Iterator[tuple[str, str]]:
    for row in connection.execute(f"PRAGMA table_info({table})"):
        yield row[1], row[2]


def _hanging_on_photos(connection: sqlite3.Connection) -> list[str]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return [name for (name,) in tables if "photo" in dict(_columns(connection, name))]


def _other(name: str, kind: str) -> str:
    """An SQL expression: as long as the first row's, but random where it is a digest or a token."""
    if kind == "BLOB":
        return f"iif(first.{name} IS NULL, NULL, randomblob(length(first.{name})))"
    return "random() & 4294967295" if name == "token" else f"first.{name}"
