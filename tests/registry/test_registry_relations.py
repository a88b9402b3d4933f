"""What the prints of two photos say of them: the table of relations, case by case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipt_screen.records import Fingerprints, Match, Relation, TransactionKey
from receipt_screen.registry.earlier import Entry, match_with
from receipt_screen.registry.secret import Secret
from receipt_screen.relation import RelationSettings, Seen, in_the_clear, relate
from tests.registry.makers import approval, card, day, looks, minute, prints, sha, text, values
from tests.registry.test_registry_agreement import photos

KEYING = Secret(b"a secret of the tests").keying("campaign")
SAME_IMAGE, SAME_RECEIPT, SAME_TEMPLATE = (
    Relation.SAME_IMAGE,
    Relation.SAME_RECEIPT,
    Relation.SAME_TEMPLATE,
)
DUPLICATES = {Relation.SAME_FILE, SAME_IMAGE, SAME_RECEIPT, Relation.ALTERED_COPY}
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


def test_two_transfers_that_look_alike_and_have_no_key_are_told_by_their_second() -> None:
    one, other = (
        prints(name, look=looks(0), flat=True, fields=values(amount="100000", second=second))
        for name, second in (("new", "12:44:54"), ("old", "12:44:39"))
    )

    assert relation(one, other) is SAME_TEMPLATE


WORDS = tuple("abcdefghij")


def slip(name: str, number: str, **own: str) -> Fingerprints:
    """A slip of one minute and sum, with a number of its own and what else is the customer's."""
    read = text("100000", "50000", "2025", "1848", number).model_copy(update={"words": WORDS})
    return prints(name, minute("1"), fields=values(**own), text=read)


def test_two_slips_of_one_minute_whose_numbers_differ_are_two_purchases() -> None:
    assert relation(slip("new", "2096"), slip("old", "2097")) not in DUPLICATES


def test_two_slips_of_one_minute_without_a_long_number_in_common_are_two_purchases() -> None:
    one, other = (
        prints(
            name,
            minute("1"),
            text=text("100000", serials=serials).model_copy(update={"words": WORDS}),
        )
        for name, serials in (("new", ("3777716128", "07079827")), ("old", ("1720543559", "38497")))
    )

    assert relation(one, other) not in DUPLICATES


def test_two_slips_of_one_minute_whose_numbers_are_the_same_are_one_purchase() -> None:
    assert relation(slip("new", "2096"), slip("old", "2096")) is SAME_RECEIPT


def test_a_misread_number_makes_no_other_purchase_where_the_card_is_the_same() -> None:
    one, other = slip("new", "2096", card="1234"), slip("old", "2896", card="1234")

    assert relation(one, other) is SAME_RECEIPT


@pytest.mark.parametrize(("elsewhere", "expected"), [(0.02, Relation.ALTERED_COPY), (0.5, None)])
def test_a_slip_that_lies_flat_on_another_table_is_no_altered_copy(
    elsewhere: float, expected: Relation | None
) -> None:
    known = {"business_number": "1", "amount": "2", "date": "3", "minute": "4"}
    read = text("100000", "50000", "2025", "1848").model_copy(update={"words": WORDS})
    one, other = (
        prints(name, flat=False, fields=values(approval_number=name, **known), text=read)
        for name in ("new", "old")
    )
    seen = Seen(support=0.91, inliers=186, fit=0.97, places=2, elsewhere=elsewhere)

    kinship = relate(in_the_clear(one), in_the_clear(other), RelationSettings(), seen)

    assert (kinship and kinship.relation) in {expected, SAME_TEMPLATE if expected is None else None}


@pytest.mark.parametrize(
    ("flat", "seen", "expected"),
    [
        (False, Seen(0.99, 700, 0.99, places=2), Relation.ALTERED_COPY),
        (False, Seen(0.99, 700, 0.99), Relation.SAME_IMAGE),
        (False, Seen(0.93, 700, 0.94, places=2), SAME_TEMPLATE),
        (True, Seen(0.99, 700, 0.99, places=2), SAME_TEMPLATE),
        (False, Seen(0.99, 700, 0.99, places=2, otherwise=2), SAME_TEMPLATE),
    ],
    ids=["altered", "misread", "another photograph", "another e-receipt", "another telephone"],
)
def test_one_photograph_is_known_whatever_was_read_of_it(
    *, flat: bool, seen: Seen, expected: Relation
) -> None:
    one, other = (
        prints(name, flat=flat, fields=values(amount="1", date=name, minute=name))
        for name in ("new", "old")
    )

    kinship = relate(in_the_clear(one), in_the_clear(other), RelationSettings(), seen)

    assert kinship is not None
    assert kinship.relation is expected


