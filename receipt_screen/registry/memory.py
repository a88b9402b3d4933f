"""A registry in memory that compares with everything: slow, obviously right, and forgotten."""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from receipt_screen.records import (
    Fingerprints,
    Frequency,
    Group,
    Link,
    Match,
    Party,
    Purged,
    Relation,
    Remembered,
    Screening,
)
from receipt_screen.registry.base import (
    CampaignCount,
    RegistryInfo,
    RegistrySettings,
    check_names,
    in_utc,
)
from receipt_screen.registry.earlier import Entry, earlier_matches, told_of, without_crowds
from receipt_screen.registry.groups import Pair, group_links, others_of, pair_of
from receipt_screen.registry.secret import Secret
from receipt_screen.relation import Traits
from receipt_screen.relation.traits import Value


@dataclass(frozen=True)
class _Seen:
    """A remembered photo with its times."""

    entry: Entry
    received: dt.datetime
    remembered: dt.datetime
    parties: Mapping[Party, bytes]

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
        self._ends: dict[str, dt.date] = {}
        self._count = 0
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
        keying = self._secret.keying(campaign)
        traits, parties = keying.traits(screening.findings.prints), keying.parties(screening)
        with self._lock:
            matches = self._find(traits, campaign, submission)
            self._store(_Seen(self._entry(traits, submission), received, _now(), parties), campaign)
            if screening.campaign.ends is not None:
                self._ends[campaign] = screening.campaign.ends
            self._link(campaign, submission, told_of(screening.matches, matches))
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

    def distinct_from(self, submission: str, *, campaign: str) -> frozenset[str]:
        """The submissions that people found to be no duplicates of one."""
        check_names(campaign, submission)
        with self._lock:
            return others_of(submission, self._distinct[campaign])

    def groups(self, campaign: str, submission: str | None = None) -> tuple[Group, ...]:
        """The submissions that hang together, each group in the order of remembering."""
        check_names(campaign)
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

    def frequencies(self, screening: Screening, window: dt.timedelta) -> tuple[Frequency, ...]:
        """How often this submission's submitter, card and shop came in the window before it."""
        campaign, submission = screening.campaign.name, screening.submission
        check_names(campaign, submission)
        received = in_utc(screening.received, submission)
        parties = self._secret.keying(campaign).parties(screening)
        with self._lock:
            seen = self._seen[campaign]
            places = [one.entry.number for one in seen if one.entry.submission == submission]
            before = [one for one in seen if one.entry.number < min(places, default=self._count)]
        recent = [one for one in before if received - window <= one.received <= received]
        counts = {
            party: {one.entry.submission for one in recent if one.parties.get(party) == digest}
            for party, digest in sorted(parties.items())
        }
        return tuple(
            Frequency(party=party, submissions=len(others) + 1)
            for party, names in counts.items()
            if (others := names - {submission})
        )

    def export(
        self, campaign: str | None = None, submission: str | None = None
    ) -> Iterator[Remembered]:
        """All that is held of each photo, in the order of remembering."""
        check_names(*filter(None, (campaign, submission)))
        with self._lock:
            held = [(name, one) for name, seen in self._seen.items() for one in seen]
            links = {name: dict(found) for name, found in self._links.items()}
        for name, one in sorted(held, key=lambda each: each[1].entry.number):
            wanted = submission in {None, one.entry.submission}
            if campaign in {None, name} and wanted:
                yield _remembered(name, one, links.get(name, {}))

    def forget(self, submission: str, *, campaign: str) -> int:
        """Deletes everything of a submission; returns how many photos it had."""
        check_names(campaign, submission)
        with self._lock:
            return self._keep(campaign, lambda one: one.entry.submission != submission)

    def purge(self, before: dt.datetime, *, today: dt.date) -> tuple[Purged, ...]:
        """Deletes what isn't needed any more of photos received before a time."""
        purged = []
        with self._lock:
            for name in sorted(self._seen):
                if (ends := self._ends.get(name)) is not None and ends < today:
                    deleted = self._keep(name, lambda one: one.received >= before)
                    purged.append(Purged(campaign=name, reduced=0, deleted=deleted))
                else:
                    purged.append(
                        Purged(campaign=name, reduced=self._reduce(name, before), deleted=0)
                    )
        return tuple(one for one in purged if one.reduced or one.deleted)

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

    def _entry(self, traits: Traits, submission: str) -> Entry:
        return Entry(self._count, submission, replace(traits, turned=()))

    def _store(self, new: _Seen, campaign: str) -> None:
        seen = self._seen[campaign]
        for place, known in enumerate(seen):
            if known.is_of(new.entry.submission, new.entry.traits):
                entry = _with_new_keys(known.entry, new.entry.traits)
                parties = {**new.parties, **known.parties}
                seen[place] = replace(known, entry=entry, parties=parties)
                return
        seen.append(new)
        self._count += 1

    def _keep(self, campaign: str, kept: Callable[[_Seen], bool]) -> int:
        """Deletes the other photos and what hangs on their submissions; returns how many."""
        seen = self._seen[campaign]
        left = [one for one in seen if kept(one)]
        names = {one.entry.submission for one in left}
        self._seen[campaign] = left
        pairs = self._links[campaign]
        self._links[campaign] = {pair: pairs[pair] for pair in pairs if names.issuperset(pair)}
        distinct = self._distinct[campaign]
        self._distinct[campaign] = {pair for pair in distinct if names.issuperset(pair)}
        return len(seen) - len(left)

    def _reduce(self, campaign: str, before: dt.datetime) -> int:
        """Leaves the keyed hashes of photos received before; returns how many had more."""
        reduced = 0
        for place, one in enumerate(self._seen[campaign]):
            traits = one.entry.traits
            if one.received < before:
                reduced += bool(traits.look or traits.paper or traits.text_version)
                entry = replace(one.entry, traits=_keyed_hashes(traits))
                self._seen[campaign][place] = replace(one, entry=entry, parties={})
        return reduced

    def _link(self, campaign: str, submission: str, matches: tuple[Match, ...]) -> None:
        for match in matches:
            if match.relation is not Relation.SAME_TEMPLATE:
                link = Link(earlier=match.submission, later=submission, relation=match.relation)
                self._links[campaign].setdefault((match.submission, submission), link)


