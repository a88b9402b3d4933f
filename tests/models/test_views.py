"""Lines that a graphics card is shown again and again."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (extra training)")

from models.training.recogniser.data import Strip, batch  # noqa: E402
from models.training.recogniser.views import on_device, seen, shown_again  # noqa: E402


def lines(count: int = 40) -> list[Strip]:
    """Dark bars on light paper."""
    pixels = np.full((32, 120), 220, np.uint8)
    pixels[8:24, 10:110:10] = 40
    return [Strip(pixels, "합계 5,000")] * count


def test_each_view_of_a_line_is_another_one_but_keeps_its_size_and_its_ink():
    torch.manual_seed(1)
    made = on_device(batch(lines()), "cpu").strips
    first, second = seen(made), seen(made)
    assert first.shape == made.shape
    assert first.min() >= -1
    assert first.max() <= 1
    assert not torch.equal(first, second)
    ink = (first.amax((1, 2, 3)) - first.amin((1, 2, 3))) > 0.1
    assert bool(ink.all())


def test_a_line_that_leans_has_its_upper_rows_beside_its_lower_ones():
    torch.manual_seed(2)
    made = on_device(batch(lines(200)), "cpu").strips
    middles = torch.arange(made.shape[3], dtype=torch.float32)
    dark = (1 - seen(made))[:, 0].clamp(min=0) ** 4
    places = (dark * middles).sum(2) / dark.sum(2)
    assert float((places[:, 10] - places[:, 22]).abs().max()) > 1


def test_old_batches_are_shown_while_no_new_one_comes():
    made = batch(lines(4))
    views = list(islice(shown_again(iter([made]), "cpu", kept=3, seed=1), 5))
    assert [view.strips.shape for view in views] == [made.strips.shape] * 5
    assert [view.lengths.tolist() for view in views] == [[8] * 4] * 5


def test_what_fails_while_lines_are_made_stops_the_training():
    def broken():
        yield batch(lines(4))
        raise OSError("no face")

    with pytest.raises(OSError, match="no face"):
        list(islice(shown_again(broken(), "cpu", kept=3, seed=1), 1000))
