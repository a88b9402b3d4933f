"""How the last word of a shop's name is spelled: trades have few words, which are often misread."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeVar

from rapidfuzz.distance import Levenshtein

from receipt_screen.fields.labels import jamo
from receipt_screen.fields.names import names

T = TypeVar("T")

UNSURE = {2: 0.85, 3: 0.9, 4: 0.95}
"""How surely a syllable may have been read and still be taken for another one, by the syllables of
the word: the longer, the less can it be a name of its own. Longer words are as words of four."""
LETTERS = {2: 1, 3: 2, 4: 5}
"""How many of the syllable's letters may be wrong, likewise."""
LEAST_BEFORE = 2
"""Syllables that stand before the trade's word in a name."""
_BRANCH = re.compile(r"\s*(?:\([^()]*\)|\s\S{1,6}점)\s*$")


def well_ended(name: str, characters: Sequence[tuple[str, float]]) -> str:
    """The name with a misread last word as it is spelled: 두메산골펜선 → 두메산골펜션.

    `characters` are those of the name's place and how surely each was read. One syllable is mended,
    where it wasn't surely read and a single word is meant.
    """
    core = _BRANCH.sub("", name)
    if any(core.endswith(word) for words in _words().values() for word in words):
        return name
    for length, words in _words().items():
        written = core[-length:]
        if len(core) < length + LEAST_BEFORE or not all("가" <= sign <= "힣" for sign in written):
            continue
        nearest = _nearest(written, words)
        if len(nearest) == 1 and _is_unsure(written, nearest[0], characters):
            return core[:-length] + nearest[0] + name[len(core) :]
        if nearest:
            break
    return name


@cache
def _words() -> dict[int, tuple[str, ...]]:
    """Words that end names, by their number of syllables, the longest first."""
    by_length: dict[int, list[str]] = defaultdict(list)
    for word in (*names().shop_endings, *names().trades):
        by_length[len(word)].append(word)
    return {
        length: tuple(by_length[length]) for length in sorted(by_length, reverse=True) if length > 1
    }


def _nearest(written: str, words: Sequence[str]) -> list[str]:
    """The words that differ in one syllable, and in the fewest of its letters."""
    letters = {
        word: Levenshtein.distance(jamo(written), jamo(word))
        for word in words
        if sum(a != b for a, b in zip(written, word, strict=True)) == 1
    }
    fewest = min(letters.values(), default=0)
    return [
        word for word, count in letters.items() if count == fewest <= _for_length(LETTERS, word)
    ]


def _for_length(table: Mapping[int, T], word: str) -> T:
    return table[min(len(word), max(table))]


def _is_unsure(written: str, word: str, characters: Sequence[tuple[str, float]]) -> bool:
    """Whether the syllable that is to be another was read with doubt."""
    at = "".join(sign for sign, _ in characters).rfind(written)
    if at < 0:
        return False
    wrong = next(index for index, sign in enumerate(written) if sign != word[index])
    return characters[at + wrong][1] < _for_length(UNSURE, word)
