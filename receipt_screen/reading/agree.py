"""Two readings of a line become one, with what they agree on.

`korean` reads Hangul and ASCII, `latin` reads ASCII better and no Hangul. The Hangul of a
line comes from the first; what stands between two pieces of Hangul is read by both, matched
by its place in the strip, and where they differ about digits the second is believed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from receipt_screen.reading.recogniser import Glyph, Glyphs, text_of

DOUBT = 0.6
"""What a character's confidence is multiplied by when the other reading differs."""
SURE = 0.9
"""A confidence at which one reading alone may add digits the other doesn't have."""
UNSURE = 0.6
"""A confidence below which Hangul may turn out to be digits."""

NUMERIC = frozenset("0123456789,.-")
LATIN_TRUST = 1.2
"""How much more the second reader's confidence in a digit counts."""
ZERO_TRUST = 0.8
"""… where we see a 0 and it sees a digit that a slashed zero looks like."""
SLASHED_ZERO = frozenset("8936")
ADDED = 0.6
"""How sure the second reader must be of a character that we don't see."""
KEPT = 0.9
"""How sure we must be of a character that the second reader doesn't see."""


@dataclass(frozen=True)
class Gap:
    """What stands between two neighbouring pieces of Hangul, and where."""

    start: float
    end: float
    glyphs: Glyphs


def agree(korean: Glyphs, latin: Glyphs) -> Glyphs:
    """One reading of a line from two, each character with its confidence."""
    ascii_latin = tuple(
        glyph for glyph in (_plain(glyph) for glyph in latin) if glyph.text.isascii()
    )
    korean = tuple(glyph for glyph in korean if not _is_digit_in_disguise(glyph, ascii_latin))
    merged: list[Glyph] = []
    for part in _split(korean):
        if isinstance(part, Gap):
            merged.extend(_settle(part, ascii_latin))
        else:
            merged.append(part)
    return tuple(merged)


def _plain(glyph: Glyph) -> Glyph:
    """Full-width signs, as a Chinese reader likes them, in their ASCII form."""
    text = unicodedata.normalize("NFKC", glyph.text)
    return glyph if text == glyph.text else replace(glyph, text=text)


def _is_digit_in_disguise(glyph: Glyph, latin: Glyphs) -> bool:
    if glyph.text.isascii() or glyph.confidence >= UNSURE:
        return False
    return any(
        other.text.isdigit() and other.confidence >= SURE and abs(other.place - glyph.place) < 0.01
        for other in latin
    )


def _split(korean: Glyphs) -> list[Gap | Glyph]:
    parts: list[Gap | Glyph] = []
    start, run = -1.0, list[Glyph]()
    for glyph in korean:
        if glyph.text.isascii():
            run.append(glyph)
            continue
        first = run[-1].place if run else start
        end = (first + glyph.place) / 2 if first >= 0 else glyph.place
        parts.extend((_gap(start, end, run), glyph))
        start, run = glyph.place, []
    parts.append(_gap(start, 2.0, run))
    return parts


def _gap(start: float, end: float, run: list[Glyph]) -> Gap:
    if run and start >= 0:
        start = (start + run[0].place) / 2
    return Gap(start, end, tuple(run))


def _settle(gap: Gap, latin: Glyphs) -> Glyphs:
    """The better reading of a gap."""
    ours = gap.glyphs
    theirs = tuple(glyph for glyph in latin if gap.start < glyph.place < gap.end)
    ours_text, theirs_text = _inked(ours), _inked(theirs)
    if not theirs_text:
        return ours
    if ours_text == theirs_text:
        return _confirm(ours, theirs)
    if not ours_text:
        return theirs if _is_sure_number(theirs) else ours
    if not _digits(ours) and not _digits(theirs):
        return theirs if _mean(theirs) > _mean(ours) else ours
    return _vote(ours, theirs, gap)


def _inked(glyphs: Glyphs) -> str:
    return text_of(glyphs).replace(" ", "")


def _digits(glyphs: Glyphs) -> int:
    return sum(glyph.text.isdigit() for glyph in glyphs)


def _mean(glyphs: Glyphs) -> float:
    return sum(glyph.confidence for glyph in glyphs) / len(glyphs)


def _is_sure_number(glyphs: Glyphs) -> bool:
    return _digits(glyphs) >= 2 and _mean(glyphs) >= SURE


def _confirm(ours: Glyphs, theirs: Glyphs) -> Glyphs:
    """Two independent readings say the same: both would have to be wrong."""
    others = iter(glyph for glyph in theirs if glyph.text != " ")
    return tuple(
        glyph
        if glyph.text == " "
        else replace(glyph, confidence=_both(glyph.confidence, next(others).confidence))
        for glyph in ours
    )


def _both(one: float, other: float) -> float:
    return 1 - (1 - one) * (1 - other)


def _vote(ours: Glyphs, theirs: Glyphs, gap: Gap) -> Glyphs:
    """The better character at every place of two aligned readings.

    What stands before our number stays ours: the second reader's strip is cut there,
    and half a letter looks like a digit. Only where the line begins with the number may the
    second reader put digits before it.
    """
    first = next((index for index, glyph in enumerate(ours) if glyph.text in NUMERIC), len(ours))
    begins = gap.start < 0 and first == 0
    voted: list[Glyph] = []
    for block in Levenshtein.opcodes(text_of(ours), text_of(theirs)):
        mine = ours[block.src_start : block.src_end]
        other = theirs[block.dest_start : block.dest_end]
        before = block.src_start < first or (block.src_start == first and not begins)
        if block.tag == "equal":
            voted.extend(_confirm(mine, other))
        elif block.tag == "insert":
            voted.extend(() if before and block.src_start <= first else _doubted(other, ADDED))
        elif block.tag == "delete":
            voted.extend(_doubted(mine, KEPT) if not before else mine)
        else:
            voted.extend(mine if before else map(_better, mine, other))
    return tuple(voted)


def _doubted(glyphs: Glyphs, least: float) -> Glyphs:
    """What only one reader saw, where it is sure enough."""
    return tuple(
        replace(glyph, confidence=glyph.confidence * DOUBT)
        for glyph in glyphs
        if glyph.confidence >= least
    )


def _better(mine: Glyph, other: Glyph) -> Glyph:
    """The likelier of two characters at one place; the other one is its runner-up.

    The second reader is better at digits, but takes the slashed zeros of receipt printers
    for 8, 9, 3 or 6.
    """
    slashed = mine.text == "0" and other.text in SLASHED_ZERO
    trust = ZERO_TRUST if slashed else LATIN_TRUST
    theirs_is_likelier = other.confidence * trust > mine.confidence
    first, second = (other, mine) if theirs_is_likelier else (mine, other)
    return replace(first, confidence=first.confidence * DOUBT, runner_up=second.text)
