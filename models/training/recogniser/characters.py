"""The characters that the recogniser tells apart: what a Korean receipt printer can print."""

from __future__ import annotations

ASCII = tuple(chr(code) for code in range(0x20, 0x7F))
SIGNS = tuple("₩※★☆▶◀■□●○◆◇▲▼△▽→←㈜№℡☎·…“”‘’「」【】《》〈〉×÷±℃㎏㎖㎝㎡°")


def _ks_hangul() -> tuple[str, ...]:
    """The 2,350 syllables of KS X 1001, in its order."""
    codes = (bytes([row, cell]) for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF))
    return tuple(code.decode("euc-kr") for code in codes)


HANGUL = _ks_hangul()
CHARACTERS = ASCII + SIGNS + HANGUL
INDEX = {character: number for number, character in enumerate(CHARACTERS, start=1)}
"""A character's class; 0 is CTC's blank."""


def jamo(syllable: str) -> tuple[int, int, int]:
    """The numbers of a syllable's initial (19), vowel (21) and final (28, 0 for none)."""
    code = ord(syllable) - 0xAC00
    return code // 588, code % 588 // 28, code % 28
