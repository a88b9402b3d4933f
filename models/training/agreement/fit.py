"""Judged characters → curves, and how well curves hold that were fitted on other families."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import prod

import numpy as np
from sklearn.model_selection import GroupKFold

from models.training.agreement.judged import Judged
from models.training.fields.fit import Floats, logistic_loss, minimise
from receipt_screen.reading.agree import Curves, chances, decide
from receipt_screen.reading.align import Case

PRIOR = {
    ("ours",): (0.0, 1.0, 0.0, 0.0, 0.0, 0.0),
    ("theirs",): (0.0, 0.0, 1.0, 0.0, 0.0, 0.0),
    ("ours", "theirs"): (0.0, 0.5, 0.5, 0.0, 0.0, 0.0),
}
"""What a curve is pulled back to: the confidence of the reader or readers that see the character.
One that a prior weighs can't come to count the other way round."""
STRENGTH = 1.0
"""How many nats a weight costs per squared nat that it leaves the prior, halved."""
FOLDS = 5
ALIKE = frozenset((Case.ALIKE, Case.BESIDE))


def fit_curves(judged: Sequence[Judged]) -> Curves:
    """The likeliest curve of each case and reader."""
    return {case: dict(_of_case(case, judged)) for case in Case if case is not Case.ALONE}


def _of_case(case: Case, judged: Sequence[Judged]) -> Iterator[tuple[str, tuple[float, ...]]]:
    for readers in READERS[case]:
        known = [each for each in judged if each.seen.case is case]
        rows = np.array([each.seen.signals() for each in known]).reshape(-1, len(PRIOR[readers]))
        right = np.array([float(each.right[readers[0]]) for each in known])
        yield readers[0], tuple(_fitted(rows, right, np.array(PRIOR[readers])).tolist())


READERS: dict[Case, tuple[tuple[str, ...], ...]] = {
    Case.ALIKE: (("ours", "theirs"),),
    Case.BESIDE: (("ours", "theirs"),),
    Case.OUR_DIGIT: (("ours",),),
    Case.OUR_SIGN: (("ours",),),
    Case.THEIRS: (("theirs",),),
    Case.ZERO: (("ours",), ("theirs",)),
    Case.DIGIT: (("ours",), ("theirs",)),
    Case.DIGIT_SIGN: (("ours",), ("theirs",)),
    Case.SIGN_DIGIT: (("ours",), ("theirs",)),
    Case.SIGN: (("ours",), ("theirs",)),
}
"""Whose characters are weighed in each case; the same one where both see it."""


def _fitted(rows: Floats, right: Floats, prior: Floats) -> Floats:
    return minimise(lambda weights: logistic_loss(weights, rows, right), prior, STRENGTH)


# ── measured on families that weren't learned from ───────────────────────────────────────────


@dataclass(frozen=True)
class Taken:
    """A character, or a whole number, that was taken: its confidence, and whether it is right."""

    case: Case | None
    """None: a whole number, by the product of its digits' confidences."""
    said: float
    right: bool


def held_out(judged: Sequence[Judged]) -> Iterator[Taken]:
    """What is taken of the lines, each family by curves fitted on others."""
    families = [each.family for each in judged]
    folds = min(FOLDS, len(set(families)))
    for learn, out in GroupKFold(folds).split(families, groups=families):
        curves = fit_curves([judged[at] for at in learn])
        yield from _taken([judged[at] for at in out], curves)


def _taken(judged: Sequence[Judged], curves: Curves) -> Iterator[Taken]:
    for _, line in groupby(judged, key=lambda each: each.line):
        digits: list[Taken] = []
        for each in line:
            glyph = decide(each.seen, curves)
            if glyph is None:
                continue
            said = chances(each.seen, curves)
            best = max(said, key=lambda reader: said[reader])
            taken = Taken(each.seen.case, glyph.confidence, each.right[best])
            yield taken
            if glyph.text.isdigit():
                digits.append(taken)
        if digits:
            yield Taken(None, prod(d.said for d in digits), all(d.right for d in digits))
