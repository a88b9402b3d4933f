"""A registry in memory that compares with everything: slow, obviously right, and forgotten."""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from receipt_screen.records import Fingerprints, Group, Link, Match, Relation, Screening
from receipt_screen.registry.base import (
    CampaignCount,
    RegistryInfo,
    RegistrySettings,
    check_names,
    in_utc,
)
from receipt_screen.registry.earlier import Entry, earlier_matches, without_crowds
from receipt_screen.registry.groups import Pair, group_links, pair_of
from receipt_screen.registry.secret import Secret
from receipt_screen.relation import Traits


@dataclass(frozen=True)
class _Seen:
    """A remembered photo with its times."""

    entry: Entry
    received: dt.datetime
    remembered: dt.datetime

    def is_of(self, submission: str, traits: Traits) -> bool:
        """It is this photo, handed in under this submission."""
        own = self.entry.traits
        same_photo = (own.file, own.pixels) == (traits.file, traits.pixels)
        return same_photo and self.entry.submission == submission


class MemoryRegistry:
    """The reference that the other registries are held against; gone when it is closed."""

    new_secret: Path | None = None

    def __init__(self, settings: RegistrySettings | None = None) -> None:
        self._settings = settings or RegistrySettings()
        self._secret = Secret.random()
        self._seen: dict[str, list[_Seen]] = defaultdict(list)
        self._links: dict[str, dict[Pair, Link]] = defaultdict(dict)
        self._distinct: dict[str, set[Pair]] = defaultdict(set)
        self._lock = threading.Lock()

    def find(self, prints: Fingerprints, *, campaign: str, submission: str) -> tuple[Match, ...]:
        """The related earlier submissions, the strongest first."""
        check_names(campaign, submission)
        traits = self._traits(prints, campaign)
        with self._lock:
            return self._find(traits, campaign, submission)

    def remember(self, screening: Screening) -> tuple[Match, ...]:
        """Stores a submission's prints; returns what `find` says."""
        campaign, submission = screening.campaign.name, screening.submission
        check_names(campaign, submission)
        received = in_utc(screening.received, submission)
        traits = self._traits(screening.findings.prints, campaign)
        with self._lock:
            matches = self._find(traits, campaign, submission)
            self._store(traits, campaign, submission, received)
            self._link(campaign, submission, matches)
        return matches

    def mark_distinct(self, one: str, other: str, *, campaign: str) -> None:
        """Remembers that two submissions are no duplicates of each other."""
        check_names(campaign, one, other)
        with self._lock:
            self._distinct[campaign].add(pair_of(one, other))

    def unmark_distinct(self, one: str, other: str, *, campaign: str) -> None:
        """Takes `mark_distinct` back."""
        check_names(campaign, one, other)
        with self._lock:
            self._distinct[campaign].discard(pair_of(one, other))

    def groups(self, campaign: str, submission: str | None = None) -> tuple[Group, ...]:
        """The submissions that hang together, each group in the order of remembering."""
        with self._lock:
            links = list(self._links[campaign].values())
            distinct = frozenset(self._distinct[campaign])
            places: dict[str, int] = {}
            for seen in self._seen[campaign]:
                places.setdefault(seen.entry.submission, seen.entry.number)
        found = group_links(links, distinct, places)
        return tuple(each for each in found if submission in (None, *each.submissions))

    def info(self) -> RegistryInfo:
        """How much is remembered, by campaign."""
        with self._lock:
            counts = tuple(_count(name, seen) for name, seen in sorted(self._seen.items()) if seen)
        return RegistryInfo(place="memory", schema_version=0, campaigns=counts)

    def close(self) -> None:
        """Forgets everything."""
        self._seen.clear()
        self._links.clear()
        self._distinct.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _traits(self, prints: Fingerprints, campaign: str) -> Traits:
        return self._secret.keying(campaign).traits(prints)

    def _find(self, traits: Traits, campaign: str, submission: str) -> tuple[Match, ...]:
        seen, settings = self._seen[campaign], self._settings.relations
        own = next((one.entry.number for one in seen if one.is_of(submission, traits)), None)
        photos = {
            token: {one.entry.number for one in seen if token in one.entry.traits.serials}
            for token in traits.serials
        }
        traits = without_crowds(traits, photos, own, settings.crowd)
        entries = [one.entry for one in seen]
        return tuple(
            match
            for match in earlier_matches(traits, entries, submission, settings)
            if pair_of(match.submission, submission) not in self._distinct[campaign]
        )

    def _store(self, traits: Traits, campaign: str, submission: str, received: dt.datetime) -> None:
        seen = self._seen[campaign]
        for place, known in enumerate(seen):
            if known.is_of(submission, traits):
                seen[place] = replace(known, entry=_with_new_keys(known.entry, traits))
                return
        entry = Entry(len(seen), submission, replace(traits, turned=()))
        seen.append(_Seen(entry, received, dt.datetime.now(dt.UTC)))

    def _link(self, campaign: str, submission: str, matches: tuple[Match, ...]) -> None:
        for match in matches:
            if match.relation is not Relation.SAME_TEMPLATE:
                link = Link(earlier=match.submission, later=submission, relation=match.relation)
                self._links[campaign].setdefault((match.submission, submission), link)


def _with_new_keys(entry: Entry, traits: Traits) -> Entry:
    known = entry.traits.values()
    new = tuple(key for key in traits.keys if key.value not in known)
    return replace(entry, traits=replace(entry.traits, keys=entry.traits.keys + new))


def _count(campaign: str, seen: list[_Seen]) -> CampaignCount:
    return CampaignCount(
        campaign=campaign,
        submissions=len({photo.entry.submission for photo in seen}),
        photos=len(seen),
        first_received=min(photo.received for photo in seen),
        last_received=max(photo.received for photo in seen),
        last_remembered=max(photo.remembered for photo in seen),
    )
