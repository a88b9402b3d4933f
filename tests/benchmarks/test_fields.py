"""Found, wrong and silent are counted apart, and what no reader saw is not the fields' fault."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks import fields
from benchmarks.field_figures import (
    Photo,
    agreed_sums,
    found_on,
    is_readable,
    measure,
    milliseconds,
    reliability,
)
from benchmarks.labelled import FIELDS
from models.training.readings import Reading
from receipt_screen.geometry import Box, Quad
from receipt_screen.records import Line
from receipt_screen.records import Reading as OneReading
from tests.cases import findings
from tests.pages import page_of

PLACE = Quad.from_box(Box(0, 0, 100, 20))
SLIP = "전주콩나물국밥\n거래일시  2025-01-20 12:10\n승인금액  100,000원\n승인번호  00652378\n"
PRINTED: Mapping[str, tuple[str, ...]] = {
    "amount": ("100000",),
    "date": ("2025-01-20",),
    "approval_number": (),
}


def photo(layout: str = SLIP, **printed: tuple[str, ...]) -> Photo:
    reading = Reading(page=page_of(layout), findings=findings())
    return Photo(reading, {**PRINTED, **printed})


def test_right_wrong_and_silent_are_counted_of_what_is_printed() -> None:
    photos = [photo(), photo(amount=("90000",)), photo("안녕하세요\n", amount=("7000",))]
    made = measure(photos, [found_on(each, "learned") for each in photos])
    amount = made["amount"]
    assert (amount["right"], amount["wrong"], amount["silent"]) == (1, 1, 1)
    # Where nothing is printed, a number is wrong and silence right.
    assert (made["approval_number"]["right"], made["approval_number"]["wrong"]) == (1, 2)
    assert made["merchant"]["right"] == 0  # hidden on all of them


def test_what_no_reader_saw_is_not_the_fields_fault() -> None:
    photos = [photo(), photo("합 계  1?0,000\n")]
    found = [found_on(each, "learned") for each in photos]
    seen = [is_readable(each, made, "amount") for each, made in zip(photos, found, strict=True)]
    assert seen == [True, False]
    assert measure(photos, found)["amount"]["readable"] == [1, 1]


def test_a_date_in_another_form_was_read_all_the_same() -> None:
    short = photo("거래일  25.01.20\n")
    assert is_readable(short, found_on(short, "learned"), "date")


def test_calibration_error_is_the_gap_between_saying_and_being_right() -> None:
    assert reliability([(0.75, number % 4 > 0) for number in range(40)])["calibration_error"] == 0
    assert reliability([(0.9, False)] * 20)["calibration_error"] == pytest.approx(0.9)
    assert reliability([])["calibration_error"] == 0


def test_only_sums_that_both_readers_see_count_as_agreed() -> None:
    def line(*texts: str) -> Line:
        readings = [OneReading(reader="a", text=text, confidence=1) for text in texts]
        return Line(text=texts[0], quad=PLACE, confidence=1, readings=tuple(readings))

    lines = (
        line("합계 12,000 2 24,000", "12,000 2 24,900"),
        line("7,000"),
        line("1,234,567", "234,567"),
    )
    page = page_of(SLIP).model_copy(update={"lines": lines})
    assert list(agreed_sums(page)) == ["12,000"]


def test_the_time_of_each_part_is_measured() -> None:
    made = milliseconds([photo(), photo()])
    assert set(made) == {"candidates", "ranker", "all fields"}
    assert all(0 < middle <= most for middle, most in made.values())


def test_tables_show_shares_with_their_intervals() -> None:
    photos = [photo(), photo(amount=("90000",))]
    table, timed = fields.tables({"sets": {"real": fields.figures(photos)}})
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["amount"][:2] == ("50.0% (1.3–98.7)", "50.0% (1.3–98.7)")
    assert set(rows) == {
        name.replace("_", " ") + way for name in FIELDS for way in ("", ", by rules")
    }
    assert [row[0] for row in timed.rows] == [
        "real, candidates", "real, ranker", "real, all fields"
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.usefixtures("fonts")
def test_a_first_look_runs_to_the_end(tmp_path: Path) -> None:
    cache, out = str(tmp_path / "cache"), str(tmp_path)
    fields.main(
        ["--quick", "--set", "rendered", "--count", "2", "--seed", "3", "--workers", "1",
         "--cache", cache, "--out", out]
    )  # fmt: skip
    data = json.loads((tmp_path / "fields.json").read_text(encoding="utf-8"))
    assert data["sets"]["rendered"]["photos"] == 2
    assert data["sets"]["rendered"]["judged"]["kind"]["of"] == 2
    assert (tmp_path / "fields.png").stat().st_size > 10_000
