"""Ours: what the registry says of a photo when the other one is remembered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from benchmarks.labelled import SAMPLES
from receipt_screen.campaign import Campaign
from receipt_screen.compare import Side, compare
from receipt_screen.photo import open_photos
from receipt_screen.reading import open_reader
from receipt_screen.records import Photo, Relation, Screening
from receipt_screen.registry import MemoryRegistry
from receipt_screen.screener import Screener

CAMPAIGN = SAMPLES / "campaigns" / "jeonbuk-2025.toml"
RECEIVED = dt.datetime(2025, 2, 1, 12, tzinfo=dt.UTC)
DUPLICATE = (
    Relation.SAME_FILE,
    Relation.SAME_IMAGE,
    Relation.SAME_RECEIPT,
    Relation.ALTERED_COPY,
)
"""The same template is a first-class answer, and none of these."""


@dataclass(frozen=True)
class Seen:
    """A photo and its screening, as JSON: generic records have no name that pickle could find."""

    photo: Path
    screening: str


class Ours:
    """The probability of one purchase; 1 more where the relation found is that of a duplicate."""

    def __init__(self) -> None:
        self._screener = Screener(Campaign.load(CAMPAIGN), reader=open_reader())

    def describe(self, photo: Path) -> Seen:
        screening = self._screener.screen(photo, submission="earlier", received=RECEIVED)
        return Seen(photo, screening.model_dump_json())

    def likeness(self, one: Seen, other: Seen) -> float:
        earlier, later = _screening(one), _screening(other)
        with MemoryRegistry() as registry:
            registry.remember(earlier)
            matches = registry.find(
                later.findings.prints, campaign=earlier.campaign.name, submission="later"
            )
        return _score(matches[0].relation, matches[0].probability) if matches else 0.0


class OursWithPictures(Ours):
    """The same, and what the registry has found is compared again with both pictures at hand."""

    def likeness(self, one: Seen, other: Seen) -> float:
        if not super().likeness(one, other):
            return 0.0
        compared = compare(_side(one), _side(other))
        return _score(compared.relation, compared.probability)


def _score(relation: Relation | None, probability: float | None) -> float:
    """Where no probability is told, the relation alone speaks."""
    is_duplicate = relation in DUPLICATE
    return is_duplicate + (float(is_duplicate) if probability is None else probability)


def _side(seen: Seen) -> Side:
    return Side(_screening(seen).findings, _photo(seen.photo))


@cache
def _screening(seen: Seen) -> Screening:
    return Screening.model_validate_json(seen.screening)


@lru_cache(maxsize=16)
def _photo(path: Path) -> Photo:
    return open_photos(path)[0]
