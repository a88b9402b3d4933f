"""Where the lines of text are: our own small network, trained on tight lines of receipts.

PP-OCRv6's stands by for papers that read badly with it. A network marks the core of each line, of
ours the middle half of its height; the line's quad is the core in the line's direction, grown back
by what the core left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import atan2, hypot, tan
from statistics import median
from threading import Lock

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.geometry import Box, Quad
from receipt_screen.reading.models import Model, checked_path, open_model
from receipt_screen.reading.straight import CentreLine, Pull, centre_lines, pull_straight
from receipt_screen.records import Pixels

Heat = npt.NDArray[np.float32]
Corners = npt.NDArray[np.float32]

ELONGATED = 9.0
"""Ratio of second moments from which a core shows its direction: three times longer than high."""
BESIDE, REACH = 0.3, 0.15
"""Two lines overlap when they share this much of the shorter's width and the lower's height."""
EVERY_SECOND = np.array([[2, 0, 0], [0, 2, 0]], np.float32)
"""From a point of the network's map to a pixel of its input."""
MOST_PULLS = 2
"""A strong tilt is known well only once most of it is gone."""
_OPENING = Lock()
"""`cache` alone opens a model twice for two threads that ask at once."""
STRIDE = 32
"""The network halves its input five times: both sides are multiples of this."""


@dataclass(frozen=True)
class DetectorSettings:
    """Input sizes and thresholds.

    Receipts set lines so tight that they touch: there the image is stretched upwards.
    """

    model: str = "detector"
    """Its name in `models/manifest.toml`."""
    coarse_pixels: int = 200_000
    """Size of the first look, which only tells where text is and how high its lines are."""
    few: int = 12
    """Fewer lines than this in the first look, and it is taken again at a larger size."""
    fine_pixels: int = 500_000
    """Pixels of the second look that find as much as more do, while lines are high enough."""
    most_pixels: int = 800_000
    """Most pixels of any look; time grows with them."""
    line_height: float = 25.0
    """Height of a line's quad in the second look at which quads fit lines best."""
    least_height: float = 16.0
    """Height below which lines are missed: what more than `fine_pixels` are spent for."""
    stretch: float = 1.5
    """How much higher than wide the second look sees tight lines."""
    tight: float = 0.25
    """Share of lines that overlap another one in the coarse look from which lines are tight."""
    max_enlargement: float = 1.6
    core: float = 0.55
    score: float = 0.5
    growth: float = 0.85
    min_side: float = 3.0
    """Cores thinner than this, in pixels of the network's input, are specks."""
    room: float = 2.0
    """What is kept around the text for the second look, in line heights."""
    is_rare: bool = False
    """Few papers need it: it keeps no memory for the next one."""


PPOCR = DetectorSettings(model="ppocr_detector", growth=1.0, is_rare=True)
"""PP-OCRv6's detector from the rapidocr wheel: four times as slow, keeps fewer tight lines apart,
but sees lines at any angle and in any light."""


@dataclass(frozen=True)
class Look:
    """A part of the image, and how much larger the network sees it."""

    region: Box
    factor: float
    stretch: float = 1.0
    """How much more it is enlarged upwards than sideways."""


@dataclass(frozen=True, eq=False)
class Glance:
    """What a network saw of an image: a map of the cores of lines, and where it lies."""

    heat: Heat
    scale: Corners
    """Pixels of the image per point of the map, across and down."""
    origin: Corners
    settings: DetectorSettings

    @cached_property
    def quads(self) -> tuple[Quad, ...]:
        """The quads of the lines, in pixels of the image."""
        return tuple(
            Quad.from_array(corners * self.scale + self.origin)
            for corners in cores_to_corners(self.heat, self.settings)
        )

    def centre_lines(self) -> list[CentreLine]:
        """How the long lines run, in pixels of the image."""
        lines = centre_lines(self.heat > self.settings.core)
        scale, origin = self.scale.astype(np.float64), self.origin.astype(np.float64)
        return [line.placed(scale, origin) for line in lines]


@dataclass(frozen=True)
class FoundLine:
    """A line, where it stands."""

    quad: Quad
    """In the image as it came."""
    straight: Quad
    """In the image in which it is straight."""


@dataclass(frozen=True, eq=False)
class FoundLines:
    """The lines of an image, and the image in which they are straight."""

    pixels: Pixels
    lines: tuple[FoundLine, ...]

    @classmethod
    def as_they_lie(cls, pixels: Pixels, quads: Sequence[Quad]) -> FoundLines:
        """Lines that are straight in the image as it came."""
        return cls(pixels, tuple(FoundLine(quad, quad) for quad in quads))


