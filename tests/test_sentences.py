"""Every sentence stands in both languages, says the same in both, and is used."""

from __future__ import annotations

import string
import tomllib
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "receipt_screen"
SUBJECTS = {path.stem: path for path in sorted((PACKAGE / "sentences").glob("*.toml"))}
SENTENCES = {
    f"{subject}.{name}": texts
    for subject, path in SUBJECTS.items()
    for name, texts in tomllib.loads(path.read_text(encoding="utf-8")).items()
}


@cache
def code() -> str:
    sources = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")]
    return "\n".join(path.read_text(encoding="utf-8") for path in sources)


def values(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_are_sentences() -> None:
    assert {"photo", "reading", "batch", "cli"} <= set(SUBJECTS)


@pytest.mark.parametrize("key", SENTENCES)
def test_a_sentence_has_both_languages_with_the_same_values(key: str) -> None:
    texts = SENTENCES[key]

    assert set(texts) == {"ko", "en"}
    assert all(text.strip() == text != "" or text.startswith("  ") for text in texts.values())
    assert values(texts["ko"]) == values(texts["en"])


@pytest.mark.parametrize("key", SENTENCES)
def test_a_sentence_is_used_somewhere_by_its_whole_key(key: str) -> None:
    assert f'"{key}"' in code() or f"'{key}'" in code()
