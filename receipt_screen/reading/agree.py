"""Two readings of a line become one, with what they agree on.

`korean` reads Hangul and ASCII, `latin` reads ASCII better and no Hangul. The Hangul of a
line comes from the first; what stands between two pieces of Hangul is read by both, matched
by its place in the strip, and where they differ about digits the second is believed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from receipt_screen.reading.recogniser import Glyph, Glyphs, text_of

DOUBT = 0.6
"""What a character's confidence is multiplied by when the other reading differs."""
SURE = 0.9
"""A confidence at which one reading alone may add digits the other doesn't have."""
UNSURE = 0.6
"""A confidence below which Hangul may turn out to be digits."""


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
    return glyph if text == glyph.text else Glyph(text, glyph.confidence, glyph.place)


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
    latin_wins = _prefer_latin(ours, theirs) and not _lost_some(gap, theirs)
    chosen, other = (theirs, ours) if latin_wins else (ours, theirs)
    return _weigh(chosen, other)


def _inked(glyphs: Glyphs) -> str:
    return text_of(glyphs).replace(" ", "")


def _digits(glyphs: Glyphs) -> int:
    return sum(glyph.text.isdigit() for glyph in glyphs)


def _mean(glyphs: Glyphs) -> float:
    return sum(glyph.confidence for glyph in glyphs) / len(glyphs)


def _is_sure_number(glyphs: Glyphs) -> bool:
    return _digits(glyphs) >= 2 and _mean(glyphs) >= SURE


def _prefer_latin(ours: Glyphs, theirs: Glyphs) -> bool:
    if _digits(ours) or _digits(theirs):
        return _digits(theirs) > 0 and _mean(theirs) >= UNSURE
    return _mean(theirs) > _mean(ours)


def _lost_some(gap: Gap, theirs: Glyphs) -> bool:
    """Beside Hangul the second reader drops digits; what it kept then agrees with ours."""
    beside_hangul = gap.start >= 0 or gap.end <= 1
    return beside_hangul and _mean(gap.glyphs) >= SURE and _is_part(_inked(theirs), gap.glyphs)


def _is_part(short: str, glyphs: Glyphs) -> bool:
    rest = iter(_inked(glyphs))
    return len(short) < len(_inked(glyphs)) and all(sign in rest for sign in short)


def _confirm(ours: Glyphs, theirs: Glyphs) -> Glyphs:
    """Two independent readings say the same: both would have to be wrong."""
    others = iter(glyph for glyph in theirs if glyph.text != " ")
    return tuple(
        glyph
        if glyph.text == " "
        else Glyph(glyph.text, _both(glyph.confidence, next(others).confidence), glyph.place)
        for glyph in ours
    )


def _both(one: float, other: float) -> float:
    return 1 - (1 - one) * (1 - other)


def _weigh(chosen: Glyphs, other: Glyphs) -> Glyphs:
    """The chosen reading, surer where the other has the same character, doubted elsewhere."""
    blocks = Indel.opcodes(text_of(chosen), text_of(other))
    same = {
        block.src_start + step: block.dest_start + step
        for block in blocks
        if block.tag == "equal"
        for step in range(block.src_end - block.src_start)
    }
    return tuple(
        Glyph(
            glyph.text,
            _both(glyph.confidence, other[same[index]].confidence)
            if index in same
            else glyph.confidence * DOUBT,
            glyph.place,
        )
        for index, glyph in enumerate(chosen)
    )
