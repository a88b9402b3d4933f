"""How well purchases are told apart on shops that nothing was learned from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.proportions import Share
from models.training.relation.learn import Numbers
from models.training.relation.pairs import Eye, Pair, side_of
from receipt_screen.compare import compare
from receipt_screen.geometry import Quad
from receipt_screen.records import Relation
from receipt_screen.relation import Rules

DUPLICATES = {
    Relation.SAME_FILE,
    Relation.SAME_IMAGE,
    Relation.SAME_RECEIPT,
    Relation.ALTERED_COPY,
}
ENOUGH = 0.5
"""Intersection over union from which on an edited value counts as located."""
Told = Callable[[Pair], Relation | None]


@dataclass(frozen=True)
class Tally:
    """Of the pairs of one scenario: how many were called duplicates, and how many altered."""

    how: str
    duplicate: Share
    altered: Share


def tally(pairs: Sequence[Pair], told: Sequence[Relation | None]) -> list[Tally]:
    """By scenario, in the order of their first pairs."""
    groups: dict[str, list[Relation | None]] = defaultdict(list)
    for pair, relation in zip(pairs, told, strict=True):
        groups[pair.how].append(relation)
    return [
        Tally(
            how,
            Share(sum(each in DUPLICATES for each in group), len(group)),
            Share(sum(each is Relation.ALTERED_COPY for each in group), len(group)),
        )
        for how, group in groups.items()
    ]


def by_prints(pair: Pair) -> Relation | None:
    """What a registry says of a pair."""
    return Rules(pair.facts).relation()


def by_pictures(eye: Eye) -> Told:
    """What is said of a pair whose pictures are at hand."""

    def told(pair: Pair) -> Relation | None:
        return Rules(pair.facts, eye.see(pair)).relation()

    return told


def located(altered: Iterable[Pair]) -> Share:
    """How many of these altered copies have a frame on what was edited."""
    found = [_is_located(pair) for pair in altered]
    return Share(sum(found), len(found))


def _is_located(pair: Pair) -> bool:
    comparison = compare(side_of(pair.earlier), side_of(pair.later))
    frames = [quad for each in comparison.differs for quad in each.later]
    return any(_overlap(frame, edit) >= ENOUGH for frame in frames for edit in pair.edited)


def _overlap(one: Quad, other: Quad) -> float:
    """Intersection over union of the upright boxes."""
    a, b = one.box, other.box
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    shared = max(0.0, width) * max(0.0, height)
    return shared / (a.width * a.height + b.width * b.height - shared)


def recall_at(chances: Numbers, pairs: Sequence[Pair], rate: float) -> tuple[Share, float]:
    """Pairs of one purchase above the chance that so large a share of neighbours exceeds."""
    same = np.array([pair.same for pair in pairs])
    hard = np.array([pair.hard for pair in pairs])
    threshold = float(np.quantile(chances[hard], 1 - rate, method="higher"))
    return Share(int((chances[same] > threshold).sum()), int(same.sum())), threshold