class LineDetector:
    """Finds lines of text in two looks: a coarse one for place and size, then a fitting one.

    Its model is checked at once and opened when it is first needed. Safe to share between threads.
    """

    def __init__(self, threads: int = 1, settings: DetectorSettings | None = None) -> None:
        self.settings = settings or DetectorSettings()
        self._threads = threads
        checked_path(self.settings.model)

    def open(self) -> Model:
        """The network, opened at the first call in a process."""
        with _OPENING:
            return open_model(self.settings.model, self._threads)

    def detect(self, pixels: Pixels) -> tuple[Quad, ...]:
        """The quads of all lines, in pixels of the image, in no particular order."""
        return tuple(line.quad for line in self.find(pixels).lines)

    def find(self, pixels: Pixels) -> FoundLines:
        """All lines, in no particular order, and the image pulled straight in which they are level.

        They may be tilted by less than half a right angle, and bent.
        """
        glance, image, pulls = self.glance(pixels), pixels, list[Pull]()
        while len(pulls) < MOST_PULLS:
            straight = pull_straight(image, glance.centre_lines())
            if straight is None:
                break
            pulls.append(straight.pull)
            image, glance = straight.pixels, self.glance(straight.pixels)
        quads = self.look_closer(image, glance.quads)
        places = tuple(_pulled_back(quad, pulls) for quad in quads)
        if all(pull.bend is None for pull in pulls):
            # Strips can be cut out at a slant; pixels that were moved once less are sharper.
            return FoundLines.as_they_lie(pixels, places)
        return FoundLines(image, tuple(map(FoundLine, places, quads)))

    def glance(self, pixels: Pixels) -> Glance:
        """About where lines are, quickly; long ones reliably, small print not."""
        glance = self._overview(pixels, self.settings.coarse_pixels)
        if len(glance.quads) >= self.settings.few:
            return glance
        # Little text, or text too small to be seen: nobody cut the receipt out of the photo.
        return self._overview(pixels, self.settings.most_pixels)

    def _overview(self, pixels: Pixels, most: int) -> Glance:
        height, width = pixels.shape[:2]
        factor = min(1.0, (most / (height * width)) ** 0.5)
        return self._look(pixels, Look(Box(0, 0, width, height), factor))

    def look_closer(self, pixels: Pixels, coarse: tuple[Quad, ...]) -> tuple[Quad, ...]:
        """The quads of all lines, given about where they are."""
        if not coarse:
            return ()
        height, width = pixels.shape[:2]
        look = closer_look((width, height), coarse, self.settings)
        return self._look(pixels, look, is_last=True).quads

    def _look(self, pixels: Pixels, look: Look, *, is_last: bool = False) -> Glance:
        """What is seen of a region; the last thing that is looked at, or not."""
        region = look.region
        part = pixels[int(region.top) : int(region.bottom), int(region.left) : int(region.right)]
        size = [
            max(STRIDE, round(side * factor / STRIDE) * STRIDE)
            for side, factor in (
                (part.shape[1], look.factor),
                (part.shape[0], look.factor * look.stretch),
            )
        ]
        interpolation = cv2.INTER_AREA if look.factor < 1 else cv2.INTER_CUBIC
        seen = np.asarray(
            cv2.resize(part, (size[0], size[1]), interpolation=interpolation), np.uint8
        )
        scale = np.array([part.shape[1] / size[0], part.shape[0] / size[1]], np.float32)
        origin = np.array([region.left, region.top], np.float32)
        let_go = is_last and self.settings.is_rare
        return Glance(self._heat(seen, let_go=let_go), scale, origin, self.settings)

    def _heat(self, seen: Pixels, *, let_go: bool) -> Heat:
        if self.settings.model == PPOCR.model:
            batch = np.ascontiguousarray(seen.transpose(2, 0, 1)[None], np.float32)
            return np.asarray(self.open().run(batch / np.float32(127.5) - 1, let_go=let_go)[0, 0])
        grey = cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY).astype(np.float32)
        cores = self.open().run(grey[None, None] / np.float32(127.5) - 1, let_go=let_go)[0, 0]
        # Its points stand at every second pixel, not between two as `resize` would have it.
        return np.asarray(cv2.warpAffine(cores, EVERY_SECOND, grey.shape[::-1]))


def _pulled_back(quad: Quad, pulls: Sequence[Pull]) -> Quad:
    """Where a quad stood before an image was pulled straight, the last pull first."""
    for pull in reversed(pulls):
        quad = pull.quad(quad)
    return quad


