"""Pieces of papers with maps of their lines, seen at many sizes, upright and upside down."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from models.training.papers import LabelledPaper, PrintedLine, fresh_papers, kept_papers
from receipt_screen.reading.crops import Grey

Floats = npt.NDArray[np.float32]

STRIDE = 2
"""Pixels of a piece to a point of its maps."""
UNIT = 16.0
"""Pixels to an edge distance of 1."""
CORE, ENDS = 0.5, 0.25
"""A core is half as high as its line, and leaves out a quarter of the height at both ends."""
SIDE = 416
"""Pixels of a piece's side."""
TALLER = 1.5
"""How much more of the paper is seen before rows are taken out."""
TIGHT = 0.6
"""Share of pieces whose lines are moved together."""
BLANK = 0.1
"""Share of a line's height, above and below, that holds next to no ink and may be taken out."""
AROUND = 3.0
"""How much more than others the points of a line around its core count: they part tight lines."""
TILTED = 10.0
"""Degrees by which lines may be tilted where nobody found the paper's edges."""
HEIGHTS = (8.0, 26.0, 17.0)
"""Least, largest and usual median line height of a piece, in pixels."""


@dataclass(frozen=True)
class Piece:
    """A square piece of a paper and what there is to learn of it."""

    pixels: Grey
    core: Floats
    """1 in the cores of lines, 0 elsewhere; S/2×S/2 like the others."""
    counts: Floats
    """1 where the core counts; 0 on what is neither text nor background."""
    edges: Floats
    """2×S/2×S/2: distance to a line's upper and lower edge, in units of the network."""
    inside: Floats
    """1 where the edges count."""


def pieces(papers: Iterable[LabelledPaper], seed: int) -> Iterator[Piece]:
    """Two pieces of each paper."""
    chance = random.Random(seed)
    for paper in papers:
        lines = [line for line in paper.lines if line.visible and line.is_text]
        if lines:
            pixels = paper.pixels()
            for _ in range(2):
                yield _piece(pixels, paper.lines, chance)


def _piece(pixels: Grey, lines: Sequence[PrintedLine], chance: random.Random) -> Piece:
    matrix = _placing(lines, chance)
    scale = _scale(matrix)
    if scale < 0.6:
        # A warp samples points: what shrinks by much is averaged first.
        pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), 0.4 / scale), np.uint8)
    seen = cv2.warpAffine(
        pixels,
        matrix,
        (SIDE, round(SIDE * TALLER)),
        flags=cv2.INTER_LINEAR if scale < 1 else cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    corners = [line.quad.array @ matrix[:, :2].T + matrix[:, 2] for line in lines]
    rows = kept_rows(corners, seen.shape[0], chance) if chance.random() < TIGHT else np.arange(SIDE)
    corners = [_moved_rows(quad, rows) for quad in corners]
    return _mapped(_lit(np.asarray(seen[rows], np.uint8), chance), lines, corners)


def kept_rows(
    corners: Sequence[npt.NDArray[np.float64]], height: int, chance: random.Random
) -> npt.NDArray[np.intp]:
    """Rows of pixels that stay when some of those between lines are taken out.

    Many printers set lines so tight that they touch, which the renderer's don't.
    """
    between = np.ones(height, bool)
    for quad in corners:
        blank = BLANK * (quad[3, 1] - quad[0, 1])
        top, bottom = sorted((quad[:2, 1].mean() + blank, quad[2:, 1].mean() - blank))
        between[max(0, math.floor(top)) : max(0, math.ceil(bottom))] = False
    share = chance.uniform(0.5, 1.0)
    kept = np.array([not gap or chance.random() > share for gap in between])
    rows = np.flatnonzero(kept)[:SIDE]
    return np.pad(rows, (0, SIDE - len(rows)), mode="edge")


def _moved_rows(
    quad: npt.NDArray[np.float64], rows: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64]:
    inside = np.interp(quad[:, 1], rows, np.arange(len(rows)))
    beyond = quad[:, 1] - np.clip(quad[:, 1], rows[0], rows[-1])
    return np.column_stack([quad[:, 0], inside + beyond])


def quarter_turns(lines: Sequence[PrintedLine]) -> int:
    """How many quarter turns clockwise most of a paper's lines stand from level."""
    along = sum(line.quad.array[1] - line.quad.array[0] for line in lines)
    return round(math.degrees(math.atan2(along[1], along[0])) / 90)


def _scale(matrix: Floats) -> float:
    return float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))


def _placing(lines: Sequence[PrintedLine], chance: random.Random) -> Floats:
    """From the paper to the piece: around a random line, level, scaled, a little askew."""
    low, high, usual = map(math.log, HEIGHTS)
    wanted = math.exp(chance.triangular(low, high, usual))
    texts = [line for line in lines if line.is_text]
    scale = wanted / max(4.0, median(line.quad.height for line in texts))
    turn = chance.choice([0, 0, 180])
    tilt = chance.uniform(-TILTED, TILTED) if chance.random() < 0.3 else chance.gauss(0, 1.5)
    angle = math.radians(turn + tilt - 90 * quarter_turns(texts))
    stretch = chance.uniform(0.85, 1.2)
    turned = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    linear = scale * turned @ np.diag([stretch, 1 / stretch])
    center = np.array(chance.choice(texts).quad.center)
    at = np.array([chance.uniform(0.3, 0.7) * SIDE, chance.uniform(0.3, 0.7) * SIDE])
    return np.column_stack([linear, at - linear @ center]).astype(np.float32)


