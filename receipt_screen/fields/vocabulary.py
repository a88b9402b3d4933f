"""The words of labels: what each says of the value behind it, and which one a misread word is.

The words stand in `labels.toml`. They are compared by their jamo, so that `압계` still is `합계`.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from enum import StrEnum
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from receipt_screen.fields.tables import read_table

FUZZY = 0.79
"""Similarity by jamo from which a misread word counts as a label: one jamo of five differs."""
FUZZY_LONG = 0.72
"""… for words of four syllables and more: three jamo of eleven differ."""


class LabelKind(StrEnum):
    """What the value behind a label is; the tables of `labels.toml`."""

    CHARGED = "charged"
    DUE = "due"
    PAYMENT = "payment"
    BARE = "bare"
    SUPPLY = "supply"
    VAT = "vat"
    TAX_FREE = "tax_free"
    SERVICE = "service"
    DISCOUNT = "discount"
    NEVER = "never"
    SUBTOTAL = "subtotal"
    PAID_AT = "paid_at"
    ORDERED_AT = "ordered_at"
    PRINTED_AT = "printed_at"
    NEVER_DATE = "never_date"
    MERCHANT = "merchant"
    BUSINESS_NUMBER = "business_number"
    OWNER = "owner"
    PHONE = "phone"
    ADDRESS = "address"
    APPROVAL = "approval"
    ORIGINAL_APPROVAL = "original_approval"
    CARD = "card"
    OTHER_NUMBER = "other_number"
    HEADER = "header"
    CLERK = "clerk"
    CUSTOMER = "customer"
    OTHER = "other"


Kinds = frozenset[LabelKind]


@cache
def label_table() -> dict[str, Kinds]:
    """The kinds of every word of `labels.toml`, spaces and signs dropped, Latin in capitals."""
    table: dict[str, set[LabelKind]] = defaultdict(set)
    for kind, words in read_table("labels.toml").items():
        for word in words:
            table[compact(word)].add(LabelKind(kind))
    return {word: frozenset(kinds) for word, kinds in table.items()}


def compact(text: str) -> str:
    """Letters and digits only, Latin in capitals."""
    return "".join(character for character in text if character.isalnum()).upper()


def jamo(text: str) -> str:
    """Hangul taken apart into its letters, so that similar syllables are near each other."""
    return unicodedata.normalize("NFD", text)


@cache
def _fuzzy_words() -> dict[int, dict[str, str]]:
    """The Hangul words of the table by number of syllables: their jamo → the word."""
    by_length: dict[int, dict[str, str]] = defaultdict(dict)
    for word in label_table():
        if len(word) >= 2 and not word.isascii():
            by_length[len(word)][jamo(word)] = word
    return by_length


@cache
def _of_names() -> frozenset[str]:
    """Words of shops' names and of wares, which are no misread labels: 화원 is no 회원."""
    table = read_table("names.toml")
    kinds = ("shop_endings", "trades", "regions", "like_labels")
    return frozenset(compact(word) for kind in kinds for word in table[kind])


@lru_cache(maxsize=20_000)
def match_word(text: str) -> tuple[str, float] | None:
    """The table's word that a text is, and how surely; None where it is no label."""
    if text in label_table():
        return text, 1.0
    if len(text) < 2 or text.isascii() or text in _of_names():
        return None
    cutoff = FUZZY_LONG if len(text) >= 4 else FUZZY
    # A syllable may have been cut in two, or lost.
    lengths = (len(text), len(text) - 1) if len(text) >= 5 else (len(text),)
    choices = {key: word for n in lengths for key, word in _fuzzy_words().get(n, {}).items()}
    best = process.extractOne(
        jamo(text), choices.keys(), scorer=Levenshtein.normalized_similarity, score_cutoff=cutoff
    )
    return (choices[best[0]], float(best[1])) if best else None


def likeness(text: str, kinds: Kinds) -> float:
    """How alike letters are, by jamo, to the nearest label of these kinds: from 0 to 1."""
    letters = "".join(sign for sign in compact(text) if not sign.isdigit())
    return _likeness(letters, kinds) if letters else 0.0


@lru_cache(maxsize=2_000)
def _likeness(letters: str, kinds: Kinds) -> float:
    words = [jamo(word) for word, known in label_table().items() if known & kinds]
    best = process.extractOne(jamo(letters), words, scorer=Levenshtein.normalized_similarity)
    return float(best[1])
