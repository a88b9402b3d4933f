"""Pairs with their features → weights, and how well they tell one purchase from two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from models.training.relation.pairs import Pair

STRENGTH = 3.0
"""Inverse strength of the L2 penalty; from 0.3 to 30 the folds don't tell a difference."""
FOLDS = 5

Numbers = npt.NDArray[np.float64]
Features = Sequence[dict[str, float]]


@dataclass(frozen=True)
class Learned:
    """A set of weights, and the chances that models gave pairs of shops they hadn't seen."""

    name: str
    weights: dict[str, float]
    folded: Numbers
    boosted: Numbers
    """Of gradient boosting over the same features, for comparison."""

    def chances(self, features: Features) -> Numbers:
        """What the weights say of other pairs."""
        names = [name for name in self.weights if name != "bias"]
        scores = matrix(features, names) @ np.array([self.weights[name] for name in names])
        return np.asarray(1 / (1 + np.exp(-(scores + self.weights["bias"]))))


def learn(name: str, pairs: Sequence[Pair], features: Features) -> Learned:
    """Fits a logistic regression; folds are grouped by shop."""
    names = list(features[0])
    numbers, same = matrix(features, names), np.array([pair.same for pair in pairs])
    shops = [pair.earlier.shop for pair in pairs]
    model = LogisticRegression(C=STRENGTH, max_iter=5000)
    folds = list(GroupKFold(FOLDS).split(numbers, same, shops))
    boosting = HistGradientBoostingClassifier(random_state=1, max_leaf_nodes=7)
    folded, boosted = (
        cross_val_predict(each, numbers, same, cv=folds, method="predict_proba")[:, 1]
        for each in (model, boosting)
    )
    model.fit(numbers, same)
    weights = {"bias": model.intercept_[0], **dict(zip(names, model.coef_[0], strict=True))}
    rounded = {name: round(float(weight), 3) for name, weight in weights.items()}
    return Learned(name, rounded, folded, boosted)


def matrix(features: Features, names: Sequence[str]) -> Numbers:
    """Features as a matrix with these columns."""
    return np.array([[row[name] for name in names] for row in features])


def weights_toml(learned: Sequence[Learned]) -> str:
    """The file that `relation/model.py` reads."""
    parts = ["# Written by `python -m models.training.relation`; see models/relation.md.\n"]
    for each in learned:
        rows = [f'"{name}" = {weight}' for name, weight in each.weights.items()]
        parts.append(f"[{each.name}]\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)
