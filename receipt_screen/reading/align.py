"""Two readings of a line side by side: each character as both readers see it.

`korean` reads Hangul and ASCII, `latin` ASCII only. The Hangul of a line comes from the first; what
stands between two pieces of Hangul is read by both, matched by its place in the strip and aligned
character by character.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from statistics import fmean

from rapidfuzz.distance import Levenshtein

from receipt_screen.odds import log_odds
from receipt_screen.reading.recogniser import Glyph, Glyphs, text_of

SURE = 0.9
"""A confidence at which the second reader alone may put digits where we see no ink."""
UNSURE = 0.6
"""A confidence below which Hangul may turn out to be digits."""

SPACE = " "
NUMERIC = frozenset("0123456789,.-")
SLASHED_ZERO = frozenset("8936")
"""What the slashed zeros of receipt printers are taken for."""


class Case(StrEnum):
    """How the readings meet at one character."""

    ALONE = "alone"
    """Only one reader counts here."""
    ALIKE = "alike"
    """Both see it, and the rest of the piece alike."""
    BESIDE = "beside"
    """Both see it, and differ elsewhere in the piece."""
    OUR_DIGIT = "our_digit"
    """Only we see it, as of the next one."""
    OUR_SIGN = "our_sign"
    THEIRS = "theirs"
    """Only the second reader sees it."""
    ZERO = "zero"
    """We see a 0 and the second reader what a slashed zero looks like."""
    DIGIT = "digit"
    """Two different digits."""
    DIGIT_SIGN = "digit_sign"
    """We see a digit, the second reader some other sign."""
    SIGN_DIGIT = "sign_digit"
    """The other way round."""
    SIGN = "sign"
    """Two different signs."""


@dataclass(frozen=True)
class Piece:
    """How well each reader reads what stands between two pieces of Hangul: the mean confidence."""

    ours: float
    theirs: float


@dataclass(frozen=True)
class Seen:
    """One character as the two readers see it; None where a reader sees nothing."""

    case: Case
    ours: Glyph | None
    theirs: Glyph | None = None
    piece: Piece | None = None

    def signals(self) -> tuple[float, ...]:
        """What its curve weighs: 1, in log-odds how sure each reader is of it and of the piece,
        and whether it may be a slashed zero, which fools both readers alike.
        """
        glyphs = (glyph.confidence if glyph else 0.5 for glyph in (self.ours, self.theirs))
        piece = (self.piece.ours, self.piece.theirs) if self.piece else (0.5, 0.5)
        seen = self.ours or self.theirs
        slashed = seen is not None and seen.text in SLASHED_ZERO
        return (1.0, *map(log_odds, (*glyphs, *piece)), float(slashed))


def align(korean: Glyphs, latin: Glyphs) -> Iterator[Seen]:
    """The characters of a line from left to right, as both readers see them."""
    plain = (_plain(glyph) for glyph in latin)
    ascii_latin = tuple(glyph for glyph in plain if glyph.text.isascii() and len(glyph.text) == 1)
    korean = tuple(glyph for glyph in korean if not _is_digit_in_disguise(glyph, ascii_latin))
    for part in _split(korean):
        yield from _compare(part, ascii_latin) if isinstance(part, Gap) else _alone((part,))


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


@dataclass(frozen=True)
class Gap:
    """What stands between two neighbouring pieces of Hangul, and where."""

    start: float
    end: float
    glyphs: Glyphs


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


def _compare(gap: Gap, latin: Glyphs) -> Iterator[Seen]:
    """What both readers see in a gap."""
    ours = gap.glyphs
    theirs = tuple(glyph for glyph in latin if gap.start < glyph.place < gap.end)
    ours_text, theirs_text = _inked(ours), _inked(theirs)
    if not theirs_text:
        return _alone(ours)
    piece = Piece(_mean(ours), _mean(theirs))
    if ours_text == theirs_text:
        return _alike(ours, theirs, piece)
    if not ours_text:
        return _theirs(theirs, piece) if _is_sure_number(theirs) else _alone(ours)
    if not _digits(ours) and not _digits(theirs):
        return _alone(theirs if piece.theirs > piece.ours else ours)
    return _aligned(ours, theirs, piece, begins=gap.start < 0)


def _inked(glyphs: Glyphs) -> str:
    return text_of(glyphs).replace(SPACE, "")


def _digits(glyphs: Glyphs) -> int:
    return sum(glyph.text.isdigit() for glyph in glyphs)


def _mean(glyphs: Glyphs) -> float:
    return fmean(glyph.confidence for glyph in glyphs) if glyphs else 0.5


def _is_sure_number(glyphs: Glyphs) -> bool:
    return _digits(glyphs) >= 2 and _mean(glyphs) >= SURE


def _alone(glyphs: Glyphs) -> Iterator[Seen]:
    return (Seen(Case.ALONE, glyph) for glyph in glyphs)


def _theirs(glyphs: Glyphs, piece: Piece) -> Iterator[Seen]:
    return (Seen(Case.THEIRS, None, glyph, piece) for glyph in glyphs)


def _alike(ours: Glyphs, theirs: Glyphs, piece: Piece) -> Iterator[Seen]:
    """The same characters; spaces are ours."""
    others = iter(glyph for glyph in theirs if glyph.text != SPACE)
    for glyph in ours:
        if glyph.text == SPACE:
            yield Seen(Case.ALONE, glyph)
        else:
            yield Seen(Case.ALIKE, glyph, next(others), piece)


@dataclass(frozen=True)
class Inked:
    """A character that is no space, and the space before it."""

    glyph: Glyph
    space: Glyph | None


def _parted(glyphs: Glyphs) -> list[Inked]:
    return [
        Inked(glyph, before if before and before.text == SPACE else None)
        for before, glyph in zip((None, *glyphs), glyphs, strict=False)
        if glyph.text != SPACE
    ]


def _aligned(ours: Glyphs, theirs: Glyphs, piece: Piece, *, begins: bool) -> Iterator[Seen]:
    """Two different readings, character by character; spaces are put back afterwards.

    What stands before our number stays ours: the second reader's strip is cut there,
    and half a letter looks like a digit. Only where the line begins with the number may the
    second reader put digits before it.
    """
    mine, others = _parted(ours), _parted(theirs)
    first = next((at for at, each in enumerate(mine) if each.glyph.text in NUMERIC), len(mine))
    is_first = begins and first == 0
    for block in Levenshtein.opcodes(_inked(ours), _inked(theirs)):
        left = mine[block.src_start : block.src_end]
        right = others[block.dest_start : block.dest_end]
        if block.tag == "insert" and block.src_start < len(mine):
            _move_space(right, mine, block.src_start)
        before = block.src_start < first or (block.src_start == first and not is_first)
        if before and block.tag != "equal":
            yield from (seen for each in left for seen in _placed(each, None, None))
        else:
            for one, other in zip_longest(left, right):
                yield from _placed(one, other, piece)
    if ours[-1].text == SPACE:
        yield Seen(Case.ALONE, ours[-1])


def _move_space(inserted: list[Inked], mine: list[Inked], following: int) -> None:
    """Puts our space before those of their characters that stand behind it in the strip."""
    space = mine[following].space
    for at, each in enumerate(inserted):
        if space is not None and each.glyph.place > space.place:
            inserted[at] = replace(each, space=space)
            mine[following] = replace(mine[following], space=None)
            return


def _placed(ours: Inked | None, theirs: Inked | None, piece: Piece | None) -> Iterator[Seen]:
    """A character, ours alone without a piece, and the space that some reader sees before it."""
    space = next((each.space for each in (ours, theirs) if each and each.space), None)
    if space is not None:
        yield Seen(Case.ALONE, space)
    one, other = (each.glyph if each else None for each in (ours, theirs))
    yield Seen(_case(one, other) if piece else Case.ALONE, one, other, piece)


def _case(ours: Glyph | None, theirs: Glyph | None) -> Case:
    if ours is None:
        return Case.THEIRS
    if theirs is None:
        return Case.OUR_DIGIT if ours.text.isdigit() else Case.OUR_SIGN
    if ours.text == theirs.text:
        return Case.BESIDE
    if ours.text == "0" and theirs.text in SLASHED_ZERO:
        return Case.ZERO
    return DIFFERENCES[ours.text.isdigit(), theirs.text.isdigit()]


DIFFERENCES = {
    (True, True): Case.DIGIT,
    (True, False): Case.DIGIT_SIGN,
    (False, True): Case.SIGN_DIGIT,
    (False, False): Case.SIGN,
}
"""By whether we and the second reader see a digit."""
