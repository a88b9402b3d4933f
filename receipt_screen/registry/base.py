"""What every registry promises, and what it tells of itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from receipt_screen.errors import RegistryError
from receipt_screen.records import (
    Fingerprints,
    Frequency,
    Group,
    Match,
    Purged,
    Record,
    Remembered,
    Screening,
)
from receipt_screen.relation import RelationSettings


@dataclass(frozen=True)
class RegistrySettings:
    """How a registry is opened and when it calls two photos related."""

    secret_file: Path | None = None
    """Where the secret is; by default in the environment, or for SQLite beside the database."""
    must_exist: bool = False
    """A file that isn't there is refused instead of made."""
    patience: float = 30.0
    """Seconds to wait for another process that is writing."""
    relations: RelationSettings = field(default_factory=RelationSettings)


class CampaignCount(Record):
    """What a registry has seen of one campaign."""

    campaign: str
    submissions: int
    photos: int
    """A submission handed in again with another photo has several."""
    first_received: dt.datetime
    last_received: dt.datetime
    last_remembered: dt.datetime


class RegistryInfo(Record):
    """What a registry is and how much it holds."""

    place: str
    """The file or the server, without a password."""
    schema_version: int
    campaigns: tuple[CampaignCount, ...]
    """In the order of their names."""

    @property
    def submissions(self) -> int:
        """Of all campaigns together."""
        return sum(campaign.submissions for campaign in self.campaigns)

    @property
    def photos(self) -> int:
        """Of all campaigns together."""
        return sum(campaign.photos for campaign in self.campaigns)


class Registry(Protocol):
    """Remembers submissions and finds the earlier ones that a photo resembles.

    What counts as earlier is the order of remembering, never the time of receipt. A registry
    is safe to share between threads; each process opens its own. Every method raises
    RegistryError when the storage fails.
    """

    @property
    def new_secret(self) -> Path | None:
        """The secret file that this opening made, to be told to the user; else None."""
        ...

    def find(self, prints: Fingerprints, *, campaign: str, submission: str) -> tuple[Match, ...]:
        """The related earlier submissions of a campaign (by its name), the strongest first.

        A photo that the submission itself has handed in before is compared with what was
        remembered before it; any other photo with everything.
        """
        ...

    def remember(self, screening: Screening) -> tuple[Match, ...]:
        """Stores a submission's prints; returns what `find` says, decided in the same step.

        What the screening says of an earlier submission links the two, otherwise what was found.
        Of several processes that hand in one receipt at once exactly one gets no match.
        Remembering the same photo of the same submission again changes nothing but adds
        transaction keys that weren't read before.
        """
        ...

    def mark_distinct(self, one: str, other: str, *, campaign: str) -> None:
        """Remembers that a person found two submissions to be no duplicates of each other.

        From now on neither is a match of the other. Marking twice changes nothing; a submission
        that isn't known yet may be marked.
        """
        ...

    def unmark_distinct(self, one: str, other: str, *, campaign: str) -> None:
        """Takes `mark_distinct` back; harmless where nothing was marked."""
        ...

    def distinct_from(self, submission: str, *, campaign: str) -> frozenset[str]:
        """The submissions that people found to be no duplicates of one."""
        ...

    def groups(self, campaign: str, submission: str | None = None) -> tuple[Group, ...]:
        """The submissions that hang together, each group in the order of remembering.

        Two hang together when the later one matched the earlier as more than a template and
        nobody marked them distinct. With `submission`: its group only, if it has one.
        """
        ...

    def frequencies(self, screening: Screening, window: dt.timedelta) -> tuple[Frequency, ...]:
        """How often this submission's submitter, card and shop came in the window before it.

        Counted are submissions remembered before its own first photo, or all where it isn't
        remembered. A party that is unknown or came for the first time isn't listed.
        """
        ...

    def info(self) -> RegistryInfo:
        """How much is remembered, by campaign."""
        ...

    def export(
        self, campaign: str | None = None, submission: str | None = None
    ) -> Iterator[Remembered]:
        """All that is held of each photo, in the order of remembering."""
        ...

    def forget(self, submission: str, *, campaign: str) -> int:
        """Deletes everything of a submission; returns how many photos it had."""
        ...

    def purge(self, before: dt.datetime, *, today: dt.date) -> tuple[Purged, ...]:
        """Deletes what isn't needed any more of photos received before a time.

        Of a campaign that goes on the keyed hashes of file, pixels and transaction keys stay,
        so that a receipt can't be paid for twice; perceptual hashes, values, text and parties go.
        Of one that ended before `today` nothing stays. Campaigns without such photos aren't named.
        """
        ...

    def close(self) -> None:
        """Gives back files and connections; closing twice is harmless."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def in_utc(received: dt.datetime, submission: str) -> dt.datetime:
    """A time of receipt as it is stored; RegistryError where its zone is unknown."""
    if received.tzinfo is None:
        raise RegistryError("registry.no_zone", {"submission": submission})
    return received.astimezone(dt.UTC)


def check_names(*names: str) -> None:
    """Raises RegistryError for a name that no database can store as text."""
    for name in names:
        if "\0" in name or any("\ud800" <= sign <= "\udfff" for sign in name):
            raise RegistryError("registry.bad_name", {"name": ascii(name)})
