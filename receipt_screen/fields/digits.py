"""Digits, and letters where a reader saw letters instead of them."""

from __future__ import annotations

DIGIT = "[0-9OoQIl]"
"""One digit, as a pattern; 0 and 1 are read as letters."""
LOOK_ALIKES = str.maketrans("OoQIl", "00011")
"""From those letters to the digits."""


def digits_of(text: str) -> str:
    """The digits of a text, the rest dropped."""
    return "".join(character for character in text if character.isdecimal())