def closer_look(
    size: tuple[int, int], coarse: tuple[Quad, ...], settings: DetectorSettings
) -> Look:
    """The region that holds the text, at the scale at which its lines are best found.

    `size`: width and height of the image that the coarse quads were found in.
    """
    line = median(min(quad.height, quad.width) for quad in coarse)
    hull, room = Quad.hull(coarse).box, settings.room * line
    region = Box(
        max(0.0, np.floor(hull.left - room)),
        max(0.0, np.floor(hull.top - room)),
        min(float(size[0]), np.ceil(hull.right + room)),
        min(float(size[1]), np.ceil(hull.bottom + room)),
    )
    fitting = min(settings.line_height / line, settings.max_enlargement)
    stretch = settings.stretch if overlapping(coarse) > settings.tight else 1.0
    usual, most = (
        (pixels / (region.width * region.height * stretch)) ** 0.5
        for pixels in (settings.fine_pixels, settings.most_pixels)
    )
    needed = min(settings.least_height / line, most)
    return Look(region, min(fitting, max(usual, needed)), stretch)


def overlapping(quads: Sequence[Quad]) -> float:
    """The share of quads that reach into another one above or below them."""
    if not quads:
        return 0.0
    boxes = np.array([[b.left, b.top, b.right, b.bottom] for b in (q.box for q in quads)])
    starts = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    ends = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    size = boxes[:, 2:] - boxes[:, :2]
    shared = (ends - starts) / np.minimum(size[:, None], size[None, :])
    reach = (shared[:, :, 0] > BESIDE) & (shared[:, :, 1] > REACH)
    np.fill_diagonal(reach, val=False)
    return float(reach.any(axis=1).mean())


def cores_to_corners(heat: Heat, settings: DetectorSettings) -> list[Corners]:
    """The corners of each line, 4×2, from the network's map of line cores."""
    mask = (heat > settings.core).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    outlines = [np.asarray(contour, np.int32) for contour in contours]
    cores = [
        core
        for outline in outlines
        if (core := fit_core(outline)).thickness >= settings.min_side
        and _mean_inside(heat, outline) >= settings.score
    ]
    level = median_slope(cores)
    return [_grown(core, level, settings.growth) for core in cores]


@dataclass(frozen=True)
class Core:
    """The core of a line: its outline and the direction it runs in."""

    outline: npt.NDArray[np.int32]
    slope: float | None
    """How far a long line falls per pixel to the right; None for short and upright ones."""
    thickness: float


def fit_core(outline: npt.NDArray[np.int32]) -> Core:
    """The direction of a core by its second moments.

    The smallest rectangle around a thin core snaps to the pixel grid; moments see tilts of a
    tenth of a degree, which is what tells one tight row from the next at the far column.
    """
    thickness = min(cv2.minAreaRect(outline)[1])
    moments = cv2.moments(outline)
    wider, twist = moments["mu20"] - moments["mu02"], 2 * moments["mu11"]
    both, apart = moments["mu20"] + moments["mu02"], hypot(wider, twist)
    is_long = both + apart >= ELONGATED * (both - apart) and apart > 0
    slope = tan(atan2(twist, wider) / 2) if is_long and wider > 0 else None
    return Core(outline, slope, thickness)


def median_slope(cores: list[Core]) -> float:
    """The slope of most long lines."""
    slopes = [core.slope for core in cores if core.slope is not None]
    return median(slopes) if slopes else 0.0


def _grown(core: Core, level: float, growth: float) -> Corners:
    """A core's quad, grown back to the line it was shrunk from."""
    slope = core.slope if core.slope is not None else level
    along = np.array([1.0, slope]) / np.hypot(1.0, slope)
    across = np.array([-along[1], along[0]])
    axes = np.stack([along, across])
    placed = core.outline.reshape(-1, 2) @ axes.T
    start, end = placed.min(axis=0), placed.max(axis=0)
    width, height = end - start + 1
    margin = width * height * growth / (width + height) / 2
    (left, top), (right, bottom) = start - margin, end + margin
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    return np.asarray(corners @ axes, np.float32)


def _mean_inside(heat: Heat, contour: npt.NDArray[np.int32]) -> float:
    left, top, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [contour - np.array([[left, top]], np.int32)], [1])
    return float(cv2.mean(heat[top : top + height, left : left + width], inside)[0])


def reading_order(corners: Corners) -> Corners:
    """The corners clockwise from the top left, for a rectangle tilted by less than 45°."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left = by_x[:2][np.argsort(by_x[:2, 1], kind="stable")]
    right = by_x[2:][np.argsort(by_x[2:, 1], kind="stable")]
    return np.stack([left[0], right[0], right[1], left[1]])
