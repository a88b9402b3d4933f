"""Judging and remembering one upload: again, or at the same moment as somebody else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from stub_readers import StubReader, draw_receipt

from receipt_screen import Campaign, Findings, Screener
from receipt_screen.batch.settle import Arrival, settle
from receipt_screen.records import Fingerprints, Match
from receipt_screen.registry import MemoryRegistry

CAMPAIGN = Path(__file__).parent.parent / "samples" / "campaigns" / "jeonbuk-2025.toml"
RECEIVED = dt.datetime(2025, 1, 20, 10, tzinfo=dt.UTC)

Pages = tuple[Findings, ...]


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener(Campaign.load(CAMPAIGN), reader=StubReader())


@pytest.fixture(scope="module")
def pages(screener: Screener, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return screener.examine(draw_receipt(tmp_path_factory.mktemp("photos") / "a.png", 1))


def test_the_second_submission_of_a_photo_is_told_of_the_first(
    screener: Screener, pages: Pages
) -> None:
    registry = MemoryRegistry()

    first = settle(screener, registry, pages, Arrival("1", RECEIVED))
    second = settle(screener, registry, pages, Arrival("2", RECEIVED))

    assert first.matches == ()
    assert [match.submission for match in second.matches] == ["1"]
    assert "same_file" in [flag.code for flag in second.flags]


def test_done_again_after_an_interruption_it_says_the_same_and_remembers_once(
    screener: Screener, pages: Pages
) -> None:
    registry = MemoryRegistry()

    first = settle(screener, registry, pages, Arrival("1", RECEIVED, "u1"))
    again = settle(screener, registry, pages, Arrival("1", RECEIVED, "u1"))

    assert again == first
    assert registry.info().photos == 1


class RegistryInUse(MemoryRegistry):
    """Somebody else hands in the same receipt between looking and storing."""

    def __init__(self, screener: Screener, pages: Pages) -> None:
        super().__init__()
        self.rival = screener.judge(pages[0], submission="rival", received=RECEIVED)

    def find(self, prints: Fingerprints, *, campaign: str, submission: str) -> tuple[Match, ...]:
        found = super().find(prints, campaign=campaign, submission=submission)
        if submission != "rival":
            super().remember(self.rival)
        return found


def test_what_the_registry_knew_when_it_stored_decides(screener: Screener, pages: Pages) -> None:
    screening = settle(screener, RegistryInUse(screener, pages), pages, Arrival("late", RECEIVED))

    assert [match.submission for match in screening.matches] == ["rival"]
    assert "same_file" in [flag.code for flag in screening.flags]


def test_one_more_than_usual_of_a_submitter_goes_to_review_and_so_it_does_again(
    pages: Pages,
) -> None:
    source = CAMPAIGN.read_bytes() + b"\n[velocity]\nsubmitter = 1\n"
    registry = MemoryRegistry()
    screener = Screener(Campaign.parse(source, file="a.toml"), registry=registry)
    later = RECEIVED + dt.timedelta(hours=2)
    first, second = Arrival("1", RECEIVED, "kim"), Arrival("2", later, "kim")

    told = [settle(screener, registry, pages, each) for each in (first, second, second, first)]

    codes = [{flag.code for flag in each.flags} for each in told]
    assert ["many_of_submitter" in each for each in codes] == [False, True, True, False]
