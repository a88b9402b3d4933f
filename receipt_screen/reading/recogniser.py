"""What a line says: CTC recognisers run on strips of lines.

Two networks read the same strips. `korean`: ours, trained on Korean receipts, Hangul and
ASCII, strips of height 32. `latin`: PP-OCRv6's recogniser from the rapidocr wheel, which
knows no Hangul but reads digits better, strips of height 48.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.reading.crops import Grey
from receipt_screen.reading.models import Slice, characters_of, open_model

Probabilities = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Glyph:
    """One character as a network saw it."""

    text: str
    confidence: float
    place: float
    """Where in the strip it stands, 0 at the left end, 1 at the right end."""
    runner_up: str = ""
    """The next likeliest character at this place; empty where nothing else is likely."""


Glyphs = tuple[Glyph, ...]


def text_of(glyphs: Glyphs) -> str:
    """The characters in a row."""
    return "".join(glyph.text for glyph in glyphs)


UNLIKELY = 0.002
"""A character less probable than this is no runner-up."""


@dataclass(frozen=True)
class RecogniserSettings:
    """How strips are handed to one network."""

    name: str
    model: str
    """Its name in `models/manifest.toml`."""
    height: int
    channels: int
    stretch: float = 1.0
    """Strips are widened by this, giving narrow characters more time steps."""
    batch_width: int = 2000
    """Strips are batched up to this many columns: more gains nothing and costs memory."""
    space_is_last: bool = False
    """The model's list of characters leaves out the space, which is the last class."""
    last_layer: tuple[str, str] | None = None
    """Names of the last layer's weights and bias, if only a part of its classes is wanted."""
    decoys: int = 1
    """Of the classes beyond ASCII every so many-th is kept, so that what is no ASCII still
    looks like something else."""


KOREAN = RecogniserSettings("korean", "recogniser", height=32, channels=1, stretch=1.2)
LATIN = RecogniserSettings(
    # Of 18,710 classes 18,600 are Chinese: leaving most out saves a quarter of the time.
    "latin",
    "ppocr_recogniser",
    height=48,
    channels=3,
    batch_width=1000,
    space_is_last=True,
    last_layer=("linear_8.w_0", "linear_8.b_0"),
    decoys=16,
)


class LineRecogniser:
    """Reads strips of lines with one network."""

    def __init__(self, settings: RecogniserSettings, threads: int = 1) -> None:
        self.settings = settings
        classes = ("", *characters_of(settings.model), *([" "] if settings.space_is_last else []))
        kept = kept_classes(classes, settings.decoys)
        self.characters = tuple(classes[index] for index in kept)
        layer = Slice(*settings.last_layer, keep=kept) if settings.last_layer else None
        self._model = open_model(settings.model, threads, layer)

    def recognise(self, strips: Sequence[Grey]) -> list[Glyphs]:
        """The glyphs of each strip, in the strips' order. Strips may have any height."""
        return self.open(strips).all()

    def open(self, strips: Sequence[Grey]) -> Strips:
        """Strips that are read when they are asked for."""
        return Strips(self, strips)

    def fit(self, strip: Grey) -> Grey:
        """A strip in the size in which the network sees it."""
        height = self.settings.height
        width = max(8, round(strip.shape[1] * height / strip.shape[0] * self.settings.stretch))
        if strip.shape[:2] == (height, width):
            return strip
        interpolation = cv2.INTER_AREA if strip.shape[0] > height else cv2.INTER_LINEAR
        return cv2.resize(strip, (width, height), interpolation=interpolation).astype(
            np.uint8, copy=False
        )

    def read_batch(self, strips: Sequence[Grey]) -> list[Glyphs]:
        """The glyphs of fitting strips, in one run of the network."""
        batch = self._batch(strips)
        scores = self._model.run(batch)
        return [
            self._decode(frames, strip.shape[1] / batch.shape[3])
            for frames, strip in zip(scores, strips, strict=True)
        ]

    def _batch(self, strips: Sequence[Grey]) -> Probabilities:
        width = -(-max(strip.shape[1] for strip in strips) // 16) * 16
        shape = (len(strips), self.settings.channels, self.settings.height, width)
        batch = np.empty(shape, np.float32)
        for row, strip in zip(batch, strips, strict=True):
            used = strip.shape[1]
            row[:, :, :used] = strip
            row[:, :, used:] = strip[:, -1].mean()
        batch *= 1 / 127.5
        batch -= 1.0
        return batch

    def _decode(self, frames: Probabilities, used: float) -> Glyphs:
        """CTC's best path: repeats folded, blanks dropped, each glyph at its surest frame."""
        classes, surest = frames.argmax(axis=1), frames.max(axis=1)
        last = min(len(classes), int(np.ceil(len(classes) * used)) + 1)
        starts = np.flatnonzero(np.diff(classes[:last], prepend=-1))
        ends = np.append(starts[1:], last)
        glyphs = []
        for start, end in zip(starts, ends, strict=True):
            text = self.characters[classes[start]]
            if not text:
                continue
            peak = start + int(surest[start:end].argmax())
            place = min(1.0, float((peak + 0.5) / (len(classes) * used)))
            runner_up = self._runner_up(frames[peak], int(classes[start]))
            glyphs.append(Glyph(text, float(min(1.0, surest[peak])), place, runner_up))
        return _strip_spaces(tuple(glyphs))

    def _runner_up(self, chances: Probabilities, first: int) -> str:
        """The likeliest character beside the first and the blank."""
        if chances[first] > 1 - UNLIKELY:
            return ""
        others = chances.copy()
        others[[0, first]] = 0.0
        second = int(others.argmax())
        return self.characters[second] if others[second] >= UNLIKELY else ""


class Strips:
    """The strips of a paper, read batch by batch when they are asked for.

    Asked for a few first and for all later, none is read twice, and all as if asked for at once.
    """

    def __init__(self, recogniser: LineRecogniser, strips: Sequence[Grey]) -> None:
        self._recogniser = recogniser
        self._fitted = [recogniser.fit(strip) for strip in strips]
        widths = [strip.shape[1] for strip in self._fitted]
        self._unread = list(batches(widths, recogniser.settings.batch_width))
        self._read: dict[int, Glyphs] = {}

    def all(self) -> list[Glyphs]:
        """The glyphs of each strip, in the strips' order."""
        return self.some(range(len(self._fitted)))

    def some(self, indices: Sequence[int]) -> list[Glyphs]:
        """The glyphs of some strips."""
        wanted = [part for part in self._unread if not set(part).isdisjoint(indices)]
        for part in wanted:
            glyphs = self._recogniser.read_batch([self._fitted[index] for index in part])
            self._read.update(zip(part, glyphs, strict=True))
            self._unread.remove(part)
        return [self._read[index] for index in indices]


def kept_classes(classes: Sequence[str], decoys: int) -> tuple[int, ...]:
    """The blank, all of ASCII, and every so many-th of the other classes."""
    others = [index for index, text in enumerate(classes) if not text.isascii()]
    dropped = set(others) - set(others[::decoys])
    return tuple(index for index in range(len(classes)) if index not in dropped)


def batches(widths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Indices grouped by similar width, each group padded to its widest at most `most` columns."""
    part: list[int] = []
    for index in sorted(range(len(widths)), key=lambda index: widths[index]):
        if part and widths[index] * (len(part) + 1) > most:
            yield part
            part = []
        part.append(index)
    if part:
        yield part


def _strip_spaces(glyphs: Glyphs) -> Glyphs:
    inked = [index for index, glyph in enumerate(glyphs) if not glyph.text.isspace()]
    return glyphs[inked[0] : inked[-1] + 1] if inked else ()
