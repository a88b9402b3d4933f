"""The other way to choose, for comparison: gradient boosting over candidates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from models.training.fields.cases import Case
from models.training.fields.fit import Floats, Won, folds
from receipt_screen.fields.ranker import NONE, Weights
from receipt_screen.odds import log_odds

READING = ("read", "agreed", "clear")


def boosted_winners(cases: Sequence[Case], start: Weights) -> tuple[list[Won], Floats]:
    """What boosting chooses in each held-out case, and how sure it is."""
    names = [name for name in start if name != NONE]
    signs = [int(np.sign(start[name])) for name in names] + [1] * len(READING)
    won: list[Won] = []
    sure: list[float] = []
    with threadpool_limits(1):  # on small tables threads only wait for each other
        for learn, held in folds(cases):
            model = _fitted(*_table(learn, names), signs)
            for case in held:
                chances = _chances(model, case, names)
                best = int(np.argmax(chances)) if len(chances) else None
                won.append(_won(case, best))
                sure.append(0.0 if best is None else float(chances[best]))
    return won, np.array(sure)


def _fitted(rows: Floats, right: Floats, signs: Sequence[int]) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=100,
        learning_rate=0.08,
        max_leaf_nodes=12,
        min_samples_leaf=15,
        l2_regularization=1.0,
        monotonic_cst=signs,
        random_state=0,
    ).fit(rows, right)


def _won(case: Case, best: int | None) -> Won:
    if best is None:
        return Won(case, None, {}, right=False)
    return Won(case, case.candidates[best], {}, case.right[best])


def _chances(model: HistGradientBoostingClassifier, case: Case, names: Sequence[str]) -> Floats:
    if not case.candidates:
        return np.array([])
    rows, _ = _table([case], names)
    return np.asarray(model.predict_proba(rows)[:, 1])


def _table(cases: Sequence[Case], names: Sequence[str]) -> tuple[Floats, Floats]:
    rows, right = [], []
    for case in cases:
        for candidate, is_right in zip(case.candidates, case.right, strict=True):
            row = [candidate.features.get(name, 0.0) for name in names]
            row += [log_odds(candidate.evidence.confidence), candidate.agreed, log_odds(case.clear)]
            rows.append(row)
            right.append(is_right)
    return np.array(rows, float).reshape(-1, len(names) + len(READING)), np.array(right, float)
