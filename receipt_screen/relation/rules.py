"""What an earlier photo is to a new one, as far as their prints can say.

- Perceptual hashes can't tell flat e-receipts of one shop apart. So a transaction key that both
  sides have, surely read and different, overrules any likeness.
- An approval number is given once: it decides before a bar code, that before the minute, and the
  minute before the card.
- Two friends who prepay the same sum at one till within a minute have two approval numbers and
  are no duplicate. Where one of the two is unread, only the minute speaks, and the match says so.
- A copy of which one value was altered agrees in everything else.
"""

from __future__ import annotations

from dataclasses import dataclass

from receipt_screen.records import KeyKind, Relation
from receipt_screen.relation.traits import Kinship, Trait, Traits


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
    text: float = 0.75
    """Share of the shorter receipt's numbers that the other has, for two to say the same."""
    serials: int = 2
    """Least numbers in common that hardly another purchase has, for two to say the same."""
    templates: int = 5
    """How many receipts of the same template are named; a busy shop has hundreds."""
    crowd: int = 20
    """A number on more photos than this is the shop's, or its terminal's, and finds nobody."""


DECIDING = (KeyKind.APPROVAL, KeyKind.BARCODE, KeyKind.MINUTE, KeyKind.CARD)
"""The most telling first."""
ALTERABLE = ("amount", "date", "approval_number")
"""The values that it pays to alter."""
COPIED = ("business_number", "approval_number", "amount", "date", "second", "card")
"""The values that are named where an altered copy has them as they were."""
TELLING = ("amount", "date", "second", "approval_number", "card")
"""The values in which two purchases at one shop differ."""


def relate(new: Traits, old: Traits, settings: RelationSettings) -> Kinship | None:
    """What an earlier photo is to a new one; None where they are unrelated.

    `distance` holds `look` and `paper` in bits of 256, `text` as the share of numbers that are
    not in common and, for each key that agrees, the probability that it was misread on either side.
    """
    comparison = Comparison(new, old, settings)
    relation = comparison.relation()
    if relation is None:
        return None
    return Kinship(
        relation=relation,
        agrees=comparison.agrees(relation),
        differs=comparison.differing(relation),
        distance=comparison.distances(),
    )


@dataclass(frozen=True)
class Comparison:
    """Two photos' traits side by side."""

    new: Traits
    old: Traits
    settings: RelationSettings

    def relation(self) -> Relation | None:
        """The first of the rules that holds."""
        if self.new.file == self.old.file:
            return Relation.SAME_FILE
        if self.new.pixels == self.old.pixels:
            return Relation.SAME_IMAGE
        if self.is_altered():
            return Relation.ALTERED_COPY
        if self.one_image():
            return Relation.SAME_IMAGE
        if self.same_transaction() or self.same_text():
            return Relation.SAME_RECEIPT
        return Relation.SAME_TEMPLATE if self.alike() else None

    # ── keys ─────────────────────────────────────────────────────────────────────────────────

    def same_transaction(self) -> bool:
        """The most telling key that both sides surely have agrees."""
        for kind in DECIDING:
            if self.doubt(kind) is not None:
                return True
            if self.differs(kind, self.settings.certain):
                return False
        return False

    def one_image(self) -> bool:
        """The two look alike and no key speaks against it.

        One approval number with two amounts is no copy of an image, however alike: one of the
        two may have been altered.
        """
        return self.alike() and not any(
            self.differs(kind, self.settings.likely) for kind in DECIDING
        )

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

    # ── single values ────────────────────────────────────────────────────────────────────────

    def is_altered(self) -> bool:
        """One value differs, surely read, on what is one receipt in everything else."""
        altered = self.altered()
        if not altered:
            return False
        if self.agree("approval_number") and self.agree("business_number"):
            return True
        if self.alike() and not (self.new.flat or self.old.flat):
            return True
        return len(altered) == 1 and self.same_but(altered[0])

    def altered(self) -> tuple[str, ...]:
        """The alterable values that surely differ."""
        return tuple(name for name in ALTERABLE if self.disagree(name))

    def same_but(self, altered: str) -> bool:
        """All other telling values that both have agree, to the second, and so does the text."""
        others = [name for name in TELLING if name != altered]
        return (
            self.agree("second")
            and self.agree("business_number")
            and not any(self.disagree(name) for name in others)
            and sum(self.agree(name) for name in others) >= 3
            and self.text_apart() <= 1 - self.settings.text
        )

    def agree(self, name: str) -> bool:
        """Both have the value, and it is the same."""
        pair = self._pair(name)
        return pair is not None and pair[0].value == pair[1].value

    def disagree(self, name: str) -> bool:
        """Both have the value, surely read, and it isn't the same."""
        pair = self._pair(name)
        if pair is None or pair[0].value == pair[1].value:
            return False
        return min(pair[0].confidence, pair[1].confidence) >= self.settings.certain

    def _pair(self, name: str) -> tuple[Trait, Trait] | None:
        new, old = self.new.fields.get(name), self.old.fields.get(name)
        return None if new is None or old is None else (new, old)

    # ── text ─────────────────────────────────────────────────────────────────────────────────

    def same_text(self) -> bool:
        """The two say the same numbers, rare ones among them, and nothing surely differs."""
        return (
            len(self.new.serials & self.old.serials) >= self.settings.serials
            and self.text_apart() <= 1 - self.settings.text
            and not any(self.disagree(name) for name in TELLING)
        )

    def text_apart(self) -> float:
        """Share of the shorter one's numbers that the other lacks; 1 where that isn't known."""
        shorter = min(len(self.new.numbers), len(self.old.numbers))
        if self.new.text_version != self.old.text_version or not shorter:
            return 1.0
        return 1 - len(self.new.numbers & self.old.numbers) / shorter

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

    # ── what is told ─────────────────────────────────────────────────────────────────────────

    def agrees(self, relation: Relation) -> tuple[str, ...]:
        """The names of what the two share; for an altered copy, its values too."""
        shown = {
            "file": self.new.file == self.old.file,
            "pixels": self.new.pixels == self.old.pixels,
            "look": self.alike(),
            "text": self.same_text(),
        }
        keys = tuple(kind.value for kind in DECIDING if self.doubt(kind) is not None)
        copied = relation is Relation.ALTERED_COPY
        values = tuple(name for name in COPIED if copied and self.agree(name))
        return (*(name for name, shared in shown.items() if shared), *keys, *values)

    def differing(self, relation: Relation) -> tuple[str, ...]:
        """The names of what both have and what isn't the same; for an altered copy, its values."""
        if relation is Relation.ALTERED_COPY:
            return self.altered()
        return tuple(kind.value for kind in DECIDING if self.differs(kind))

    def distances(self) -> dict[str, float]:
        """How far the two are apart."""
        doubts = {kind.value: self.doubt(kind) for kind in DECIDING}
        known = {name: round(doubt, 3) for name, doubt in doubts.items() if doubt is not None}
        both = self.new.numbers and self.old.numbers
        text = {"text": round(self.text_apart(), 3)} if both else {}
        return {**self.bits_apart(), **text, **known}


def _hamming(new: bytes, old: bytes) -> int:
    return (int.from_bytes(new) ^ int.from_bytes(old)).bit_count()
