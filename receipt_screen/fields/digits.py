"""Digits, and letters where a reader saw letters instead of them."""

from __future__ import annotations

import re

DIGIT = "[0-9OoQIl]"
"""One digit, as a pattern; 0 and 1 are read as letters."""
LOOK_ALIKES = str.maketrans("OoQIl", "00011")
"""From those letters to the digits."""
LIKE_A_DATE = re.compile(r"20[0-4]\d[01]\d[0-3]\d(\d{4,6})?")
"""Digits that begin like a date: an order number or a time stamp."""


def digits_of(text: str) -> str:
    """The digits of a text, the rest dropped."""
    return "".join(character for character in text if character.isdecimal())
