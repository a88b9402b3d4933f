"""Two readings of a line become one, each character with the chance that it is right.

How likely each reader's character is right, by how sure both are, was learned from rendered
receipts: plain numbers in `agreement.toml`; how and how well: models/agreement.md. The likelier
character is taken.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from operator import itemgetter, mul

from receipt_screen.odds import probability_of
from receipt_screen.reading.align import Case, Seen, align
from receipt_screen.reading.recogniser import Glyph, Glyphs

SEEN_BY_ONE = frozenset((Case.OUR_DIGIT, Case.OUR_SIGN, Case.THEIRS))


Curves = Mapping[Case, Mapping[str, tuple[float, ...]]]
"""By case, for the character of `ours` and of `theirs`: the weight of each of its signals."""


@cache
def learned_curves() -> Curves:
    """What was learned."""
    text = (files("receipt_screen.reading") / "agreement.toml").read_text(encoding="utf-8")
    return {
        Case(case): {reader: tuple(weights) for reader, weights in readers.items()}
        for case, readers in tomllib.loads(text).items()
    }


def chances(seen: Seen, curves: Curves) -> dict[str, float]:
    """How likely the character of each reader is right, where it sees one."""
    return {
        reader: probability_of(sum(map(mul, weights, seen.signals())))
        for reader, weights in curves[seen.case].items()
    }


def agree(korean: Glyphs, latin: Glyphs) -> Glyphs:
    """One reading of a line from two, each character with its confidence."""
    decided = (decide(seen, learned_curves()) for seen in align(korean, latin))
    return tuple(glyph for glyph in decided if glyph is not None)


def decide(seen: Seen, curves: Curves) -> Glyph | None:
    """The likelier of two characters at one place, the other one its runner-up.

    A character that only one reader sees is left out where it is likelier wrong than right.
    """
    if seen.case is Case.ALONE:
        return seen.ours
    glyphs = {"ours": seen.ours, "theirs": seen.theirs}
    best, chance = max(chances(seen, curves).items(), key=itemgetter(1))
    glyph = glyphs.pop(best)
    if glyph is None or (seen.case in SEEN_BY_ONE and chance < 0.5):
        return None
    others = [other.text for other in glyphs.values() if other and other.text != glyph.text]
    return replace(glyph, confidence=chance, runner_up=others[0] if others else glyph.runner_up)
