"""imagehash's way: a list, and every hash subtracted from every other."""

from __future__ import annotations

import imagehash
import numpy as np

from benchmarks.peers import NEAR, Hashes


class LinearScan:
    """Hash by hash, in Python."""

    def __init__(self) -> None:
        self._hashes: list[imagehash.ImageHash] = []

    @staticmethod
    def fill(_hashes: Hashes) -> bool:
        return False

    def add(self, hashes: Hashes) -> None:
        self._hashes += [_hash(row) for row in hashes]

    def near(self, wanted: Hashes) -> int:
        sought = _hash(wanted)
        return sum(each - sought <= NEAR for each in self._hashes)

    @staticmethod
    def reopen(_wanted: Hashes) -> None:
        return None

    @staticmethod
    def stored_bytes() -> None:
        return None

    def close(self) -> None:
        pass


def _hash(row: Hashes) -> imagehash.ImageHash:
    return imagehash.ImageHash(np.unpackbits(row).astype(bool).reshape(16, 16))
