"""Two receipts → what one is to the other, with what agrees, what differs and how sure it is."""

from __future__ import annotations

from receipt_screen.relation.rules import Comparison, RelationSettings, relate
from receipt_screen.relation.traits import Kinship, Trait, Traits

__all__ = ["Comparison", "Kinship", "RelationSettings", "Trait", "Traits", "relate"]
