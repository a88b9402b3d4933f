"""A registry in a database: candidates by index, then the rules of `relations`."""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    func,
    insert,
    select,
    union,
)

from receipt_screen.errors import RegistryError
from receipt_screen.records import Fingerprints, KeyKind, Match, Screening
from receipt_screen.registry.base import (
    CampaignCount,
    RegistryInfo,
    RegistrySettings,
    check_names,
    in_utc,
)
from receipt_screen.registry.database import Database
from receipt_screen.registry.looks import CampaignLooks
from receipt_screen.registry.migrate import migrate, read_meta, schema_version, write_meta
from receipt_screen.registry.relations import (
    Entry,
    KeyedPrints,
    KeyedTransaction,
    earlier_matches,
)
from receipt_screen.registry.secret import Secret, given_secret

TABLES = MetaData()
PHOTOS = Table(
    "receipt_screen_photos",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("campaign", Text),
    Column("submission", Text),
    Column("received", Text),
    Column("remembered", Text),
    Column("version", Integer),
    Column("file", LargeBinary),
    Column("pixels", LargeBinary),
    Column("look", LargeBinary),
    Column("paper", LargeBinary),
)
KEYS = Table(
    "receipt_screen_keys",
    TABLES,
    Column("photo", Integer, primary_key=True),
    Column("kind", Text),
    Column("digest", LargeBinary, primary_key=True),
    Column("confidence", Float),
)
"""As `migrations/` makes them, where types, indexes and constraints stand."""

AT_ONCE = 500
"""Rows asked for by number in one statement; a statement has room for 32766 values in SQLite."""
LOADED_AT_ONCE = 10_000


class SqlRegistry:
    """Remembers in SQLite or PostgreSQL. Threads take turns; processes lock the campaign."""

    def __init__(self, database: Database, settings: RegistrySettings) -> None:
        self._database = database
        self._settings = settings
        self._lock = threading.Lock()
        self._looks: dict[tuple[str, int], CampaignLooks] = defaultdict(CampaignLooks)
        try:
            self._secret = self._prepare()
        except RegistryError:
            database.close()
            raise

    @property
    def new_secret(self) -> Path | None:
        """The secret file that this opening made; else None."""
        return self._secret.made

    def find(self, prints: Fingerprints, *, campaign: str, submission: str) -> tuple[Match, ...]:
        """The related earlier submissions, the strongest first."""
        check_names(campaign, submission)
        keyed = self._secret.keying(campaign).prints(prints)
        with self._lock, self._database.reading() as connection:
            return self._find(connection, keyed, campaign, submission)

    def remember(self, screening: Screening) -> tuple[Match, ...]:
        """Stores a submission's prints; returns what `find` says, decided in the same step."""
        campaign, submission = screening.campaign.name, screening.submission
        check_names(campaign, submission)
        received = in_utc(screening.received, submission)
        keyed = self._secret.keying(campaign).prints(screening.findings.prints)
        with self._lock, self._database.writing(f"campaign {campaign}") as connection:
            matches = self._find(connection, keyed, campaign, submission)
            photo = _own_photo(connection, keyed, campaign, submission)
            if photo is None:
                photo = _store_photo(connection, keyed, campaign, submission, received)
            _store_new_keys(connection, photo, keyed)
        return matches

    def info(self) -> RegistryInfo:
        """How much is remembered, by campaign."""
        with self._lock, self._database.reading() as connection:
            return RegistryInfo(
                place=self._database.place,
                schema_version=schema_version(connection),
                campaigns=tuple(_counts(connection)),
            )

    def close(self) -> None:
        """Closes the database; a later call opens it again."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _prepare(self) -> Secret:
        """Brings the database up to date and finds the secret it was written under."""
        database = self._database
        with database.writing("schema") as connection:
            if schema_version(connection) == 0:
                database.refuse_foreign(connection)
            migrate(connection, database.place, database.steps)
            secret = _secret_of(connection, database, self._settings.secret_file)
        database.settle()
        return secret

    def _find(
        self, connection: Connection, keyed: KeyedPrints, campaign: str, submission: str
    ) -> tuple[Match, ...]:
        numbers = self._alike(connection, keyed, campaign) | _sharing(connection, keyed)
        entries = _entries(connection, sorted(numbers))
        return earlier_matches(keyed, entries, submission, self._settings.relations)

    def _alike(self, connection: Connection, keyed: KeyedPrints, campaign: str) -> set[int]:
        """The photos that look the same; first takes in what came since the last question."""
        looks = self._looks[campaign, keyed.version]
        news = (
            select(PHOTOS.c.number, PHOTOS.c.look, PHOTOS.c.paper)
            .where(PHOTOS.c.campaign == campaign, PHOTOS.c.number > looks.last)
            .where(PHOTOS.c.version == keyed.version)
            .order_by(PHOTOS.c.number)
        )
        for rows in connection.execute(news).partitions(LOADED_AT_ONCE):
            looks.take_in([(number, look, paper) for number, look, paper in rows])
        return looks.near(keyed.look, keyed.paper, self._settings.relations.look)


def _secret_of(connection: Connection, database: Database, file: Path | None) -> Secret:
    """The database's secret; RegistryError for another than it was written under."""
    known = read_meta(connection, "secret")
    secret = given_secret(file) or database.missing_secret(is_used=known is not None)
    if known is None:
        write_meta(connection, "secret", secret.fingerprint())
    elif known != secret.fingerprint():
        raise RegistryError("registry.secret_other", {"place": database.place})
    return secret


