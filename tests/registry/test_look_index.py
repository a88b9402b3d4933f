"""The index finds exactly what comparing bit by bit finds."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from receipt_screen.registry.looks import FIRST_ROOM, CampaignLooks, LookIndex
from receipt_screen.relation import Traits

BYTES = 32


def bits_apart(one: bytes, other: bytes) -> int:
    return sum(bin(a ^ b).count("1") for a, b in zip(one, other, strict=True))


@given(st.data(), st.integers(0, 256), st.sampled_from([0, 5, 1000]))
def test_the_near_ones_are_those_counted_bit_by_bit(
    data: st.DataObject, most: int, least_sorted: int
) -> None:
    wanted = data.draw(st.binary(min_size=BYTES, max_size=BYTES))
    flips = data.draw(st.lists(st.sets(st.integers(0, 255), max_size=256), max_size=12))
    hashes = [_flipped(wanted, flip) for flip in flips]
    index = LookIndex(least_sorted)
    index.add(range(len(hashes)), hashes)

    assert index.near(wanted, most) == [
        number for number, look in enumerate(hashes) if bits_apart(look, wanted) <= most
    ]


def _flipped(look: bytes, flips: set[int]) -> bytes:
    return (int.from_bytes(look) ^ sum(1 << bit for bit in flips)).to_bytes(BYTES)


def test_an_index_grows_beyond_its_first_room_and_keeps_what_it_has() -> None:
    generator = np.random.default_rng(1)
    hashes = [generator.bytes(BYTES) for _ in range(3 * FIRST_ROOM)]
    index = LookIndex()
    for number, look in enumerate(hashes):
        index.add([number], [look])

    assert len(index) == 3 * FIRST_ROOM
    assert [index.near(look, 0) for look in hashes] == [[number] for number in range(len(hashes))]


def test_what_comes_in_between_two_questions_is_found_too() -> None:
    generator = np.random.default_rng(2)
    wanted = generator.bytes(BYTES)
    index, expected = LookIndex(least_sorted=0), []
    for number in range(60):
        flips = set(generator.choice(256, size=number % 15, replace=False).tolist())
        index.add([number], [_flipped(wanted, flips)])
        expected += [number] if len(flips) <= 10 else []
        assert index.near(wanted, 10) == expected


def test_an_entry_without_a_hash_is_passed_over() -> None:
    looks = CampaignLooks()
    looks.take_in([(1, None, bytes(BYTES)), (4, bytes(BYTES), None)])

    assert looks.last == 4
    assert looks.near(Traits(1, "file", "pixels", bytes(BYTES)), 0) == {4}
    assert looks.near(Traits(1, "file", "pixels", bytes(BYTES), bytes(BYTES)), 0) == {1, 4}
    assert looks.near(Traits(1, "file", "pixels"), 256) == set()


def test_a_photo_turned_by_a_quarter_is_found_by_its_turned_look() -> None:
    looks = CampaignLooks()
    looks.take_in([(1, b"\x01" * BYTES, None)])

    upright = Traits(1, "file", "pixels", bytes(BYTES), turned=(b"\x02" * BYTES, b"\x01" * BYTES))

    assert looks.near(upright, 0) == {1}
