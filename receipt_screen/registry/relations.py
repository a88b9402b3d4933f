"""What an earlier photo is to a new one, as far as their prints can say.

- Perceptual hashes can't tell flat e-receipts of one shop apart. So a transaction key that both
  sides have, surely read and different, overrules any likeness.
- An approval number is given once: it decides before the minute, and the minute before the card.
- Two friends who prepay the same sum at one till within a minute have two approval numbers and
  are no duplicate. Where one of the two is unread, only the minute speaks, and the match says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from receipt_screen.records import KeyKind, Match, Relation


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
    templates: int = 5
    """How many receipts of the same template are named; a busy shop has hundreds."""


@dataclass(frozen=True)
class KeyedTransaction:
    """A transaction key as it is stored."""

    kind: KeyKind
    digest: bytes
    confidence: float


@dataclass(frozen=True)
class KeyedPrints:
    """Fingerprints as they are stored: HMACs of what could be guessed, 32 bytes each."""

    version: int
    file: bytes
    pixels: bytes
    look: bytes | None
    paper: bytes | None
    keys: tuple[KeyedTransaction, ...]

    def digests(self) -> frozenset[bytes]:
        """Of the transaction keys."""
        return frozenset(key.digest for key in self.keys)

    def of_kind(self, kind: KeyKind) -> dict[bytes, float]:
        """The digests of one kind with their confidence; two where a photo was read twice."""
        return {key.digest: key.confidence for key in self.keys if key.kind is kind}


@dataclass(frozen=True)
class Entry:
    """A remembered photo. Its number rises in the order of remembering."""

    number: int
    submission: str
    prints: KeyedPrints


DECIDING = (KeyKind.APPROVAL, KeyKind.MINUTE, KeyKind.CARD)
"""The most telling first."""
STRENGTH = (
    Relation.SAME_FILE,
    Relation.SAME_IMAGE,
    Relation.SAME_RECEIPT,
    Relation.ALTERED_COPY,
    Relation.SAME_TEMPLATE,
)


# ── two photos ───────────────────────────────────────────────────────────────────────────────


def relate(new: KeyedPrints, old: Entry, settings: RelationSettings) -> Match | None:
    """What an earlier photo is to a new one; None where they are unrelated.

    `distance` holds `look` and `paper` in bits of 256 and, for each key that agrees, the
    probability that it was misread on either side.
    """
    comparison = _Comparison(new, old.prints, settings)
    relation = comparison.relation()
    if relation is None:
        return None
    return Match(
        submission=old.submission,
        relation=relation,
        agrees=comparison.agrees(),
        differs=tuple(kind.value for kind in DECIDING if comparison.differs(kind)),
        distance=comparison.distances(),
    )


@dataclass(frozen=True)
class _Comparison:
    new: KeyedPrints
    old: KeyedPrints
    settings: RelationSettings

    def relation(self) -> Relation | None:
        if self.new.file == self.old.file:
            return Relation.SAME_FILE
        if self.new.pixels == self.old.pixels or self.one_image():
            return Relation.SAME_IMAGE
        if self.same_transaction():
            return Relation.SAME_RECEIPT
        return Relation.SAME_TEMPLATE if self.alike() else None

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
            1 - new[digest] * old[digest]
            for digest in new.keys() & old.keys()
            if min(new[digest], old[digest]) >= self.settings.agreed
        ]
        return min(shared, default=None)

    def differs(self, kind: KeyKind, least: float = 0) -> bool:
        """Both sides have a key of the kind, each at least so certain, and none in common."""
        new, old = self.new.of_kind(kind), self.old.of_kind(kind)
        if not new or not old or new.keys() & old.keys():
            return False
        return max(new.values()) >= least and max(old.values()) >= least

    def alike(self) -> bool:
        """The photos or the papers on them look the same.

        Either will do: the photo's hash bears bars that were added, the paper's hash bears
        what JPEG does to the edge that the photo was trimmed to.
        """
        return any(bits <= self.settings.look for bits in self.bits_apart().values())

    def bits_apart(self) -> dict[str, int]:
        """How far the looks and the papers are apart, as far as both sides have them."""
        if self.new.version != self.old.version:
            return {}
        pairs = {
            "look": (self.new.look, self.old.look),
            "paper": (self.new.paper, self.old.paper),
        }
        return {name: _hamming(new, old) for name, (new, old) in pairs.items() if new and old}

    def agrees(self) -> tuple[str, ...]:
        shown = {
            "file": self.new.file == self.old.file,
            "pixels": self.new.pixels == self.old.pixels,
            "look": self.alike(),
        }
        keys = tuple(kind.value for kind in DECIDING if self.doubt(kind) is not None)
        return (*(name for name, shared in shown.items() if shared), *keys)

    def distances(self) -> dict[str, float]:
        doubts = {kind.value: self.doubt(kind) for kind in DECIDING}
        known = {name: round(doubt, 3) for name, doubt in doubts.items() if doubt is not None}
        return {**self.bits_apart(), **known}


def _hamming(new: bytes, old: bytes) -> int:
    return (int.from_bytes(new) ^ int.from_bytes(old)).bit_count()


# ── one photo and all that might be related ──────────────────────────────────────────────────


def earlier_matches(
    new: KeyedPrints, entries: Iterable[Entry], submission: str, settings: RelationSettings
) -> tuple[Match, ...]:
    """The strongest match with each submission remembered before, the strongest first.

    A submission that comes again keeps its place: what was remembered after its own first
    photo of this receipt doesn't count as earlier.
    """
    ordered = sorted(entries, key=lambda entry: entry.number)
    related = [(entry.number, relate(new, entry, settings)) for entry in ordered]
    matches = [(number, match) for number, match in related if match is not None]
    own = min((number for number, match in matches if _is_own(match, submission)), default=inf)
    others = [match for number, match in matches if number < own and match.submission != submission]
    return _without_most_templates(_strongest_each(others), settings.templates)


def _is_own(match: Match, submission: str) -> bool:
    return match.submission == submission and match.relation is not Relation.SAME_TEMPLATE


def _strongest_each(matches: list[Match]) -> list[Match]:
    """One match for each submission; of equals the one remembered first stands first."""
    ranked = sorted(matches, key=_rank)
    strongest: dict[str, Match] = {}
    for match in ranked:
        strongest.setdefault(match.submission, match)
    return list(strongest.values())


def _rank(match: Match) -> tuple[int, int, float]:
    nearest = min(match.distance.get(name, inf) for name in ("look", "paper"))
    return STRENGTH.index(match.relation), -len(match.agrees), nearest


def _without_most_templates(matches: list[Match], most: int) -> tuple[Match, ...]:
    templates = [match for match in matches if match.relation is Relation.SAME_TEMPLATE]
    return tuple(match for match in matches if match not in templates[most:])
