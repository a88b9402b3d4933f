"""imagededup's BK-tree, with its own distance, which is only right for hashes of 64 bits."""

from __future__ import annotations

from imagededup.handlers.search.bktree import BKTree
from imagededup.methods.hashing import Hashing

from benchmarks.peers import NEAR, Hashes

BYTES = 8


class BkTree:
    """A tree by distance; it has no public way to add, so the one that builds it is called."""

    def __init__(self) -> None:
        self._tree: BKTree | None = None
        self._count = 0

    @staticmethod
    def fill(_hashes: Hashes) -> bool:
        return False

    def add(self, hashes: Hashes) -> None:
        for row in hashes:
            self._insert(str(self._count), _text(row))
            self._count += 1

    def _insert(self, name: str, value: str) -> None:
        if self._tree is None:
            self._tree = BKTree({name: value}, Hashing.hamming_distance)
            return
        self._tree.hash_dict[name] = value
        self._tree._insert_in_tree(name, self._tree.ROOT)

    def near(self, wanted: Hashes) -> int:
        if self._tree is None:
            return 0
        return len(self._tree.search(_text(wanted), NEAR))

    @staticmethod
    def reopen(_wanted: Hashes) -> None:
        return None

    @staticmethod
    def stored_bytes() -> None:
        return None

    def close(self) -> None:
        pass


def _text(row: Hashes) -> str:
    return row[:BYTES].tobytes().hex()
