"""Photo, paper, page, fields → Fingerprints: what an upload can be recognised by.

Each kind of print has its version beside its algorithm: prints of two versions are never
compared, and a registry holds them for months.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from receipt_screen.prints.keys import field_prints, transaction_keys
from receipt_screen.prints.looks import VERSION, hash_look, hash_pixels, shrink, trim_bars
from receipt_screen.prints.text import print_text
from receipt_screen.records import Fields, Fingerprints, Page, Paper, Photo

__all__ = [
    "VERSION",
    "field_prints",
    "hash_look",
    "hash_pixels",
    "print_text",
    "shrink",
    "take_prints",
    "transaction_keys",
    "trim_bars",
]


def take_prints(
    photo: Photo, paper: Paper, page: Page, fields: Fields, codes: Sequence[str] = ()
) -> Fingerprints:
    """The fingerprints of one photo.

    `page.turn` says how the paper stands upright; `codes` are what bar codes hold. `look`
    and `paper` are None where the image is blank; a transaction key is missing where one of its
    fields is.
    """
    content = trim_bars(shrink(photo.pixels))
    look = hash_look(content)
    upright = np.ascontiguousarray(np.rot90(paper.pixels, page.turn))
    return Fingerprints(
        version=VERSION,
        file=photo.facts.sha256,
        pixels=hash_pixels(photo.pixels),
        look=look,
        turned=() if look is None else tuple(_turned(content)),
        paper=hash_look(shrink(upright)),
        flat=paper.facts.flat,
        keys=transaction_keys(fields, codes),
        fields=field_prints(fields),
        text=print_text(page.lines, fields),
    )


def _turned(content: np.ndarray) -> list[str]:
    """The looks of an image turned by one, two and three quarters."""
    looks = (hash_look(np.ascontiguousarray(np.rot90(content, turn))) for turn in (1, 2, 3))
    return [look for look in looks if look is not None]
