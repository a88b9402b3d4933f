"""Every sentence a person reads, in Korean and in English, by key.

The sentences stand in `sentences/SUBJECT.toml`, a table `[name]` with `ko` and `en` each;
the key is `SUBJECT.name`. A test fails when a key lacks a language, when its two languages
fill in different values, or when nothing uses it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["ko", "en"]
Values = Mapping[str, str | int | float]


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
