"""faiss: all hashes in one array, compared one by one in C++."""

from __future__ import annotations

import faiss

from benchmarks.peers import NEAR, Hashes


class Flat:
    """IndexBinaryFlat: exact."""

    def __init__(self) -> None:
        faiss.omp_set_num_threads(1)
        self._index = faiss.IndexBinaryFlat(256)

    @staticmethod
    def fill(_hashes: Hashes) -> bool:
        return False

    def add(self, hashes: Hashes) -> None:
        self._index.add(hashes)

    def near(self, wanted: Hashes) -> int:
        limits, _, _ = self._index.range_search(wanted[None], NEAR + 1)  # nearer than
        return int(limits[1])

    @staticmethod
    def reopen(_wanted: Hashes) -> None:
        return None

    @staticmethod
    def stored_bytes() -> None:
        return None

    def close(self) -> None:
        pass