def _with_new_keys(entry: Entry, traits: Traits) -> Entry:
    known = entry.traits
    new = tuple(key for key in traits.keys if key.value not in known.values())
    kept = replace(known, keys=known.keys + new)
    if known.text_version < traits.text_version:  # of an older version, or purged
        kept = replace(
            kept,
            flat=traits.flat,
            fields=traits.fields,
            text_version=traits.text_version,
            numbers=traits.numbers,
            serials=traits.serials,
            words=traits.words,
        )
    return replace(entry, traits=kept)


def _keyed_hashes(traits: Traits) -> Traits:
    return Traits(
        version=traits.version,
        file=traits.file,
        pixels=traits.pixels,
        flat=traits.flat,
        keys=traits.keys,
        text_version=0,
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _remembered(campaign: str, seen: _Seen, links: Mapping[Pair, Link]) -> Remembered:
    traits, submission = seen.entry.traits, seen.entry.submission
    return Remembered(
        campaign=campaign,
        submission=submission,
        received=seen.received,
        remembered=seen.remembered,
        file=_hex(traits.file),
        pixels=_hex(traits.pixels),
        look=traits.look and traits.look.hex(),
        paper=traits.paper and traits.paper.hex(),
        keys={key.kind.value: _hex(key.value) for key in traits.keys},
        fields={name: _hex(trait.value) for name, trait in traits.fields.items()},
        numbers=len(traits.numbers),
        words=len(traits.words),
        parties={party.value: digest.hex() for party, digest in seen.parties.items()},
        matched={
            link.earlier: link.relation.value for link in links.values() if link.later == submission
        },
    )


def _hex(value: Value) -> str:
    return value.hex() if isinstance(value, bytes) else value


def _count(campaign: str, seen: list[_Seen]) -> CampaignCount:
    return CampaignCount(
        campaign=campaign,
        submissions=len({photo.entry.submission for photo in seen}),
        photos=len(seen),
        first_received=min(photo.received for photo in seen),
        last_received=max(photo.received for photo in seen),
        last_remembered=max(photo.remembered for photo in seen),
    )
