"""How words in shops' names are spelled: chains begin names, trades end them; both are misread.

두메산골펜선 → 두메산골펜션, 6S25 역전점 → GS25 역전점.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TypeVar

from rapidfuzz.distance import Levenshtein

from receipt_screen.fields.names import letters_of, names
from receipt_screen.fields.rows import Character
from receipt_screen.fields.vocabulary import jamo

T = TypeVar("T")
Characters = Sequence[Character]
ByLength = Mapping[int, tuple[str, ...]]
"""Words by their number of signs, the longest first."""

ALIKE, LEAST_LETTERS = 0.6, 4
"""Names of at least so many letters are one name when so much of their jamo is the same."""
UNSURE = {2: 0.85, 3: 0.9, 4: 0.95}
"""How surely a syllable may have been read and still be taken for another one, by the syllables of
the word: the longer, the less can it be a name of its own. Longer words are as words of four."""
SURE = 0.98
"""A syllable that was read so surely is no other one that may stand there."""
LETTERS = {2: 1, 3: 2, 4: 5}
"""How many of the syllable's letters may be wrong, likewise."""
LEAST_BEFORE = 2
"""Syllables that stand before the trade's word in a name."""
LEAST_CHAIN = 3
"""Chains with shorter names are too like other words."""
SIGN, LIKE_SIGN = "주식회사", 0.75
"""The company's sign that stands apart before a name, and how much of its jamo has to be right."""
LOOKS = str.maketrans("0DQ1I|L58C62Z", "OOOllllSBGGZZ")
"""Latin letters and digits that are taken for each other."""
_COMPANY = re.compile(r"\s*(?:\(주\)|㈜|주식회사)?\s*")
_BRANCH = re.compile(r"\s*(?:\([^()]*\)?|\s\S{1,6}점)\s*$")
"""(익산점), also where the bracket that closes was lost; 군산점."""


def well_spelled(name: str, characters: Characters) -> str:
    """The name with what is misread of a chain's or a trade's word as it is spelled.

    `characters` are those of the name's place. A word is mended by the syllables that were read
    there less surely; or one syllable of it, where it wasn't surely read and a single word is
    meant; Latin letters and digits, where they look alike.
    """
    return _well_ended(_well_begun(_well_signed(name), characters), characters)


def _well_signed(name: str) -> str:
    """A name before which a company's sign was misread: 주식회시 새봄."""
    first, space, rest = name.partition(" ")
    misread = space and len(first) == len(SIGN) and first[0] == SIGN[0]
    alike = Levenshtein.normalized_similarity(jamo(first), jamo(SIGN)) if misread else 0.0
    return f"{SIGN} {rest}" if alike >= LIKE_SIGN else name


def _well_begun(name: str, characters: Characters) -> str:
    found = _COMPANY.match(name)
    start = found.end() if found else 0
    rest = name[start:]
    if rest.startswith(names().chains):
        return name
    for find in (_read_less_surely, _meant):
        for length, words in _chains().items():
            meant = find(rest[:length], words, characters)
            if meant is not None:
                return name[:start] + meant + rest[length:]
    return name


def _well_ended(name: str, characters: Characters) -> str:
    core = _BRANCH.sub("", name)
    if any(core.endswith(word) for words in _trades().values() for word in words):
        return name
    for find in (_read_less_surely, _meant):
        for length, words in _trades().items():
            fits = len(core) >= length + LEAST_BEFORE
            meant = find(core[-length:], words, characters) if fits else None
            if meant is not None:
                return core[:-length] + meant + name[len(core) :]
    return name


def _read_less_surely(written: str, words: Sequence[str], characters: Characters) -> str | None:
    """The one word that stands there if some syllables are what they may be instead."""
    signs = _signs_of(written, characters)
    meant = [
        word
        for word in words
        if len(word) == len(signs)
        and all(
            sign == each.sign or (sign == each.other and each.confidence < SURE)
            for sign, each in zip(word, signs, strict=True)
        )
    ]
    return meant[0] if len(meant) == 1 else None


def _signs_of(written: str, characters: Characters) -> Characters:
    """The characters that a part of the name was read from; none where it isn't as was read."""
    at = "".join(each.sign for each in characters).rfind(written)
    return characters[at : at + len(written)] if at >= 0 else ()


def _meant(written: str, words: Sequence[str], characters: Characters) -> str | None:
    """The word that was misread, as it is written where several are as near; None without any.

    All are as long as what is written.
    """
    if any(sign.isascii() for sign in written):
        alike = [word for word in words if _look(word) == _look(written)]
        return alike[0] if alike else None
    nearest = _nearest(written, words)
    if len(nearest) == 1 and _is_unsure(nearest[0], _signs_of(written, characters)):
        return nearest[0]
    return written if nearest else None


def _look(word: str) -> str:
    return word.upper().translate(LOOKS)


def _nearest(written: str, words: Sequence[str]) -> list[str]:
    """The words that differ in one syllable, and in the fewest of its letters."""
    letters = {
        word: Levenshtein.distance(jamo(written), jamo(word))
        for word in words
        if sum(a != b for a, b in zip(written, word, strict=False)) == 1
    }
    fewest = min(letters.values(), default=0)
    return [
        word for word, count in letters.items() if count == fewest <= _for_length(LETTERS, word)
    ]


def _for_length(table: Mapping[int, T], word: str) -> T:
    return table[min(len(word), max(table))]


def _is_unsure(word: str, signs: Characters) -> bool:
    """Whether the syllable that is to be another was read with doubt."""
    wrong = [each for each, sign in zip(signs, word, strict=False) if each.sign != sign]
    return bool(wrong) and wrong[0].confidence < _for_length(UNSURE, word)


@cache
def _trades() -> ByLength:
    return _by_length(word for word in names().endings if len(word) > 1)


@cache
def _chains() -> ByLength:
    return _by_length(word for word in names().chains if len(word) >= LEAST_CHAIN)


def _by_length(words: Iterable[str]) -> ByLength:
    by_length: dict[int, list[str]] = defaultdict(list)
    for word in words:
        by_length[len(word)].append(word)
    return {length: tuple(by_length[length]) for length in sorted(by_length, reverse=True)}


def is_same_name(one: str, other: str) -> bool:
    """Whether two names differ no more than by what is misread in a sign."""
    letters = [letters_of(name) for name in (one, other)]
    if one == other:
        return True
    if min(map(len, letters)) < LEAST_LETTERS or abs(len(letters[0]) - len(letters[1])) > 1:
        return False
    alike = Levenshtein.normalized_similarity(*map(jamo, letters))
    return alike >= ALIKE
