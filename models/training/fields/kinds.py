"""The kind of document: how much each word speaks for each kind, learned from where a person began.

A multinomial logit over the words of `documents.toml`, pulled back to the weights there (L2).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from models.training.fields.fit import Floats
from models.training.readings import Reading
from receipt_screen.fields.document import KindWeights, kind_weights
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.signs import SIGNS, signs_on
from receipt_screen.records import DocumentKind
from samples.render.labels import Label

KINDS = tuple(DocumentKind)
PRIOR = 30.0
"""Strong: seventeen families of layouts show few of the ways in which receipts are worded."""
NEGLIGIBLE = 0.05
HEAD = """\
# Learned by `python -m models.training.fields` from `documents.toml`: how much each word speaks for
# each kind of document, in nats. Not for editing.
"""


def learn_kinds(samples: Iterable[tuple[Label, Reading]], others: Iterable[Reading]) -> KindWeights:
    """Weights under which a page's words tell its kind; `others` are no receipts."""
    start = kind_weights("rules")
    signs = sorted({word for words in start.values() for word in words} | SIGNS)
    known = [(label.kind, reading) for label, reading in samples]
    known += [(DocumentKind.NOT_A_RECEIPT, reading) for reading in others if reading.own.lines]
    rows, kinds = [], []
    for kind, reading in known:
        page, looks = LabelledPage.of(reading.own), reading.findings.paper
        seen = signs_on(page, frozenset(signs), screen=reading.is_screen, drawn=looks.drawn)
        rows.append([float(sign in seen) for sign in signs])
        kinds.append(KINDS.index(kind))
    prior = np.array([[start[kind].get(sign, 0.0) for kind in KINDS] for sign in signs])
    found = _fit(np.array(rows), np.eye(len(KINDS))[kinds], prior)
    return {
        kind: {s: float(w) for s, w in zip(signs, column, strict=True) if abs(w) > NEGLIGIBLE}
        for kind, column in zip(KINDS, found.T, strict=True)
    }


def _fit(rows: Floats, kinds: Floats, prior: Floats) -> Floats:
    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(prior.shape)
        scores = rows @ weights
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        off = weights - prior
        missed = -np.log((chances * kinds).sum(axis=1) + 1e-12).sum()
        gradient = rows.T @ (chances - kinds) + PRIOR * off
        return float(missed + PRIOR * (off**2).sum() / 2), gradient.ravel()

    # A word speaks for the kinds that a person named, and at most against the others.
    bounds = [(0, None) if weight > 0 else (None, 0) for weight in prior.ravel()]
    found = minimize(loss, prior.ravel(), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x, float).reshape(prior.shape)


def write_kinds(file: Path, weights: KindWeights) -> None:
    """Writes the weights as TOML."""
    tables = [
        f"\n[{kind.value}]\n" + "".join(f'"{s}" = {w:.2f}\n' for s, w in words.items())
        for kind, words in weights.items()
    ]
    file.write_text(HEAD + "".join(tables), encoding="utf-8")
