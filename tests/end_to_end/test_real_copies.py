"""Copies of real receipts are found, and other receipts of the same app accuse nobody."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from receipt_screen import Campaign, Screener
from receipt_screen.records import Relation, Screening
from receipt_screen.registry import MemoryRegistry
from tests.cases import JEONBUK

REAL = Path(__file__).parents[3] / "shared" / "real"
RECEIVED = dt.datetime(2025, 2, 1, 12, tzinfo=dt.UTC)


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (REAL / name).read_text("utf-8").splitlines()]


@pytest.mark.slow
@pytest.mark.skipif(not (REAL / "copies.jsonl").is_file(), reason="there are no real receipts")
def test_every_copy_names_its_original_and_no_other_receipt() -> None:
    registry = MemoryRegistry()
    screener = Screener(Campaign.load(JEONBUK), registry=registry)
    copies = rows("copies.jsonl")
    wanted = {copy["copy_of"] for copy in copies}
    originals = [row for row in rows("labels.jsonl") if row["id"] in wanted]

    honest = [_settled(screener, row["file"], row["id"]) for row in originals]
    found = [
        screener.screen(REAL / copy["file"], submission=copy["file"], received=RECEIVED)
        for copy in copies
    ]

    assert all(_duplicates(screening) == set() for screening in honest)
    assert [_duplicates(screening) for screening in found] == [{copy["copy_of"]} for copy in copies]


def _settled(screener: Screener, file: str, submission: str) -> Screening:
    screening = screener.screen(REAL / file, submission=submission, received=RECEIVED)
    screener.remember(screening)
    return screening


def _duplicates(screening: Screening) -> set[str]:
    return {
        match.submission
        for match in screening.matches
        if match.relation is not Relation.SAME_TEMPLATE
    }
