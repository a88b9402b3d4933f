"""Two receipts → what one is to the other, with what agrees, what differs and how sure it is."""

from __future__ import annotations

from receipt_screen.relation.comparison import Comparison, RelationSettings
from receipt_screen.relation.features import Seen
from receipt_screen.relation.rules import Rules, relate
from receipt_screen.relation.traits import Kinship, Trait, Traits, in_the_clear

__all__ = [
    "Comparison",
    "Kinship",
    "RelationSettings",
    "Rules",
    "Seen",
    "Trait",
    "Traits",
    "in_the_clear",
    "relate",
]
