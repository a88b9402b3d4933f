"""Reproducible chance: a draw hangs on a seed and on what it is for, never on earlier draws."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def _number(parts: tuple[object, ...]) -> int:
    name = "/".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")


class Chance(random.Random):
    """A stream of draws that belongs to one purpose."""

    def __new__(cls, *_parts: object) -> Chance:
        # random.Random takes one seed here; ours are set in __init__.
        return super().__new__(cls)

    def __init__(self, *parts: object) -> None:
        self.parts = parts
        super().__init__(_number(parts))

    def sub(self, *parts: object) -> Chance:
        """An independent stream for a part of the purpose."""
        return Chance(*self.parts, *parts)

    def field(self) -> np.random.Generator:
        """A numpy generator for noise over an image."""
        return np.random.default_rng(_number((*self.parts, "field")))

    def happens(self, probability: float) -> bool:
        """True this often."""
        return self.random() < probability

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One key of a table, as often as its weight says."""
        return self.choices(list(weights), list(weights.values()))[0]

    def digits(self, count: int) -> str:
        """A number as a string, leading zeros included."""
        return "".join(self.choices("0123456789", k=count))

    def some(self, values: Sequence[T], most: int) -> list[T]:
        """Up to `most` different values, in random order."""
        return self.sample(list(values), min(len(values), self.randint(1, most)))
