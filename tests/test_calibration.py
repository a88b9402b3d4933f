"""Thresholds from an organiser's own labelled photos."""

from __future__ import annotations

import inspect
import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from receipt_screen.calibration import LabelledPhoto, fit_thresholds, read_labels
from receipt_screen.cli import app
from receipt_screen.cli.calibrate import calibrate
from receipt_screen.errors import UsageError
from receipt_screen.levels import Errors, asked_errors, asked_for, levels

SAMPLES = Path(__file__).parents[1] / "samples"
ASKED = asked_errors(asked_for())
SAID = st.lists(st.tuples(st.floats(0.3, 0.999), st.booleans()), max_size=40)


def labels_in(folder: Path, *lines: str) -> Path:
    file = folder / "labels.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def line(name: str = "a.jpg", **fields: object) -> str:
    return json.dumps({"file": name, "fields": fields})


def test_without_any_value_the_thresholds_are_the_shipped_ones() -> None:
    made = fit_thresholds([], ASKED)
    shipped = (levels().acceptable, levels().strong)
    assert (made.acceptable, made.strong) == pytest.approx(shipped)


def test_the_command_asks_for_the_errors_that_the_shipped_levels_keep_to() -> None:
    asked = inspect.signature(calibrate).parameters
    assert Errors(asked["acceptable_error"].default, asked["strong_error"].default) == ASKED


def test_a_smaller_error_asked_for_raises_the_threshold() -> None:
    few, many = (fit_thresholds([], Errors(error, error)) for error in (0.004, 0.05))
    assert few.acceptable > many.acceptable


def test_values_that_are_wrong_too_often_raise_the_thresholds() -> None:
    plain = fit_thresholds([], ASKED)
    worse = fit_thresholds([(0.95, number % 2 == 0) for number in range(20)], ASKED)
    assert worse.shift < 0
    assert worse.acceptable > plain.acceptable
    assert worse.strong > plain.strong


def test_ten_photos_move_the_thresholds_less_than_a_hundred() -> None:
    wrong = [(0.95, False), (0.95, True)]
    few, many = (fit_thresholds(wrong * times, ASKED) for times in (5, 50))
    assert many.shift < few.shift < 0


@given(SAID, st.integers(0, 39))
def test_one_more_right_value_never_raises_a_threshold(
    said: list[tuple[float, bool]], at: int
) -> None:
    if not said:
        return
    at %= len(said)
    better = [*said[:at], (said[at][0], True), *said[at + 1 :]]
    assert fit_thresholds(better, ASKED).acceptable <= fit_thresholds(said, ASKED).acceptable


@given(SAID)
def test_the_threshold_to_reject_is_the_higher_one(said: list[tuple[float, bool]]) -> None:
    made = fit_thresholds(said, ASKED)
    assert 0 < made.acceptable <= made.strong < 1


def test_labels_name_photos_from_their_own_folder(tmp_path: Path) -> None:
    file = labels_in(tmp_path, *[line(amount=100000, date="2025-01-20", shop="x")] * 10)
    photo = LabelledPhoto(tmp_path / "a.jpg", {"amount": "100000", "date": "2025-01-20"})
    assert read_labels(file) == (photo,) * 10


@pytest.mark.parametrize("bad", ["{", "[]", '{"file": 1, "fields": {}}', '{"file": "a.jpg"}', "7"])
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, bad: str) -> None:
    file = labels_in(tmp_path, *[line()] * 10, bad)
    with pytest.raises(UsageError) as raised:
        read_labels(file)
    assert (raised.value.key, raised.value.values["line"]) == ("calibration.bad_line", 11)


@pytest.mark.parametrize(
    "printed",
    [{"amount": "100,000"}, {"amount": None}, {"amount": 1e5}, {"date": "2025.01.20"}, {"date": 1}],
)
def test_a_value_written_otherwise_is_refused_and_not_taken_for_misread(
    tmp_path: Path, printed: dict[str, object]
) -> None:
    with pytest.raises(UsageError, match="line 1"):
        read_labels(labels_in(tmp_path, *[line(**printed)] * 10))


def test_photos_of_which_neither_amount_nor_date_is_told_do_not_count(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="only 9"):
        read_labels(labels_in(tmp_path, *[line(amount=1)] * 9, *[line(total=1)] * 9))


def test_fewer_than_ten_photos_are_too_few(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least 10"):
        read_labels(labels_in(tmp_path, *[line()] * 9))


def test_labels_that_are_not_there_are_an_error_of_the_call(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["calibrate", str(tmp_path / "none.jsonl")])
    assert said.exit_code == 2


@pytest.mark.slow
def test_ten_samples_give_a_table_for_the_campaign_file(tmp_path: Path) -> None:
    lines = (SAMPLES / "labels.jsonl").read_text(encoding="utf-8").splitlines()[:10]
    rows = [json.loads(each) for each in lines]
    texts = [
        line(
            str(SAMPLES / "images" / row["file"]),
            **{n: row["fields"][n]["value"] for n in ("amount", "date") if row["fields"][n]},
        )
        for row in rows
    ]
    said = CliRunner().invoke(app, ["calibrate", str(labels_in(tmp_path, *texts))])
    evidence = tomllib.loads(said.stdout)["evidence"]
    assert said.exit_code == 0
    assert 0.5 < evidence["acceptable"] <= evidence["strong"] < 1
