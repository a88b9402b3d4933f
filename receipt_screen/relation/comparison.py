"""The facts of a comparison: which traits of two photos agree, which differ, and how far."""

from __future__ import annotations

from dataclasses import dataclass

from receipt_screen.records import KeyKind
from receipt_screen.relation.traits import Trait, Traits


@dataclass(frozen=True)
class RelationSettings:
    """From where on prints count as alike, and keys as surely the same or different."""

    look: int = 10
    """Bits of 256 up to which two looks are one image. Re-encoded and resized copies stay within
    10; photos of different receipts of one app were 30 and more apart, but needn't be."""
    agreed: float = 0.3
    """Least confidence of each of two keys for their agreement to count. Low, because chance
    doesn't make two readings agree in business number, approval number and date."""
    likely: float = 0.5
    """Least confidence of each of two keys for their difference to overrule a likeness: copies of
    one image are read alike."""
    certain: float = 0.8
    """Least confidence of each of two keys for their difference to overrule a lesser key that
    agrees. High, because one misread digit makes a difference."""
    same: float = 0.8
    """Least probability that two show one purchase for them to be called so without a key."""
    same_read: float = 0.5
    """The same where lines lie side by side and `numbers_alike` and more surely say the same, and
    none another: honest neighbours of whom so much was read had a number that surely differed."""
    numbers_alike: int = 3
    altered: float = 0.5
    """Least probability of the same for a copy to be called altered: a slip and its cancellation
    share their approval number."""
    text: float = 0.75
    """Share of the shorter one's numbers that an altered copy has at least in common."""
    support: float = 0.85
    """Least share of matching features that one plane map explains, for two pictures to lie on
    each other; copies have 0.85 and more, second photographs of one paper seldom."""
    support_unchanged: float = 0.75
    """The same where no print differs: ripples of a screen spoil features before they do print."""
    unchanged: float = 0.05
    """Largest share that differs of what is on no line, for no print to differ."""
    inliers: int = 25
    """Least number of such features."""
    fit: float = 0.88
    """Least median correlation of their print."""
    photograph_support: float = 0.95
    """Support and fit from which on two pictures that a camera took are one photograph, whatever
    was read of them: two rendered papers photographed apart had at most 0.93 and 0.94, two real
    ones of one chain 0.88 and 0.97."""
    photograph_fit: float = 0.98
    photograph: float = 0.99
    """Least probability that the two show one purchase then."""
    photograph_look: int = 36
    """Bits that copies of a photograph that lie on each other are apart at most: two photographs of
    one shop's receipts are 82 and more apart, any two real ones 52."""
    elsewhere: float = 0.25
    """Largest share that differs of what is on no line, where both are flat or something was
    altered; copies have up to 0.2, where a code was resampled."""
    legible: float = 0.8
    """Share of the shorter one's words from which on both were read so well that a number which
    each has for itself is another one."""
    templates: int = 5
    """How many receipts of the same template are named; a busy shop has hundreds."""
    crowd: int = 20
    """A number on more photos than this is the shop's, or its terminal's, and finds nobody."""


DECIDING = (KeyKind.APPROVAL, KeyKind.BARCODE, KeyKind.MINUTE, KeyKind.CARD)
"""The most telling first."""
HALF_DAY = {"minute": "half_day_minute", "second": "half_day_second"}
"""Times, and the same on a clock with hands."""


