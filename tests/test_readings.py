"""Rendered receipts, read and kept for training."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from models.training import readings
from models.training.readings import Picked, read_picture, read_samples
from receipt_screen.reading import open_reader
from receipt_screen.records import Page, Pixels

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fonts")]
QUIET = Console(file=StringIO())


class Counting:
    """The real reader, and how often it was asked."""

    def __init__(self) -> None:
        self._reader = open_reader()
        self.name, self.version, self.times = self._reader.name, self._reader.version, 0

    def read(self, pixels: Pixels) -> Page:
        self.times += 1
        return self._reader.read(pixels)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Counting:
    counting = Counting()
    monkeypatch.setattr(readings, "_reader", lambda: counting)
    return counting


def test_what_was_read_is_read_once_and_stays_the_same(reader: Counting, tmp_path: Path) -> None:
    picked = Picked("train", 11, 2, tmp_path)
    first = read_samples(picked, QUIET)
    again = read_samples(picked, QUIET)
    assert reader.times == 2
    assert first == again


def test_two_processes_give_what_one_gives(tmp_path: Path) -> None:
    one = read_samples(Picked("train", 11, 2, tmp_path / "one"), QUIET)
    two = read_samples(Picked("train", 11, 2, tmp_path / "two"), QUIET, workers=2)
    assert [label for label, _ in one] == [label for label, _ in two]
    assert [reading.page.lines for _, reading in one] == [reading.page.lines for _, reading in two]


def test_the_fields_of_a_kept_page_are_those_of_the_photo(reader: Counting, tmp_path: Path) -> None:
    ((_, reading),) = read_samples(Picked("train", 11, 1, tmp_path), QUIET)
    kept, seen = reading.fields(), reading.findings.fields
    assert (kept.amount.value, kept.date.value) == (seen.amount.value, seen.date.value)


def test_another_reader_reads_again(
    reader: Counting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picked = Picked("train", 11, 1, tmp_path)
    read_samples(picked, QUIET)
    monkeypatch.setattr(readings, "reader_key", lambda: "another")
    read_samples(picked, QUIET)
    assert reader.times == 2


def test_a_reading_cut_off_halfway_is_made_anew(reader: Counting, tmp_path: Path) -> None:
    picked = Picked("train", 11, 1, tmp_path)
    ((label, _),) = read_samples(picked, QUIET)
    kept = picked.folder / "readings"
    (whole,) = kept.glob("*.json")
    whole.rename(whole.with_suffix(".1.part"))
    read_picture(picked.folder / label.file, kept, reader)
    assert reader.times == 2
