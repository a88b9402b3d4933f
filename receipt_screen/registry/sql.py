"""A registry in a database: candidates by index, then the rules of `relation`."""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, func, select

from receipt_screen.errors import RegistryError
from receipt_screen.records import (
    Fingerprints,
    Frequency,
    Group,
    Match,
    Purged,
    Remembered,
    Screening,
)
from receipt_screen.registry import pairs, rows, upkeep, velocity
from receipt_screen.registry.base import (
    CampaignCount,
    RegistryInfo,
    RegistrySettings,
    check_names,
    in_utc,
)
from receipt_screen.registry.database import Database
from receipt_screen.registry.earlier import earlier_matches, told_of, without_crowds
from receipt_screen.registry.looks import CampaignLooks
from receipt_screen.registry.migrate import migrate, read_meta, schema_version, write_meta
from receipt_screen.registry.secret import Secret, given_secret
from receipt_screen.registry.tables import PHOTOS
from receipt_screen.relation import Traits

LOADED_AT_ONCE = 1_000
"""Rows. Ten times as many take half as long again: they leave the processor's cache."""


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
        traits = self._secret.keying(campaign).traits(prints)
        with self._lock, self._database.reading() as connection:
            return self._find(connection, traits, campaign, submission)

    def remember(self, screening: Screening) -> tuple[Match, ...]:
        """Stores a submission's prints; returns what `find` says, decided in the same step."""
        campaign, submission = screening.campaign.name, screening.submission
        check_names(campaign, submission)
        received = in_utc(screening.received, submission)
        keying = self._secret.keying(campaign)
        traits = keying.traits(screening.findings.prints)
        with self._lock, self._database.writing(f"campaign {campaign}") as connection:
            matches = self._find(connection, traits, campaign, submission)
            photo = rows.own_photo(connection, traits, campaign, submission)
            if photo is None:
                photo = rows.store_photo(connection, traits, campaign, submission, received)
            else:
                rows.store_photo_again(connection, photo, traits)
            rows.store_parties(connection, photo, keying.parties(screening), received)
            rows.store_campaign(connection, screening.campaign)
            told = told_of(screening.matches, matches)
            pairs.store_links(connection, campaign, submission, told)
        return matches

    def mark_distinct(self, one: str, other: str, *, campaign: str) -> None:
        """Remembers that two submissions are no duplicates of each other."""
        check_names(campaign, one, other)
        with self._lock, self._database.writing(f"campaign {campaign}") as connection:
            pairs.unmark(connection, campaign, one, other)
            pairs.mark(connection, campaign, one, other)

    def unmark_distinct(self, one: str, other: str, *, campaign: str) -> None:
        """Takes `mark_distinct` back."""
        check_names(campaign, one, other)
        with self._lock, self._database.writing(f"campaign {campaign}") as connection:
            pairs.unmark(connection, campaign, one, other)

    def distinct_from(self, submission: str, *, campaign: str) -> frozenset[str]:
        """The submissions that people found to be no duplicates of one."""
        check_names(campaign, submission)
        with self._lock, self._database.reading() as connection:
            return pairs.distinct_from(connection, campaign, submission)

    def groups(self, campaign: str, submission: str | None = None) -> tuple[Group, ...]:
        """The submissions that hang together, each group in the order of remembering."""
        check_names(campaign)
        with self._lock, self._database.reading() as connection:
            found = pairs.groups(connection, campaign)
        return tuple(each for each in found if submission in (None, *each.submissions))

    def info(self) -> RegistryInfo:
        """How much is remembered, by campaign."""
        with self._lock, self._database.reading() as connection:
            return RegistryInfo(
                place=self._database.place,
                schema_version=schema_version(connection),
                campaigns=tuple(_counts(connection)),
            )

    def frequencies(self, screening: Screening, window: dt.timedelta) -> tuple[Frequency, ...]:
        """How often this submission's submitter, card and shop came in the window before it."""
        campaign, submission = screening.campaign.name, screening.submission
        check_names(campaign, submission)
        received = in_utc(screening.received, submission)
        parties = self._secret.keying(campaign).parties(screening)
        span = received - window, received
        with self._lock, self._database.reading() as connection:
            return velocity.frequencies(connection, parties, campaign, submission, span)

    def export(
        self, campaign: str | None = None, submission: str | None = None
    ) -> Iterator[Remembered]:
        """All that is held of each photo, in the order of remembering."""
        check_names(*filter(None, (campaign, submission)))
        held: list[Remembered] | None = None
        last = 0
        while held != []:
            # Let go of in between: who goes through the photos may want to forget some.
            with self._lock, self._database.reading() as connection:
                last, held = upkeep.export(connection, campaign, submission, last)
            yield from held

    def forget(self, submission: str, *, campaign: str) -> int:
        """Deletes everything of a submission; returns how many photos it had."""
        check_names(campaign, submission)
        with self._lock:
            with self._database.writing(f"campaign {campaign}") as connection:
                deleted = upkeep.forget(connection, campaign, submission)
            self._database.sweep()
        return deleted

    def purge(self, before: dt.datetime, *, today: dt.date) -> tuple[Purged, ...]:
        """Deletes what isn't needed any more of photos received before a time."""
        with self._lock:
            with self._database.writing("purge") as connection:
                purged = tuple(upkeep.purge(connection, before.astimezone(dt.UTC), today))
            self._database.sweep()
        return purged

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
            secret = secret_of(connection, database, self._settings.secret_file)
        database.settle()
        return secret

    def _find(
        self, connection: Connection, traits: Traits, campaign: str, submission: str
    ) -> tuple[Match, ...]:
        settings = self._settings.relations
        numbers = self._alike(connection, traits, campaign)
        numbers |= rows.sharing_digest(connection, traits)
        same_serial = rows.sharing_serial(connection, traits.serials, settings.crowd)
        own = rows.own_photo(connection, traits, campaign, submission)
        traits = without_crowds(traits, same_serial, own, settings.crowd)
        numbers |= {photo for token in traits.serials for photo in same_serial.get(token, ())}
        candidates = rows.entries(connection, sorted(numbers))
        matches = earlier_matches(traits, candidates, submission, settings)
        return pairs.without_distinct(connection, campaign, submission, matches)

    def _alike(self, connection: Connection, traits: Traits, campaign: str) -> set[int]:
        """The photos that look the same; first takes in what came since the last question."""
        looks = self._looks[campaign, traits.version]
        news = (
            select(PHOTOS.c.number, PHOTOS.c.look, PHOTOS.c.paper)
            .where(PHOTOS.c.campaign == campaign, PHOTOS.c.version == traits.version)
            .where(PHOTOS.c.number > looks.last)
            .order_by(PHOTOS.c.number)
        )
        # Plain tuples from the driver: a million of SQLAlchemy's rows take seconds to make.
        cursor = connection.execute(news).cursor
        while some := cursor.fetchmany(LOADED_AT_ONCE):
            looks.take_in(some)
        return looks.near(traits, self._settings.relations.look)


def secret_of(connection: Connection, database: Database, file: Path | None) -> Secret:
    """The secret of a registry's or a desk's database.

    Raises RegistryError for another than it was written under.
    """
    known = read_meta(connection, "secret")
    secret = given_secret(file) or database.missing_secret(is_used=known is not None)
    if known is None:
        write_meta(connection, "secret", secret.fingerprint())
    elif known != secret.fingerprint():
        raise RegistryError("registry.secret_other", {"place": database.place})
    return secret


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
