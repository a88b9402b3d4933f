"""A comparison → the JSON that users script against (docs/json.md)."""

from __future__ import annotations

from typing import Any

from receipt_screen.compare.comparison import Comparison, Side
from receipt_screen.compare.differences import Difference
from receipt_screen.geometry import Quad
from receipt_screen.records import SCHEMA

Json = dict[str, Any]


def comparison_json(earlier: Side, later: Side, comparison: Comparison) -> Json:
    """What an earlier photo is to a later one, as a JSON object."""
    return {
        "schema": SCHEMA,
        "earlier": earlier.findings.photo.file,
        "later": later.findings.photo.file,
        "relation": comparison.relation and comparison.relation.value,
        "probability": round(comparison.probability, 4),
        "agrees": list(comparison.agrees),
        "differs": [_difference(each) for each in comparison.differs],
        "distance": dict(comparison.distance),
    }


def _difference(each: Difference) -> Json:
    return {
        "field": each.field,
        "before": each.before,
        "after": each.after,
        "earlier": [_quad(quad) for quad in each.earlier],
        "later": [_quad(quad) for quad in each.later],
    }


def _quad(quad: Quad) -> list[list[float]]:
    return [[round(x, 1), round(y, 1)] for x, y in quad.points]
