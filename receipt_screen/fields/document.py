"""What kind of document it is, by the words it prints and what it lacks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.ranker import Kind
from receipt_screen.fields.signs import LACKS, SIGNS, signs_on
from receipt_screen.fields.tables import read_table
from receipt_screen.fields.vocabulary import compact
from receipt_screen.records import DocumentKind, Found, Rival

SURELY_NONE = 0.8
"""A page is called no receipt from this chance on; below, it is the likeliest kind of receipt."""
EVIDENCE = 3
"""At most so many words are named for a kind."""
KindWeights = Mapping[DocumentKind, Mapping[str, float]]
"""How much each word speaks for each kind, in nats."""


@cache
def kind_weights(by: Kind = "learned") -> KindWeights:
    """How much each word and sign speaks for each kind; `by`: whose weights."""
    ruled = _ruled_weights(read_table("documents.toml"))
    if by == "rules":
        return ruled
    learned = read_table("learned_kinds.toml")
    known = {word for words in learned.values() for word in words}
    # A word or sign newer than the learning keeps the weight of its table.
    return {
        kind: {word: weight for word, weight in words.items() if word not in known}
        | learned[kind.value]
        for kind, words in ruled.items()
    }


def _ruled_weights(raw: Mapping[str, Any]) -> KindWeights:
    kinds: dict[DocumentKind, dict[str, float]] = {
        DocumentKind(kind): {compact(word): weight for word, weight in words.items()}
        for kind, words in raw["kinds"].items()
    }
    for kind, signs in raw["signs"].items():
        kinds.setdefault(DocumentKind(kind), {}).update(signs)
    return kinds


def find_document(
    page: LabelledPage, *, screen: bool, drawn: bool | None, by: Kind = "learned"
) -> Found[DocumentKind]:
    """The kind of document, by what it prints and by where it comes from, as in `find_fields`."""
    kinds = kind_weights(by)
    words = frozenset(word for weights in kinds.values() for word in weights)
    seen = signs_on(page, words, screen=screen, drawn=drawn)
    scores = {
        kind: sum(weight for word, weight in weights.items() if word in seen)
        for kind, weights in kinds.items()
    }
    total = sum(math.exp(value) for value in scores.values())
    chances = {kind: math.exp(score) / total for kind, score in scores.items()}
    order = _in_order(chances)
    rivals = tuple(Rival[DocumentKind](value=kind, confidence=chances[kind]) for kind in order[1:4])
    return _with_evidence(
        page, order[0], chances[order[0]], rivals, _speaking(kinds, order[0], seen)
    )


def _in_order(chances: Mapping[DocumentKind, float]) -> list[DocumentKind]:
    """The likeliest kind first; that it is no receipt has to be likely enough."""
    order = sorted(chances, key=lambda kind: -chances[kind])
    if order[0] is DocumentKind.NOT_A_RECEIPT and chances[order[0]] < SURELY_NONE:
        order[:2] = order[1::-1]
    return order


def _speaking(kinds: KindWeights, kind: DocumentKind, seen: frozenset[str]) -> list[str]:
    """What was seen that speaks for a kind, the strongest first."""
    speaks = {sign: weight for sign, weight in kinds[kind].items() if sign in seen and weight > 0}
    return sorted(speaks, key=lambda sign: -speaks[sign])


def _with_evidence(
    page: LabelledPage,
    kind: DocumentKind,
    chance: float,
    rivals: tuple[Rival[DocumentKind], ...],
    speaking: Sequence[str],
) -> Found[DocumentKind]:
    words = [sign for sign in speaking if sign not in SIGNS][:EVIDENCE]
    lacks = [LACKS[sign] for sign in speaking if sign in LACKS]
    rows = [row.row for row in page.rows if words and words[0] in compact(row.row.text)]
    return Found(
        value=kind,
        text=", ".join(words) or None,
        confidence=chance,
        quad=rows[0].quad if rows else None,
        rivals=rivals,
        why=", ".join(lacks) or None,
    )
