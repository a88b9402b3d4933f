"""Ours: what is said of a photo when the other one came before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import cv2
from rich.progress import track

from benchmarks.labelled import SAMPLES
from models.training.readings import current_findings, read_picture
from receipt_screen.batch.witness import MOST, match_of
from receipt_screen.campaign import Campaign
from receipt_screen.checks.duplicates import RELATIONS
from receipt_screen.compare import (
    Comparison,
    Lookalikes,
    Side,
    VisualWords,
    compare,
    sheet_pixels,
    visual_words,
)
from receipt_screen.geometry import Box
from receipt_screen.photo import open_photos
from receipt_screen.reading import open_reader
from receipt_screen.records import Findings, Match, Relation, Screening
from receipt_screen.registry import MemoryRegistry
from receipt_screen.screener import Screener, examine_upload, main_page

CAMPAIGN = SAMPLES / "campaigns" / "jeonbuk-2025.toml"
RECEIVED = dt.datetime(2025, 2, 1, 12, tzinfo=dt.UTC)
KEPT = "readings"
"""A folder of this name beside a photo keeps what was read of it."""


@dataclass(frozen=True)
class Seen:
    """A photo and its screening, as JSON: generic records have no name that pickle could find."""

    photo: Path
    screening: str
    words: VisualWords | None = field(default=None, compare=False)
    """Until the pictures have been acquainted."""
    resembles: frozenset[Path] = frozenset()
    """Earlier pictures that share so much that a batch compares the two."""


@dataclass(frozen=True)
class Told:
    """What is said of a pair, the second photo being the later one."""

    relation: Relation | None = None
    probability: float = 0.0
    severity: str | None = None
    """Of the flag that it raises: `strong`, `review`, or None."""
    frames: tuple[Box, ...] = ()
    """Where the later photo is said to differ."""

    def __float__(self) -> float:
        """The probability of one purchase; 1 more where the relation is that of a duplicate."""
        return (self.relation in RELATIONS) + self.probability


class Ours:
    """What the registry says: it knows the earlier photo by its prints."""

    def __init__(self) -> None:
        self._screener = Screener(Campaign.load(CAMPAIGN), reader=open_reader())

    def describe(self, photo: Path) -> Seen:
        findings = self._findings(photo)
        screening = self._screener.judge(findings, submission="earlier", received=RECEIVED)
        return Seen(photo, screening.model_dump_json(), _words(photo, findings))

    def likeness(self, one: Seen, other: Seen) -> float:
        return float(self.tell(one, other))

    def tell(self, one: Seen, other: Seen) -> Told:
        """The relation, and the flag that it raises."""
        match = self._match(_screening(one), _screening(other).findings)
        return Told() if match is None else self._told(match, _screening(other).findings)

    @staticmethod
    def acquaint(seen: Sequence[Seen]) -> list[Seen]:
        """What a batch would compare of these pictures, had they come in this order."""
        lookalikes, made = Lookalikes(), []
        for each in track(seen, "acquainting pictures"):
            assert each.words is not None
            findings = _screening(each).findings
            alike = frozenset(map(Path, lookalikes.of(each.words, findings, MOST)))
            lookalikes.add(str(each.photo), each.words, findings)
            made.append(replace(each, words=None, resembles=alike))
        return made

    def _findings(self, photo: Path) -> Findings:
        kept = photo.parent / KEPT
        if kept.is_dir():
            return current_findings(read_picture(photo, kept, self._screener.reader))
        return main_page(examine_upload(photo, self._screener.reader))[0]

    def _match(self, earlier: Screening, later: Findings) -> Match | None:
        with MemoryRegistry() as registry:
            registry.remember(earlier)
            campaign = earlier.campaign.name
            matches = registry.find(later.prints, campaign=campaign, submission="later")
        return matches[0] if matches else None

    def _told(self, match: Match, later: Findings, comparison: Comparison | None = None) -> Told:
        judged = self._screener.judge(
            later, submission="later", received=RECEIVED, matches=(match,)
        )
        severities = [flag.severity.value for flag in judged.flags if flag.code in RELATIONS]
        return Told(
            relation=match.relation,
            probability=match.probability or 0.0,
            severity=severities[0] if severities else None,
            frames=tuple(_frames(comparison)) if comparison else (),
        )


class OursWithPictures(Ours):
    """What a batch says: it compares with the pictures that the registry or their looks name."""

    def tell(self, one: Seen, other: Seen) -> Told:
        match = self._match(_screening(one), _screening(other).findings)
        if match is None and one.photo not in other.resembles:
            return Told()
        earlier, later = _side(one), _side(other)
        comparison = compare(earlier, later)
        return self._told(match_of("earlier", comparison), later.findings, comparison)


def _frames(comparison: Comparison) -> Iterator[Box]:
    for difference in comparison.differs:
        yield from (quad.box for quad in difference.later)


def _words(photo: Path, findings: Findings) -> VisualWords:
    cv2.setNumThreads(1)
    return visual_words(sheet_pixels(open_photos(photo)[0], findings))


@lru_cache(maxsize=512)
def _screening(seen: Seen) -> Screening:
    return Screening.model_validate_json(seen.screening)


@lru_cache(maxsize=24)
def _side(seen: Seen) -> Side:
    """With the features of its picture, once they were found."""
    return Side(_screening(seen).findings, open_photos(seen.photo)[0])
