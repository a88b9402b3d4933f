"""Documents that are no receipts: the same from the same seed, none of a kind in both splits."""

from __future__ import annotations

import pytest

from receipt_screen.photo import open_photos
from samples.others.pages import PAGES
from samples.others.picture import make_other

pytestmark = pytest.mark.usefixtures("fonts")


def test_no_document_is_learned_from_and_measured_on() -> None:
    assert not set(PAGES["train"]) & set(PAGES["test"])


@pytest.mark.parametrize("split", PAGES)
def test_every_document_of_a_split_comes_in_turn(split: str) -> None:
    made = [make_other(split, 3, index) for index in range(len(PAGES[split]))]
    assert [each.document for each in made] == list(PAGES[split])
    assert all(len(open_photos(each.encoded)) == 1 for each in made)


def test_the_same_seed_makes_the_same_picture() -> None:
    one, again, other = (make_other("train", seed, 0) for seed in (3, 3, 4))
    assert one == again
    assert one.encoded != other.encoded
