"""Ours: what the registry says of a photo when the other one is remembered."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

from benchmarks.labelled import SAMPLES
from receipt_screen.campaign import Campaign
from receipt_screen.reading import open_reader
from receipt_screen.records import Relation, Screening
from receipt_screen.registry import MemoryRegistry
from receipt_screen.screener import Screener

CAMPAIGN = SAMPLES / "campaigns" / "jeonbuk-2025.toml"
STRENGTH = {
    None: 0,
    Relation.SAME_TEMPLATE: 1,
    Relation.ALTERED_COPY: 3,
    Relation.SAME_RECEIPT: 4,
    Relation.SAME_IMAGE: 5,
    Relation.SAME_FILE: 6,
}
"""More than 2 is a duplicate; the same template is a first-class answer, and none."""


class Ours:
    """The strength of the relation that is found."""

    def __init__(self) -> None:
        self._screener = Screener(Campaign.load(CAMPAIGN), reader=open_reader())

    def describe(self, photo: Path) -> str:
        received = dt.datetime(2025, 2, 1, 12, tzinfo=dt.UTC)
        screening = self._screener.screen(photo, submission="earlier", received=received)
        return screening.model_dump_json()  # as pickle can't: generic records have no import name

    @staticmethod
    def likeness(one: str, other: str) -> float:
        earlier, later = _screening(one), _screening(other)
        with MemoryRegistry() as registry:
            registry.remember(earlier)
            matches = registry.find(
                later.findings.prints, campaign=earlier.campaign.name, submission="later"
            )
        return float(STRENGTH[matches[0].relation if matches else None])


@cache
def _screening(text: str) -> Screening:
    return Screening.model_validate_json(text)