# ── questions ────────────────────────────────────────────────────────────────────────────────


def _sharing(connection: Connection, keyed: KeyedPrints) -> set[int]:
    """The photos with a digest in common. Digests of two campaigns are never the same."""
    numbers = union(
        select(PHOTOS.c.number).where(PHOTOS.c.file == keyed.file),
        select(PHOTOS.c.number).where(PHOTOS.c.pixels == keyed.pixels),
        select(KEYS.c.photo).where(KEYS.c.digest.in_(keyed.digests())),
    )
    return set(connection.scalars(numbers))


def _entries(connection: Connection, numbers: list[int]) -> Iterator[Entry]:
    """The photos of these numbers, as far as they still exist."""
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        keys: dict[int, list[KeyedTransaction]] = defaultdict(list)
        for row in connection.execute(select(KEYS).where(KEYS.c.photo.in_(some))):
            keys[row.photo].append(_key(row))
        for row in connection.execute(select(PHOTOS).where(PHOTOS.c.number.in_(some))):
            yield _entry(row, keys[row.number])


def _key(row: Row[Any]) -> KeyedTransaction:
    return KeyedTransaction(KeyKind(row.kind), row.digest, row.confidence)


def _entry(row: Row[Any], keys: Iterable[KeyedTransaction]) -> Entry:
    prints = KeyedPrints(row.version, row.file, row.pixels, row.look, row.paper, tuple(keys))
    return Entry(row.number, row.submission, prints)


def _own_photo(
    connection: Connection, keyed: KeyedPrints, campaign: str, submission: str
) -> int | None:
    """The number of this photo, if this submission has handed it in before."""
    query = select(PHOTOS.c.number).where(
        PHOTOS.c.campaign == campaign,
        PHOTOS.c.submission == submission,
        PHOTOS.c.file == keyed.file,
        PHOTOS.c.pixels == keyed.pixels,
    )
    number: int | None = connection.scalar(query)
    return number


def _counts(connection: Connection) -> Iterator[CampaignCount]:
    query = (
        select(
            PHOTOS.c.campaign,
            func.count(PHOTOS.c.submission.distinct()).label("submissions"),
            func.count().label("photos"),
            func.min(PHOTOS.c.received).label("first_received"),
            func.max(PHOTOS.c.received).label("last_received"),
            func.max(PHOTOS.c.remembered).label("last_remembered"),
        )
        .group_by(PHOTOS.c.campaign)
        .order_by(PHOTOS.c.campaign)
    )
    for row in connection.execute(query):
        yield CampaignCount.model_validate(row._asdict())


# ── storing ──────────────────────────────────────────────────────────────────────────────────


def _store_photo(
    connection: Connection,
    keyed: KeyedPrints,
    campaign: str,
    submission: str,
    received: dt.datetime,
) -> int:
    row = {
        "campaign": campaign,
        "submission": submission,
        "received": _text(received),
        "remembered": _text(dt.datetime.now(dt.UTC)),
        "version": keyed.version,
        "file": keyed.file,
        "pixels": keyed.pixels,
        "look": keyed.look,
        "paper": keyed.paper,
    }
    number: int = connection.execute(
        insert(PHOTOS).values(row).returning(PHOTOS.c.number)
    ).scalar_one()
    return number


def _store_new_keys(connection: Connection, photo: int, keyed: KeyedPrints) -> None:
    known = set(connection.scalars(select(KEYS.c.digest).where(KEYS.c.photo == photo)))
    rows = [
        {"photo": photo, "kind": key.kind, "digest": key.digest, "confidence": key.confidence}
        for key in keyed.keys
        if key.digest not in known
    ]
    if rows:
        connection.execute(insert(KEYS), rows)


def _text(time: dt.datetime) -> str:
    """ISO 8601 of one length, so that the order of texts is the order of times."""
    return time.isoformat(timespec="microseconds")