@dataclass(frozen=True)
class Comparison:
    """Two photos' traits side by side."""

    new: Traits
    old: Traits
    settings: RelationSettings

    # ── keys ─────────────────────────────────────────────────────────────────────────────────

    def doubt(self, kind: KeyKind) -> float | None:
        """The probability that an agreeing key is misread; None where none agrees."""
        new, old = self.new.of_kind(kind), self.old.of_kind(kind)
        shared = [
            1 - new[value] * old[value]
            for value in new.keys() & old.keys()
            if min(new[value], old[value]) >= self.settings.agreed
        ]
        return min(shared, default=None)

    def differs(self, kind: KeyKind, least: float = 0) -> bool:
        """Both sides have a key of the kind, each at least so certain, and none in common."""
        new, old = self.new.of_kind(kind), self.old.of_kind(kind)
        if not new or not old or new.keys() & old.keys():
            return False
        return max(new.values()) >= least and max(old.values()) >= least

    def share_a_number(self) -> bool:
        """A long number is on both, or one shop's sum of one day."""
        new, old = self.new.of_kind(KeyKind.DAY), self.old.of_kind(KeyKind.DAY)
        return bool(new.keys() & old.keys() or self.new.serials & self.old.serials)

    # ── single values ────────────────────────────────────────────────────────────────────────

    def agreement(self, name: str) -> float:
        """The probability that both were read right, where they are the same; else 0."""
        pair = self._pair(name)
        if pair is None or pair[0].value != pair[1].value:
            return 0.0
        return pair[0].confidence * pair[1].confidence

    def disagreement(self, name: str) -> float:
        """The probability that both were read right, where they are not the same; else 0."""
        pair = self._pair(name)
        if pair is None or not self._is_another(name, pair):
            return 0.0
        return pair[0].confidence * pair[1].confidence

    def agree(self, name: str) -> bool:
        """Both have the value, and it is the same."""
        return self.agreement(name) > 0

    def disagree(self, name: str, least: float | None = None) -> bool:
        """Both have the value, surely read or each at least so certain, and it isn't the same."""
        pair = self._pair(name)
        least = self.settings.certain if least is None else least
        return (
            pair is not None
            and self._is_another(name, pair)
            and min(trait.confidence for trait in pair) >= least
        )

    def _is_another(self, name: str, pair: tuple[Trait, Trait]) -> bool:
        """The values are not the same. Times half a day apart are, for 오전 and 오후 are easily
        misread, and no till prints two receipts just then."""
        return pair[0].value != pair[1].value and not self.agree(HALF_DAY.get(name, ""))

    def _pair(self, name: str) -> tuple[Trait, Trait] | None:
        new, old = self.new.fields.get(name), self.old.fields.get(name)
        return None if new is None or old is None else (new, old)

    # ── text ─────────────────────────────────────────────────────────────────────────────────

    def text_apart(self) -> float:
        """Share of the shorter one's numbers that the other lacks; 1 where that isn't known."""
        shorter = min(len(self.new.numbers), len(self.old.numbers))
        if self.new.text_version != self.old.text_version or not shorter:
            return 1.0
        return 1 - len(self.new.numbers & self.old.numbers) / shorter

    def one_number_differs(self) -> bool:
        """Each has at most one number that the other lacks, and so all of a purchase's others."""
        new, old = self.new.numbers, self.old.numbers
        return bool(new & old) and max(len(new - old), len(old - new)) <= 1

    def numbers_differ(self) -> bool:
        """Each has a number that the other lacks, though all else was read alike, or all its long
        ones though its words were."""
        new, old = self.new, self.old
        shorter = min(len(new.words), len(old.words))
        legible = len(new.words & old.words) >= self.settings.legible * shorter
        others = new.serials and old.serials and not new.serials & old.serials
        alike = others or self.text_apart() <= 1 - self.settings.text
        return bool(legible and alike and new.numbers - old.numbers and old.numbers - new.numbers)

    # ── looks ────────────────────────────────────────────────────────────────────────────────

    def alike(self) -> bool:
        """The photos or the papers on them look the same.

        Either will do: the photo's hash bears bars that were added, the paper's hash bears
        what JPEG does to the edge that the photo was trimmed to.
        """
        return any(apart <= self.settings.look for apart in self.bits_apart().values())

    def bits_apart(self) -> dict[str, int]:
        """How far the looks and the papers are apart, as far as both sides have them."""
        if self.new.version != self.old.version:
            return {}
        looks = [look for look in (self.new.look, *self.new.turned) if look]
        papers = [self.new.paper] if self.new.paper else []
        pairs = {"look": (looks, self.old.look), "paper": (papers, self.old.paper)}
        return {
            name: min(_hamming(each, old) for each in new)
            for name, (new, old) in pairs.items()
            if new and old
        }


def _hamming(new: bytes, old: bytes) -> int:
    return (int.from_bytes(new) ^ int.from_bytes(old)).bit_count()
