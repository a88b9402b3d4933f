"""A first look runs from the photos to JSON, plot and table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import reading
from benchmarks.labelled import FIELDS
from benchmarks.lines import LineError, PageError
from benchmarks.reading import Outcome, figures, tables


def outcome(kind: str, verdict: str, edits: int) -> Outcome:
    page = PageError((LineError(10, edits), LineError(5, 0)), extra=1)
    return Outcome("photo", kind, {"amount": verdict == "right"}, page, {"amount": verdict})


def test_figures_count_fields_and_characters_by_kind() -> None:
    made = figures(
        [outcome("pos", "right", 0), outcome("pos", "wrong", 4), outcome("app", "silent", 1)]
    )
    assert made["fields"]["amount"] == {
        "right": 1, "wrong": 1, "silent": 1, "in_text": 1, "printed": 3
    }  # fmt: skip
    assert made["text"] == {"characters": 45, "edits": 5, "lines": 6, "exact": 4, "extra": 3}
    assert made["kinds"]["pos"]["text"]["edits"] == 4
    assert made["kinds"]["app"]["photos"] == 1


def test_a_table_shows_shares_and_counts() -> None:
    made = figures([outcome("pos", "right", 0), outcome("pos", "wrong", 6)])
    fields, kinds = tables({"sets": {"samples": {"lines": made}}})
    assert fields.rows[0] == ("amount", "50% 1 / 1 / 0, 50% in text")
    assert ("character error", "20.0%") in fields.rows
    assert kinds.rows == (("pos (2)", "50% of fields, 50% in text, 20.0% error"),)


@pytest.mark.slow
def test_a_first_look_runs_to_the_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reading.main(["--set", "samples", "--limit", "1", "--out", str(tmp_path)])
    data = json.loads((tmp_path / "reading.json").read_text(encoding="utf-8"))
    ours = data["sets"]["samples"]["lines"]
    assert set(ours["fields"]) == set(FIELDS)
    assert ours["text"]["characters"] > 50
    assert (tmp_path / "reading.png").stat().st_size > 1000
    assert {"rapidocr", "lines"} <= set(data["sets"]["samples"])
