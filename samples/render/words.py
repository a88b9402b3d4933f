"""Korean words, and names made up of them."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from samples.render.chance import Chance

DICTIONARY = Path("/usr/share/hunspell/ko.dic")
"""Debian's hunspell-ko."""


@cache
def dictionary() -> tuple[str, ...]:
    """Words of up to six syllables, all of which a printer has."""
    lines = DICTIONARY.read_text(encoding="utf-8").splitlines()[1:]
    words = (unicodedata.normalize("NFC", line.split("/")[0].strip()) for line in lines)
    return tuple(word for word in words if 1 <= len(word) <= 6 and _printable(word))


def _printable(word: str) -> bool:
    """Whether a printer has every syllable: the 2,350 of KS X 1001."""
    try:
        word.encode("euc-kr")
    except UnicodeEncodeError:
        return False
    return all("가" <= char <= "힣" for char in word)


@cache
def hangul() -> str:
    """All syllables that a printer has."""
    return "".join(char for char in map(chr, range(0xAC00, 0xD7A4)) if _printable(char))


def some_words(chance: Chance) -> str:
    """One to four words of the dictionary."""
    return " ".join(chance.choices(dictionary(), k=chance.randint(1, 4)))


def some_syllables(chance: Chance) -> str:
    """Two to nine of all syllables: rare ones come as often as common ones."""
    return "".join(chance.choices(hangul(), k=chance.randint(2, 9)))


def coined(chance: Chance) -> str:
    """A name that nobody can know by heart: of two to seven letters, or a short Latin word."""
    kind = chance.weighted({"word": 5, "pair": 4, "syllables": 2, "latin": 1})
    if kind == "latin":
        return _latin(chance)
    if kind == "syllables":
        return "".join(
            chance.choice(chance.choice(dictionary())) for _ in range(chance.randint(2, 4))
        )
    words = [word for word in chance.choices(dictionary(), k=8) if len(word) <= 4]
    return "".join(words[: 1 if kind == "word" else 2]) or coined(chance)


def _latin(chance: Chance) -> str:
    letters = "".join(
        chance.choice("bcdfghjklmnprstvwz") + chance.choice("aeiouy")
        for _ in range(chance.randint(1, 3))
    )
    word = letters + chance.choice(["", "", *"nrstlx"])
    return chance.choice([word.upper(), word.upper(), word.capitalize(), word])
