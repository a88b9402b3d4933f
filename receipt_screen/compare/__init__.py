"""Two receipts at hand → what one is to the other, with where they differ."""

from __future__ import annotations

from receipt_screen.compare.comparison import Comparison, Side, compare, look
from receipt_screen.compare.differences import Difference
from receipt_screen.compare.lookalikes import Lookalikes
from receipt_screen.compare.papers import sheet_pixels
from receipt_screen.compare.wire import comparison_json
from receipt_screen.compare.words import VisualIndex, VisualWords, visual_words

__all__ = [
    "Comparison",
    "Difference",
    "Lookalikes",
    "Side",
    "VisualIndex",
    "VisualWords",
    "compare",
    "comparison_json",
    "look",
    "sheet_pixels",
    "visual_words",
]
