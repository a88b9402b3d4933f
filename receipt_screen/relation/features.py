"""Two photos' traits, and what was seen of their pictures → the numbers that decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from receipt_screen.records import KeyKind
from receipt_screen.relation.comparison import Comparison

VALUES = ("amount", "date", "minute", "second", "approval_number", "card", "business_number")
"""The values whose agreement and disagreement count, each by itself."""
FEW = 3
"""Numbers of which a share says as much as a half of twice as many."""
MANY_SERIALS = 4
MANY_INLIERS = 40
MANY_PLACES = 12
FAR = 96
"""Bits from which on looks are simply different; unrelated ones are about 128 apart."""


@dataclass(frozen=True)
class Seen:
    """What laying two pictures on each other gave."""

    support: float = 0.0
    """Share of the matching features that one plane map explains."""
    inliers: int = 0
    """How many they are."""
    fit: float = 0.0
    """Median correlation of print once aligned."""
    changed: float = 0.0
    """Share of the print that shows something else."""
    places: int = 0
    """In how many places."""
    elsewhere: float = 0.0
    """Share that shows something else of what is on no line that was read."""
    bent: bool = False
    """No plane map lays them on each other, but all print is the same on the bent paper."""
    nearly: bool = False
    """The same but for a few numbers that one of the two doesn't show well enough to say."""
    contradicted: bool = False
    """On the bent paper stand other numbers."""
    doubtful: int = 0
    """In how many places of the bent paper a number looks different and wasn't read alike."""
    otherwise: int | None = None
    """In place of how many numbers another one was surely read; None where lines weren't laid side
    by side."""
    alike: int = 0
    """How many numbers, the shop's apart, were surely read alike."""
    own: bool = False
    """One of them is the paper's own, no sum and no day."""


def lies(prints: Comparison, seen: Seen) -> bool:
    """One picture lies on the other: copies do, a paper photographed again does once it is bent,
    and so do flat e-receipts of one template."""
    settings = prints.settings
    unchanged = seen.places == 0 and seen.elsewhere <= settings.unchanged
    return seen.bent or (
        not _differs_elsewhere(prints, seen)
        and seen.support >= (settings.support_unchanged if unchanged else settings.support)
        and seen.inliers >= settings.inliers
        and seen.fit >= settings.fit
    )


def _differs_elsewhere(prints: Comparison, seen: Seen) -> bool:
    """What wasn't read isn't the same. A background may be another one, but not behind a copy
    that was altered: two slips of one shop may lie flat on two tables."""
    counts = _are_flat(prints) or seen.places > 0
    return counts and seen.elsewhere > prints.settings.elsewhere


def _are_flat(prints: Comparison) -> bool:
    return prints.new.flat and prints.old.flat


def features(prints: Comparison, seen: Seen | None) -> dict[str, float]:
    """The numbers by name, each about 0 … 1; those of the pictures only where they were seen."""
    named = dict(_of_values(prints))
    named |= dict(_of_text(prints))
    named |= dict(_of_looks(prints))
    if seen is not None:
        named |= dict(_of_pictures(prints, seen))
    return named


def _of_values(prints: Comparison) -> Iterator[tuple[str, float]]:
    for name in VALUES:
        yield f"{name} agrees", prints.agreement(name)
        yield f"{name} differs", prints.disagreement(name)
    doubt = prints.doubt(KeyKind.BARCODE)
    yield "barcode agrees", 0.0 if doubt is None else 1 - doubt
    yield "barcode differs", float(prints.differs(KeyKind.BARCODE))


def _of_text(prints: Comparison) -> Iterator[tuple[str, float]]:
    new, old = prints.new, prints.old
    shorter = min(len(new.numbers), len(old.numbers))
    yield "numbers shared", (1 - prints.text_apart()) * shorter / (shorter + FEW)
    yield "serials shared", min(len(new.serials & old.serials), MANY_SERIALS) / MANY_SERIALS
    shorter = min(len(new.words), len(old.words))
    yield "words shared", len(new.words & old.words) / shorter if shorter else 0.0


def _of_looks(prints: Comparison) -> Iterator[tuple[str, float]]:
    apart = min(prints.bits_apart().values(), default=FAR)
    near = 1 - min(apart, FAR) / FAR
    flat = prints.new.flat or prints.old.flat
    yield "looks near", near
    yield "looks near on a background", 0.0 if flat else near


def _of_pictures(prints: Comparison, seen: Seen) -> Iterator[tuple[str, float]]:
    strength = 1.0 if seen.bent else min(seen.inliers, MANY_INLIERS) / MANY_INLIERS
    if _differs_elsewhere(prints, seen):
        strength = 0.0
    laid = strength * max(0.0, seen.support - 0.5) * 2 * max(0.0, seen.fit - 0.5) * 2
    yield "pictures aligned", strength * seen.support
    yield "pictures laid", laid
    yield "pictures one", laid**4
    unchanged = float(lies(prints, seen) and seen.places == 0)
    yield "unchanged", unchanged
    yield "unchanged on a background", 0.0 if _are_flat(prints) else unchanged
    yield "print changed", laid * min(1.0, 10 * seen.changed)
    yield "places changed", laid * min(seen.places, MANY_PLACES) / MANY_PLACES
