"""Which earlier pictures are worth laying on a new one: by their words, and by what was read.

Many words in common are enough. Of a blurred or a dark photograph few are left; where what was read
of two nearly agrees, those are worth a look, too.
"""

from __future__ import annotations

from receipt_screen.compare.words import VisualIndex, VisualWords
from receipt_screen.records import Findings
from receipt_screen.relation import Comparison, RelationSettings, Rules, Traits, in_the_clear


class Lookalikes:
    """Pictures by name, with what was read of them."""

    def __init__(self) -> None:
        self._index = VisualIndex()
        self._traits: dict[str, Traits] = {}

    def add(self, name: str, words: VisualWords, findings: Findings) -> None:
        """Takes a picture in; one of the same name goes."""
        self._index.add(name, words)
        self._traits[name] = in_the_clear(findings.prints)

    def of(self, words: VisualWords, findings: Findings, most: int) -> list[str]:
        """The names of at most so many pictures that may show the same, the likeliest first."""
        new, settings = in_the_clear(findings.prints), RelationSettings()

        def reads_alike(name: str) -> bool:
            return Rules(Comparison(new, self._traits[name], settings)).reads_nearly_the_same

        return self._index.alike(words, most, reads_alike)
