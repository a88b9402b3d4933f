"""Perceptual hashes in memory, searched by Hamming distance: exact, and linear in their number.

An approximate index would be faster and miss some; a miss here is money paid twice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from receipt_screen.relation import Traits

WORDS = 4
"""A hash of 256 bits is four words of 64."""
FIRST_ROOM = 1024

Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]


class LookIndex:
    """The hashes of one kind, 40 bytes for each."""

    def __init__(self) -> None:
        self._count = 0
        self._numbers: Numbers = np.empty(FIRST_ROOM, np.int64)
        # Word by word: almost all entries are ruled out by the first word alone.
        self._words: Words = np.empty((WORDS, FIRST_ROOM), np.uint64)

    def __len__(self) -> int:
        return self._count

    def add(self, numbers: Sequence[int], looks: Sequence[bytes | None]) -> None:
        """Takes in entries by number and hash; one without a hash can't be found by it."""
        known = np.array([look is not None for look in looks], np.bool_)
        count = int(known.sum())
        if count:
            start, end = self._count, self._count + count
            self._make_room(end)
            self._numbers[start:end] = np.asarray(numbers, np.int64)[known]
            self._words[:, start:end] = _words([look for look in looks if look is not None])
            self._count = end

    def _make_room(self, count: int) -> None:
        room = len(self._numbers)
        if count > room:
            more = max(count, 2 * room) - room
            self._numbers = np.pad(self._numbers, (0, more))
            self._words = np.pad(self._words, ((0, 0), (0, more)))

    def near(self, look: bytes, most: int) -> list[int]:
        """The numbers of the entries at most so many bits away, in the order they came in."""
        first, *others = _words([look])[:, 0]
        bits = np.bitwise_count(self._words[0, : self._count] ^ first)
        places = np.flatnonzero(bits <= most)
        bits = bits[places].astype(np.int64)
        for stored, word in zip(self._words[1:], others, strict=True):
            bits = bits + np.bitwise_count(stored[places] ^ word)
        places = places[bits <= most]
        found: list[int] = self._numbers[places].tolist()
        return found


class CampaignLooks:
    """The looks of one campaign's photos and of the papers on them, as far as taken in."""

    def __init__(self) -> None:
        self.last = -1
        """The number of the last entry taken in."""
        self._looks = LookIndex()
        self._papers = LookIndex()

    def take_in(self, rows: Sequence[tuple[int, bytes | None, bytes | None]]) -> None:
        """Adds entries: number, look and paper, in the order of their numbers."""
        numbers, looks, papers = zip(*rows, strict=True)
        self._looks.add(numbers, looks)
        self._papers.add(numbers, papers)
        self.last = rows[-1][0]

    def near(self, traits: Traits, most: int) -> set[int]:
        """The numbers of the entries whose look or paper is at most so many bits away.

        The look is also asked for as it is when the photo is turned.
        """
        looks = [look for look in (traits.look, *traits.turned) if look]
        found = {number for look in looks for number in self._looks.near(look, most)}
        return found.union(self._papers.near(traits.paper, most) if traits.paper else ())


def _words(hashes: Sequence[bytes]) -> Words:
    """A column of four words for each hash."""
    return np.frombuffer(b"".join(hashes), np.uint64).reshape(-1, WORDS).T
