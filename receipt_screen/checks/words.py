"""Where a campaign's words stand on a receipt, however they are spaced."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A piece of text and the probability that it is read right."""

    text: str
    confidence: float


@dataclass(frozen=True)
class Hit:
    """A word of the campaign that stands on the receipt."""

    word: str
    confidence: float


def squeezed(text: str) -> str:
    """Text for comparing: without spaces, in one form of each letter and one case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def best_hit(
    words: Iterable[str], places: Iterable[Place], *, unless: Iterable[str] = ()
) -> Hit | None:
    """The word that is most surely there; a place that holds an `unless` word is passed over."""
    spared = [squeezed(word) for word in unless]
    wanted = [(word, squeezed(word)) for word in words]
    hits = [
        Hit(word, place.confidence)
        for place in places
        if not any(word in squeezed(place.text) for word in spared)
        for word, squeezed_word in wanted
        if squeezed_word in squeezed(place.text)
    ]
    return max(hits, key=lambda hit: hit.confidence, default=None)