def _lit(pixels: Grey, chance: random.Random) -> Grey:
    levels = np.linspace(0, 1, 256) ** chance.uniform(0.6, 1.7)
    if chance.random() < 0.05:
        levels = 1 - levels
    low, high = chance.uniform(0, 70), chance.uniform(150, 255)
    lit = cv2.LUT(pixels, (low + (high - low) * levels).astype(np.uint8)).astype(np.float32)
    if chance.random() < 0.3:
        lit = cv2.GaussianBlur(lit, (0, 0), chance.uniform(0.4, 1.2))
    noise = np.random.default_rng(chance.randrange(2**31))
    lit += noise.normal(0, chance.uniform(0, 6), lit.shape).astype(np.float32)
    return np.clip(lit, 0, 255).astype(np.uint8)


def _mapped(
    pixels: Grey,
    lines: Sequence[PrintedLine],
    places: Sequence[npt.NDArray[np.float64]],
) -> Piece:
    side = SIDE // STRIDE
    core, counts = np.zeros((side, side), np.float32), np.ones((side, side), np.float32)
    edges, inside = np.zeros((2, side, side), np.float32), np.zeros((side, side), np.float32)
    rows, columns = np.mgrid[0:side, 0:side].astype(np.float32)
    placed = zip(lines, places, strict=True)
    for line, place in sorted(placed, key=lambda pair: pair[0].visible and pair[0].is_text):
        corners = place / STRIDE
        if not (line.visible and line.is_text):
            cv2.fillPoly(counts, [np.int32(np.round(corners))], 0.0)
            continue
        cv2.fillPoly(counts, [np.int32(np.round(corners))], AROUND)
        mask = np.zeros((side, side), np.uint8)
        cv2.fillPoly(mask, [np.int32(np.round(core_of(corners) * 16))], 1, shift=4)
        core[mask > 0] = counts[mask > 0] = 1.0
        if mask.any() and is_level(corners):
            upper, lower = _edge_distances(corners, rows, columns)
            edges[0][mask > 0] = upper[mask > 0]
            edges[1][mask > 0] = lower[mask > 0]
            inside[mask > 0] = 1.0
    return Piece(pixels, core, counts, np.maximum(edges, 0) * (STRIDE / UNIT), inside)


def is_level(corners: npt.NDArray[np.float64]) -> bool:
    """Whether a line runs across rather than up; only then it has an upper and a lower edge."""
    across, up = np.abs(corners[1] - corners[0])
    return bool(across > 2 * up)


def core_of(corners: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The middle of a line: half as high, and shorter at both ends."""
    left_down, right_down = corners[3] - corners[0], corners[2] - corners[1]
    height = np.hypot(*left_down)
    along = corners[1] - corners[0]
    width = max(float(np.hypot(*along)), 1e-6)
    inward = along / width * min(ENDS * height, 0.3 * width)
    rest = (1 - CORE) / 2
    return np.stack(
        [
            corners[0] + left_down * rest + inward,
            corners[1] + right_down * rest - inward,
            corners[2] - right_down * rest - inward,
            corners[3] - left_down * rest + inward,
        ]
    )


def _edge_distances(
    corners: npt.NDArray[np.float64], rows: Floats, columns: Floats
) -> tuple[Floats, Floats]:
    """Of every point to the lines through a quad's upper and lower edge, by y alone."""
    upside_down = corners[3][1] < corners[0][1]
    top, bottom = corners[[0, 1]], corners[[3, 2]]
    if upside_down:
        top, bottom = bottom, top
    return rows - _height_at(top, columns), _height_at(bottom, columns) - rows


def _height_at(edge: npt.NDArray[np.float64], columns: Floats) -> Floats:
    (x0, y0), (x1, y1) = edge
    slope = (y1 - y0) / (x1 - x0) if abs(x1 - x0) > 1e-6 else 0.0
    return np.asarray(y0 + slope * (columns - x0), np.float32)


def batches(papers: Path | None, size: int, seed: int) -> Iterator[tuple[Floats, ...]]:
    """Stacked pieces: images N×1×S×S from −1 to 1, cores, counts, edges, inside.

    Of papers that `models.training.papers` wrote, or else of photographs rendered on the way.
    """
    endless = pieces(kept_papers(papers, seed) if papers else fresh_papers(seed), seed)
    while True:
        made = [next(endless) for _ in range(size)]
        images = np.stack([piece.pixels for piece in made])[:, None].astype(np.float32)
        yield (
            images / np.float32(127.5) - 1,
            *(
                np.stack([getattr(piece, name) for piece in made])
                for name in ("core", "counts", "edges", "inside")
            ),
        )
