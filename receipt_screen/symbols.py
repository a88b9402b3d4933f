"""Paper → Symbols: bar codes and QR codes, decoded.

Tills print them to find the transaction again: a code holds the day, the till and the receipt's
number, sometimes the amount. What it holds is the uploader's text like any other on the paper.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from receipt_screen.geometry import Quad, Transform
from receipt_screen.records import Pixels, Symbol

Grey = npt.NDArray[np.uint8]

FORMATS: Final = "Code128,Code39,EAN13,ITF,QRCode"
"""What receipts carry. Every further format costs time on each photo."""
WORKING_SIZE = 2_500_000
"""Codes are looked for on a paper of about so many pixels: more costs time, and at less the narrow
bars of long receipts and of messenger-sized photos run together."""
MOST_ENLARGED = 2.0
MOST_SYMBOLS = 8
MOST_CHARACTERS = 1000
"""A longer text is nobody's transaction, and isn't carried along."""


def find_symbols(pixels: Pixels) -> tuple[Symbol, ...]:
    """The codes on a paper, from top to bottom; quads in its pixels.

    At most `MOST_SYMBOLS`, each with a text of printable signs. Codes in which the checksum
    is wrong are left out.
    """
    grey, to_paper = _at_working_size(pixels)
    codes = zxingcpp.read_barcodes(
        grey,
        formats=zxingcpp.barcode_formats_from_str(FORMATS),
        try_invert=False,
        try_downscale=False,
        text_mode=zxingcpp.TextMode.Escaped,
    )
    symbols = [_symbol(code, to_paper) for code in codes if _is_carried(code)]
    return tuple(sorted(symbols, key=lambda symbol: symbol.quad.box.top)[:MOST_SYMBOLS])


def _at_working_size(pixels: Pixels) -> tuple[Grey, Transform]:
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    factor = min(MOST_ENLARGED, sqrt(WORKING_SIZE / grey.size))
    height, width = (max(1, round(factor * side)) for side in grey.shape)
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    sized = cv2.resize(grey, (width, height), interpolation=how)
    return np.ascontiguousarray(sized, dtype=np.uint8), Transform.scaling(1 / factor)


def _is_carried(code: zxingcpp.Barcode) -> bool:
    return 0 < len(code.text) <= MOST_CHARACTERS


def _symbol(code: zxingcpp.Barcode, to_paper: Transform) -> Symbol:
    at = code.position
    corners = [at.top_left, at.top_right, at.bottom_right, at.bottom_left]
    quad = Quad.from_array([(corner.x, corner.y) for corner in corners])
    name = code.format.name.lower()
    return Symbol(format=name, text=_printable(code.text), quad=to_paper.quad(quad))


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
