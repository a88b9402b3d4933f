"""What two receipts are compared by. Values are only tested for equality: HMACs will do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from receipt_screen.records import Fingerprints, KeyKind, Relation

Value = bytes | str
"""An HMAC of 32 or fewer bytes, or the text itself; two sides of a comparison have the same."""
Token = int | str


@dataclass(frozen=True)
class Trait:
    """A value and the probability that it was read right."""

    value: Value = field(repr=False)
    confidence: float


@dataclass(frozen=True)
class KeyTrait(Trait):
    """A transaction key."""

    kind: KeyKind


@dataclass(frozen=True)
class Traits:
    """A photo as far as it can be compared with another."""

    version: int
    """Of the looks."""
    file: Value
    pixels: Value
    look: bytes | None = None
    paper: bytes | None = None
    turned: tuple[bytes, ...] = ()
    """The look of the photo turned; empty for what was remembered."""
    flat: bool = True
    keys: tuple[KeyTrait, ...] = ()
    fields: Mapping[str, Trait] = field(default_factory=dict)
    text_version: int = 1
    numbers: frozenset[Token] = field(default=frozenset(), repr=False)
    serials: frozenset[Token] = field(default=frozenset(), repr=False)
    words: frozenset[Token] = field(default=frozenset(), repr=False)

    def values(self) -> frozenset[Value]:
        """Of the transaction keys."""
        return frozenset(key.value for key in self.keys)

    def of_kind(self, kind: KeyKind) -> dict[Value, float]:
        """The keys of one kind with their confidence; two where a photo was read twice."""
        return {key.value: key.confidence for key in self.keys if key.kind is kind}


@dataclass(frozen=True)
class Kinship:
    """What an earlier photo is to a later one."""

    relation: Relation
    probability: float
    """That the two show one purchase, altered or not."""
    agrees: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    distance: Mapping[str, float] = field(default_factory=dict)


def in_the_clear(prints: Fingerprints) -> Traits:
    """The traits of a photo that is at hand."""
    text = prints.text
    return Traits(
        version=prints.version,
        file=prints.file,
        pixels=prints.pixels,
        look=bits(prints.look),
        paper=bits(prints.paper),
        turned=tuple(bytes.fromhex(look) for look in prints.turned),
        flat=prints.flat,
        keys=tuple(KeyTrait(key.value, key.confidence, key.kind) for key in prints.keys),
        fields={each.name: Trait(each.value, each.confidence) for each in prints.fields},
        text_version=text.version,
        numbers=frozenset(text.numbers),
        serials=frozenset(text.serials),
        words=frozenset(text.words),
    )


def bits(hexadecimal: str | None) -> bytes | None:
    """A hash as bytes."""
    return None if hexadecimal is None else bytes.fromhex(hexadecimal)
