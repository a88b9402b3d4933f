"""`results.jsonl` after a kill at any byte, and the table made from it."""

from __future__ import annotations

import csv
import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from receipt_screen.batch.journal import Journal, line_bytes, read_journal
from receipt_screen.batch.table import COLUMNS, FORMULA_STARTS, guarded, write_table
from receipt_screen.errors import UsageError

RECORDS: list[dict[str, Any]] = [
    {"file": "가.jpg", "sha256": "1" * 64, "why": "줄\n바꿈"},
    {"file": "b.jpg", "sha256": None},
    {"file": "c.jpg", "sha256": "3" * 64},
]
WHOLE = b"".join(line_bytes(record) for record in RECORDS)


def test_what_was_appended_is_known_as_done(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with Journal(path) as journal:
        for record in RECORDS:
            journal.append(record)

    with Journal(path) as journal:
        assert journal.done == {record["file"]: record["sha256"] for record in RECORDS}
    assert path.read_bytes() == WHOLE


@given(cut=st.integers(0, len(WHOLE)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_cut_off_anywhere_keeps_its_whole_lines_and_goes_on(
    tmp_path: Path, cut: int
) -> None:
    path = tmp_path / "results.jsonl"
    path.write_bytes(WHOLE[:cut])

    with Journal(path) as journal:
        kept = len(journal.done)
        for record in RECORDS[kept:]:
            journal.append(record)

    assert kept == WHOLE[:cut].count(b"\n")
    assert path.read_bytes() == WHOLE


def test_a_full_disk_is_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)

    with Journal(tmp_path / "results.jsonl") as journal, pytest.raises(UsageError, match="space"):
        journal.append(RECORDS[0])


def test_zeros_that_a_power_cut_left_are_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_bytes(WHOLE + bytes(40))

    with Journal(path) as journal:
        assert len(journal.done) == 3
    assert path.read_bytes() == WHOLE


def test_a_file_that_is_broken_in_the_middle_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    broken = WHOLE.replace(b'"b.jpg"', b'"b.jpg')
    path.write_bytes(broken)

    with pytest.raises(UsageError, match="line 2"):
        Journal(path)
    assert path.read_bytes() == broken


def test_of_a_file_that_was_screened_twice_the_last_line_counts(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    again = {"file": "b.jpg", "sha256": "4" * 64}
    path.write_bytes(WHOLE + line_bytes(again))

    assert list(read_journal(path)) == [RECORDS[0], RECORDS[2], again]


@given(st.text())
def test_no_cell_starts_like_a_formula(text: str) -> None:
    cell = guarded(text)

    assert isinstance(cell, str)
    assert not cell.startswith(FORMULA_STARTS)
    assert cell.removeprefix("'") == text.removeprefix("'")


def test_numbers_are_left_alone() -> None:
    assert guarded(-100_000) == -100_000


def test_the_table_shows_fields_reasons_and_matches(tmp_path: Path) -> None:
    record = {
        "file": "=cmd().jpg",
        "submission": "7",
        "submitter": None,
        "received": "2025-01-20T10:15:00+09:00",
        "verdict": "review",
        "round": "1",
        "in_campaign": True,
        "fields": {
            "amount": {"value": 100_000, "confidence": 0.98},
            "merchant": {"value": "@가게"},
        },
        "flags": [{"code": "same_receipt", "message": "먼저 접수됨"}],
        "checks": [
            {"outcome": "not_checked", "message": "날짜 없음", "required": True},
            {"outcome": "not_checked", "message": "지역 규칙 없음", "required": False},
        ],
        "matches": [{"submission": "3"}],
        "outcome": "read",
        "why": None,
        "sha256": "1" * 64,
    }

    write_table([record], tmp_path / "results.csv")

    with (tmp_path / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert tuple(row) == COLUMNS
    assert row["file"] == "'=cmd().jpg"
    assert row["merchant"] == "'@가게"
    assert row["amount"] == "100000"
    assert row["reasons"] == "먼저 접수됨 / 날짜 없음"
    assert row["matches"] == "3"
    assert row["date"] == ""


def test_a_line_is_one_line_whatever_it_holds() -> None:
    line = line_bytes({"file": "a\nb\u2028.jpg"})

    assert line.count(b"\n") == 1
    assert json.loads(line) == {"file": "a\nb\u2028.jpg"}
