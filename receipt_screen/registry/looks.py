"""Perceptual hashes in memory, searched by Hamming distance: exact.

Cut into one band more than bits may differ, two hashes that are near have a band in common
(multi-index hashing, https://doi.org/10.1109/CVPR.2012.6248043). So most of a million hashes are
never looked at. An approximate index would be no faster and miss some; a miss here is money paid
twice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from receipt_screen.relation import Traits

WORDS = 4
"""A hash of 256 bits is four words of 64."""
BAND_BITS = 16
BANDS_A_WORD = 64 // BAND_BITS
BAND_VALUES = 1 << BAND_BITS
ALL_BANDS = WORDS * BANDS_A_WORD
FIRST_ROOM = 1024
GROWTH = 8
"""Room grows by this part of itself; the more, the more lies empty."""
LEAST_SORTED = 50_000
"""Fewer hashes are compared one by one, which takes a tenth of a millisecond."""
NEW_PART = 4
"""When more than this part of the sorted ones has come in since, they are sorted again."""

Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]
NOWHERE: Places = np.empty(0, np.intp)


class Band:
    """Where each value of sixteen bits of the hashes is found."""

    def __init__(self, words: Words, number: int) -> None:
        self._word, place = divmod(number, BANDS_A_WORD)
        self._shift = np.uint64(BAND_BITS * place)
        values = (words[self._word] >> self._shift).astype(np.uint16)
        self._order = np.argsort(values, kind="stable").astype(np.uint32)
        counts = np.bincount(values, minlength=BAND_VALUES)
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32)

    def sharing(self, wanted: Words) -> npt.NDArray[np.uint32]:
        """The places of the hashes that have this band in common with one."""
        value = int(wanted[self._word] >> self._shift) % BAND_VALUES
        return self._order[self._starts[value] : self._starts[value + 1]]


class LookIndex:
    """The hashes of one kind, 84 bytes for each."""

    def __init__(self, least_sorted: int = LEAST_SORTED) -> None:
        self._least_sorted = least_sorted
        self._count = 0
        self._numbers: Numbers = np.empty(FIRST_ROOM, np.int64)
        self._words: Words = np.empty((WORDS, FIRST_ROOM), np.uint64)
        self._bands: list[Band] = []
        self._sorted = 0
        """So many of the hashes are in the bands; the others came in since."""

    def __len__(self) -> int:
        return self._count

    def add(self, numbers: Sequence[int], looks: Sequence[bytes | None]) -> None:
        """Takes in entries by number and hash; one without a hash can't be found by it."""
        known = [look for look in looks if look is not None]
        if len(known) < len(looks):
            pairs = zip(numbers, looks, strict=True)
            numbers = [number for number, look in pairs if look is not None]
        start, end = self._count, self._count + len(known)
        self._make_room(end)
        self._numbers[start:end] = numbers
        self._words[:, start:end] = _words(known)
        self._count = end

    def _make_room(self, count: int) -> None:
        room = len(self._numbers)
        if count > room:
            more = max(count, room + room // GROWTH + FIRST_ROOM) - room
            self._numbers = np.pad(self._numbers, (0, more))
            self._words = np.pad(self._words, ((0, 0), (0, more)))

    def near(self, look: bytes, most: int) -> list[int]:
        """The numbers of the entries at most so many bits away, in the order they came in."""
        wanted = _words([look])[:, 0]
        places = self._candidates(wanted, most)
        bits = np.bitwise_count(self._words[:, places] ^ wanted[:, None]).sum(axis=0, dtype=int)
        found: list[int] = self._numbers[places[bits <= most]].tolist()
        return found

    def _candidates(self, wanted: Words, most: int) -> Places:
        """The places of all hashes that may be so near, and of some that aren't."""
        if most >= ALL_BANDS:
            return self._scan(wanted, most, 0)
        if self._is_to_be_sorted(most + 1):
            self._sort(most + 1)
        sharing = [band.sharing(wanted) for band in self._bands]
        likely = np.unique(np.concatenate(sharing)).astype(np.intp) if sharing else NOWHERE
        return np.concatenate([likely, self._scan(wanted, most, self._sorted)])

    def _scan(self, wanted: Words, most: int, start: int) -> Places:
        """From a place on, the hashes that the first word doesn't rule out."""
        words = self._words[0, start : self._count]
        near: Places = start + np.flatnonzero(np.bitwise_count(words ^ wanted[0]) <= most)
        return near

    def _is_to_be_sorted(self, bands: int) -> bool:
        """Many came in since, or there are too few bands for what is asked."""
        new = self._count - self._sorted
        enough = self._count >= self._least_sorted
        return enough and (len(self._bands) < bands or new > self._sorted // NEW_PART)

    def _sort(self, bands: int) -> None:
        words = self._words[:, : self._count]
        self._bands = [Band(words, number) for number in range(bands)]
        self._sorted = self._count


class CampaignLooks:
    """The looks of one campaign's photos and of the papers on them, as far as taken in."""

    def __init__(self) -> None:
        self.last = -1
        """The number of the last entry taken in."""
        self._looks = LookIndex()
        self._papers = LookIndex()

    def take_in(self, rows: Sequence[tuple[int, bytes | None, bytes | None]]) -> None:
        """Adds entries: number, look and paper, in the order of their numbers."""
        numbers = [number for number, _, _ in rows]
        self._looks.add(numbers, [look for _, look, _ in rows])
        self._papers.add(numbers, [paper for _, _, paper in rows])
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
