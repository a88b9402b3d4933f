"""What the prints of two photos say of them: the table of relations, case by case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipt_screen.records import Fingerprints, Match, Relation, TransactionKey
from receipt_screen.registry.earlier import Entry, match_with
from receipt_screen.registry.secret import Secret
from receipt_screen.relation import RelationSettings
from tests.registry.makers import approval, card, day, looks, minute, prints, sha
from tests.registry.test_registry_agreement import photos

KEYING = Secret(b"a secret of the tests").keying("campaign")
SAME_IMAGE, SAME_RECEIPT, SAME_TEMPLATE = (
    Relation.SAME_IMAGE,
    Relation.SAME_RECEIPT,
    Relation.SAME_TEMPLATE,
)
Keys = list[TransactionKey]


def related(new: Fingerprints, old: Fingerprints) -> Match | None:
    entry = Entry(0, "earlier", KEYING.traits(old))
    return match_with(KEYING.traits(new), entry, RelationSettings())


def relation(new: Fingerprints, old: Fingerprints) -> Relation | None:
    match = related(new, old)
    return match and match.relation


@pytest.mark.parametrize(
    ("new", "old", "unlike", "alike"),
    [
        # keys of either photo → what they are if they look different, and if they look the same
        ([], [], None, SAME_IMAGE),
        ([approval("1")], [], None, SAME_IMAGE),
        ([approval("1")], [approval("1")], SAME_RECEIPT, SAME_IMAGE),
        ([approval("1")], [approval("2")], None, SAME_TEMPLATE),
        ([approval("1")], [approval("2", 0.6)], None, SAME_TEMPLATE),
        ([approval("1")], [approval("2", 0.4)], None, SAME_IMAGE),
        ([approval("1", 0.2)], [approval("1")], None, SAME_IMAGE),
        ([minute("1")], [minute("1")], SAME_RECEIPT, SAME_IMAGE),
        ([minute("1")], [minute("2")], None, SAME_TEMPLATE),
        ([card("1")], [card("1")], SAME_RECEIPT, SAME_IMAGE),
        ([card("1")], [card("2")], None, SAME_TEMPLATE),
        # one shop's sum of one day is worth a look and no more
        ([day("1")], [day("1")], SAME_TEMPLATE, SAME_IMAGE),
        # two friends at one till
        ([approval("1"), minute("1")], [approval("2"), minute("1")], None, SAME_TEMPLATE),
        # … of whom one's approval number was not read, or not surely
        ([approval("1"), minute("1")], [minute("1")], SAME_RECEIPT, SAME_IMAGE),
        (
            [approval("1"), minute("1")],
            [approval("2", 0.6), minute("1")],
            SAME_RECEIPT,
            SAME_RECEIPT,
        ),
        # one approval number with two amounts: never simply the same image
        ([approval("1"), minute("1")], [approval("1"), minute("2")], SAME_RECEIPT, SAME_RECEIPT),
        # two shops, one card, one minute
        ([minute("1"), card("1")], [minute("2"), card("1")], None, SAME_TEMPLATE),
    ],
)
def test_the_most_telling_key_of_both_decides(
    new: Keys, old: Keys, unlike: Relation | None, alike: Relation | None
) -> None:
    assert relation(prints("new", *new), prints("old", *old)) == unlike
    assert relation(prints("new", *new, look=looks(3)), prints("old", *old, look=looks(0))) == alike


def test_a_weaker_match_says_what_it_rests_on_and_what_speaks_against_it() -> None:
    match = related(
        prints("new", approval("1"), minute("m", 0.8)),
        prints("old", approval("2", 0.5), minute("m", 0.5)),
    )

    assert match is not None
    assert (match.agrees, match.differs) == (("minute",), ("approval",))
    assert match.distance == {"minute": 0.6}


def test_one_approval_number_with_another_amount_says_so() -> None:
    match = related(
        prints("new", approval("1"), minute("1"), look=looks(2)),
        prints("old", approval("1"), minute("2"), look=looks(0)),
    )

    assert match is not None
    assert (match.agrees, match.differs) == (("look", "approval"), ("minute",))


def test_the_paper_may_be_alike_where_the_photo_is_not() -> None:
    new = prints("new", look=looks(0), paper=looks(1))
    old = prints("old", look=sha("with a black bar"), paper=looks(0))

    match = related(new, old)

    assert match is not None
    assert match.relation is SAME_IMAGE
    assert match.distance["paper"] == 1


def test_looks_of_two_versions_are_not_compared() -> None:
    assert relation(prints("new", look=looks(0)), prints("old", look=looks(0), version=2)) is None


@given(photos(), photos())
def test_relations_are_the_same_both_ways(one: Fingerprints, other: Fingerprints) -> None:
    assert related(one, other) == related(other, one)


@given(photos(), photos())
def test_a_strong_word_needs_a_print_in_common(one: Fingerprints, other: Fingerprints) -> None:
    match = related(one, other)

    assert match is None or match.agrees


@given(st.lists(st.sampled_from([approval("1"), minute("2"), card("3")])), st.booleans())
def test_no_two_sure_approval_numbers_are_ever_one_receipt(shared: Keys, alike: bool) -> None:
    others = [key for key in shared if key.kind != "approval"]
    look = looks(0) if alike else None

    found = relation(
        prints("new", approval("mine"), *others, look=look),
        prints("old", approval("yours"), *others, look=look),
    )

    assert found in {None, SAME_TEMPLATE}