@pytest.mark.parametrize(
    ("bits", "flat", "second", "expected"),
    [
        (30, False, "1", Relation.SAME_RECEIPT),
        (30, False, "2", SAME_TEMPLATE),
        (30, True, "1", SAME_TEMPLATE),
        (60, False, "1", SAME_TEMPLATE),
    ],
    ids=["made small", "another second", "another e-receipt", "another photograph"],
)
def test_a_number_misread_on_a_photograph_made_small_makes_no_other_receipt(
    bits: int, flat: bool, second: str, expected: Relation
) -> None:
    one, other = (
        prints(name, flat=flat, look=f"{look:064x}", fields=values(amount="1", second=time))
        for name, look, time in (("new", 0, "1"), ("old", 2**bits - 1, second))
    )
    seen = Seen(support=0.99, inliers=200, fit=0.95, bent=True, otherwise=1, alike=5)

    kinship = relate(in_the_clear(one), in_the_clear(other), RelationSettings(), seen)

    assert kinship is not None
    assert kinship.relation is expected


@pytest.mark.parametrize(
    ("seen", "number", "expected"),
    [
        (Seen(nearly=True), "1", SAME_RECEIPT),
        (Seen(nearly=True), "2", None),
        (Seen(contradicted=True), "1", None),
        (Seen(), "1", None),
    ],
)
def test_papers_that_are_nearly_the_same_and_have_one_approval_number_are_one_receipt(
    seen: Seen, number: str, expected: Relation | None
) -> None:
    one, other = (
        prints(name, flat=False, fields=values(approval_number=value))
        for name, value in (("new", "1"), ("old", number))
    )

    kinship = relate(in_the_clear(one), in_the_clear(other), RelationSettings(), seen)

    assert (kinship and kinship.relation) is expected


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


def of_half_a_day(name: str, hour: str, shown: str) -> Fingerprints:
    """A slip with its approval number, read at some hour, on whose clock stands another."""
    times = {"minute": f"{hour}:19", "half_day_minute": f"{shown}:19"}
    return prints(name, approval("1"), fields=values(amount="34000", date="2024-10-27", **times))


@pytest.mark.parametrize(
    ("hour", "shown", "told"), [("06", "06", SAME_RECEIPT), ("07", "07", None), ("19", "07", None)]
)
def test_a_time_half_a_day_away_is_a_misread_half_and_no_other_purchase(
    hour: str, shown: str, told: Relation | None
) -> None:
    assert relation(of_half_a_day("new", hour, shown), of_half_a_day("old", "18", "06")) is told


def of_one_approval(name: str, *, amount: str = "97500", **own: str) -> Fingerprints:
    """A slip without keys, for a part of each is missing."""
    fields = values(business_number="7550019098", approval_number="56931782", amount=amount, **own)
    return prints(name, fields=fields, text=text(serials=("56931782",)))


def test_shop_and_approval_number_are_enough_where_one_slip_shows_no_day() -> None:
    one, other = of_one_approval("new", date="2025-02-28"), of_one_approval("old")

    assert relation(one, other) is SAME_RECEIPT


@pytest.mark.parametrize(("confidence", "told"), [(0.97, SAME_RECEIPT), (0.85, None)])
def test_the_shops_half_of_a_slip_shows_other_numbers_and_is_of_the_same_payment(
    confidence: float, told: Relation | None
) -> None:
    known = {"business_number": "7550019098", "approval_number": "56931782"}
    one, other = (prints(name, fields=values(confidence, **known)) for name in ("new", "old"))
    seen = Seen(contradicted=True)

    kinship = relate(in_the_clear(one), in_the_clear(other), RelationSettings(), seen)

    assert (kinship and kinship.relation) is told


def test_but_not_where_the_day_or_the_amount_is_another() -> None:
    earlier = of_one_approval("old", date="2025-02-27")
    assert relation(of_one_approval("new", date="2025-02-28"), earlier) not in {
        SAME_RECEIPT, SAME_IMAGE,
    }  # fmt: skip
    assert relation(of_one_approval("new", amount="30000"), earlier) is not SAME_RECEIPT


def approved(name: str, *, confidence: float = 0.97, **own: str) -> Fingerprints:
    """A slip with its approval number, day and sum, and what is given of the rest."""
    known = {"approval_number": "74515031", "date": "2025-02-16", "amount": "130000"}
    fields = values(confidence, **(known | own))
    return prints(name, fields=fields, text=text(serials=("74515031",)))


@pytest.mark.parametrize("shop", ["6050069634", "6050069834"])
def test_an_approval_number_of_one_day_and_sum_is_enough_whatever_was_read_of_the_shop(
    shop: str,
) -> None:
    one, other = (
        approved("new", business_number=shop),
        approved("old", business_number="6050069634"),
    )

    assert relation(one, other) is SAME_RECEIPT
    assert relation(one, approved("old")) is SAME_RECEIPT


@pytest.mark.parametrize(
    "another",
    [
        {"amount": "150000"},
        {"date": "2025-02-17"},
        {"minute": "17:31"},
        {"second": "17:24:31"},
        {"card": "9945"},
        {"approval_number": "74515039"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_but_not_where_anything_else_of_the_payment_is_another(another: dict[str, str]) -> None:
    own = {"minute": "17:24", "second": "17:24:05", "card": "0045"}
    own = {name: value for name, value in own.items() if name in another}

    assert relation(approved("new", **(own | another)), approved("old", **own)) not in {
        SAME_RECEIPT, SAME_IMAGE,
    }  # fmt: skip


def test_nor_where_it_was_hardly_read() -> None:
    assert relation(approved("new", confidence=0.6), approved("old")) is not SAME_RECEIPT
