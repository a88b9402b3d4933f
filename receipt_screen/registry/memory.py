"""A registry in memory that compares with everything: slow, obviously right, and forgotten."""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from receipt_screen.records import Fingerprints, Match, Screening
from receipt_screen.registry.base import (
    CampaignCount,
    RegistryInfo,
    RegistrySettings,
    check_names,
    in_utc,
)
from receipt_screen.registry.relations import Entry, KeyedPrints, earlier_matches
from receipt_screen.registry.secret import Secret


@dataclass(frozen=True)
class _Seen:
    """A remembered photo with its times."""

    entry: Entry
    received: dt.datetime
    remembered: dt.datetime

    def is_of(self, submission: str, prints: KeyedPrints) -> bool:
        """It is this photo, handed in under this submission."""
        own = self.entry.prints
        same_photo = (own.file, own.pixels) == (prints.file, prints.pixels)
        return same_photo and self.entry.submission == submission


class MemoryRegistry:
    """The reference that the other registries are held against; gone when it is closed."""

    new_secret: Path | None = None

    def __init__(self, settings: RegistrySettings | None = None) -> None:
        self._settings = settings or RegistrySettings()
        self._secret = Secret.random()
        self._seen: dict[str, list[_Seen]] = defaultdict(list)
        self._lock = threading.Lock()

    def find(self, prints: Fingerprints, *, campaign: str, submission: str) -> tuple[Match, ...]:
        """The related earlier submissions, the strongest first."""
        check_names(campaign, submission)
        keyed = self._keyed(prints, campaign)
        with self._lock:
            return self._find(keyed, campaign, submission)

    def remember(self, screening: Screening) -> tuple[Match, ...]:
        """Stores a submission's prints; returns what `find` says."""
        campaign, submission = screening.campaign.name, screening.submission
        check_names(campaign, submission)
        received = in_utc(screening.received, submission)
        keyed = self._keyed(screening.findings.prints, campaign)
        with self._lock:
            matches = self._find(keyed, campaign, submission)
            self._store(keyed, campaign, submission, received)
        return matches

    def info(self) -> RegistryInfo:
        """How much is remembered, by campaign."""
        with self._lock:
            counts = tuple(_count(name, seen) for name, seen in sorted(self._seen.items()) if seen)
        return RegistryInfo(place="memory", schema_version=0, campaigns=counts)

    def close(self) -> None:
        """Forgets everything."""
        self._seen.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _keyed(self, prints: Fingerprints, campaign: str) -> KeyedPrints:
        return self._secret.keying(campaign).prints(prints)

    def _find(self, keyed: KeyedPrints, campaign: str, submission: str) -> tuple[Match, ...]:
        entries = [seen.entry for seen in self._seen[campaign]]
        return earlier_matches(keyed, entries, submission, self._settings.relations)

    def _store(
        self, keyed: KeyedPrints, campaign: str, submission: str, received: dt.datetime
    ) -> None:
        seen = self._seen[campaign]
        for place, known in enumerate(seen):
            if known.is_of(submission, keyed):
                seen[place] = replace(known, entry=_with_new_keys(known.entry, keyed))
                return
        entry = Entry(len(seen), submission, keyed)
        seen.append(_Seen(entry, received, dt.datetime.now(dt.UTC)))


def _with_new_keys(entry: Entry, keyed: KeyedPrints) -> Entry:
    known = entry.prints.digests()
    new = tuple(key for key in keyed.keys if key.digest not in known)
    return replace(entry, prints=replace(entry.prints, keys=entry.prints.keys + new))


def _count(campaign: str, seen: list[_Seen]) -> CampaignCount:
    return CampaignCount(
        campaign=campaign,
        submissions=len({photo.entry.submission for photo in seen}),
        photos=len(seen),
        first_received=min(photo.received for photo in seen),
        last_received=max(photo.received for photo in seen),
        last_remembered=max(photo.remembered for photo in seen),
    )
