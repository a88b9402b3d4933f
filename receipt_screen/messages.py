"""Every sentence a person reads, in Korean and in English, by key.

The sentences stand in `sentences/SUBJECT.toml`, a table `[name]` with `ko` and `en` each;
the key is `SUBJECT.name`. A test fails when a key lacks a language, when its two languages
fill in different values, or when nothing uses it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Language = Literal["ko", "en"]
Values = Mapping[str, str | int | float]

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@cache
def sentences(subject: str) -> dict[str, dict[Language, str]]:
    """The sentences of one subject by name, each in both languages."""
    source = files("receipt_screen") / "sentences" / f"{subject}.toml"
    loaded: dict[str, dict[Language, str]] = tomllib.loads(source.read_text(encoding="utf-8"))
    return loaded


def sentence(key: str, values: Values, language: Language) -> str:
    """The sentence of a key with its values filled in; a KeyError names an unknown key."""
    subject, _, name = key.partition(".")
    return sentences(subject)[name][language].format_map(values)


def visible(text: str) -> str:
    """Control characters by their numbers: a file's name may hold what a terminal would obey."""
    return _CONTROLS.sub(lambda sign: f"\\x{ord(sign[0]):02x}", text)
