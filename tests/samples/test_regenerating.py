"""The seed gives the committed labels, whatever is made before, beside or after."""

from __future__ import annotations

import pytest

from samples.render.labels import Label
from samples.render.lines import LineSettings, make_line
from samples.render.sample import Settings, make_sample

pytestmark = pytest.mark.usefixtures("fonts")


# Own photographs, a screen, and relatives: the same file, an altered copy, a look-alike.
@pytest.mark.slow
@pytest.mark.parametrize("index", [0, 5, 7, 10, 59, 71, 202, 203, 222, 239])
def test_an_index_gives_its_committed_label(index: int, labels: list[Label]) -> None:
    committed = labels[index]
    made = make_sample(Settings(seed=committed.seed), committed.index).label
    assert made == committed


def test_another_seed_gives_another_sample(labels: list[Label]) -> None:
    made = make_sample(Settings(seed=labels[1].seed + 1), 1).label
    assert made.lines != labels[1].lines


@pytest.mark.slow
def test_a_name_is_altered_though_no_other_has_as_many_syllables() -> None:
    label = make_sample(Settings(seed=57, split="test"), 2219).label
    assert label.relations[0].how == "merchant_altered"


def test_a_split_draws_only_its_own_families() -> None:
    made = [make_sample(Settings(seed=3, split="test"), index).label.split for index in range(3)]
    assert made == ["test"] * 3


def test_a_line_is_the_same_each_time_it_is_made() -> None:
    settings = LineSettings(seed=5)
    first, second = make_line(settings, 17), make_line(settings, 17)
    assert (first.text, first.ranges) == (second.text, second.ranges)
    assert (first.pixels == second.pixels).all()


@pytest.mark.parametrize("index", range(40))
def test_a_line_has_a_range_of_columns_for_every_character(index: int) -> None:
    crop = make_line(LineSettings(seed=9), index)
    height, width = crop.pixels.shape
    assert 32 <= height <= 48
    assert len(crop.ranges) == len(crop.text)
    assert all(0 <= start < end <= width for start, end in crop.ranges)
    starts = [start for start, _ in crop.ranges]
    assert starts == sorted(starts)
