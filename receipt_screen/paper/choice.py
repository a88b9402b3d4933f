"""Which of the proposals is taken for the paper, and how far it reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import fmean

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.paper.proposals import Proposal, mean_print, propose
from receipt_screen.paper.scene import Scene
from receipt_screen.paper.shapes import (
    Corners,
    box_kernel,
    filled,
    grown,
    is_upright,
    steep_quad,
    stretched,
)


@dataclass(frozen=True)
class PaperSettings:
    """How the paper is looked for."""

    accept: float = 0.4
    """Least score of a proposal. On 500 drawn scenes, many in hard shadow, 0.3 cut print off 2.6 %
    of them and 0.4 off 1 %; what is refused is still read, as a whole photo."""
    margin: float = 0.03
    """Added on every side, as a share of the paper's mean side."""
    least_share: float = 0.5
    """Share of the photo's print that lies inside, below which print may go on beyond the paper's
    border: in a hard shadow a part of a paper has edges as good as all of it."""
    longest: int = 3000
    """Longer side of the flattened paper at most, in pixels."""


@dataclass(frozen=True, repr=False)
class Sheet:
    """What is taken for the paper, in pixels of the photo."""

    kind: str
    quad: Corners | None = None
    """None: all of the photo."""
    cut_edges: tuple[str, ...] = ()

    @property
    def upright(self) -> bool:
        """Cut out along rows and columns, without resampling."""
        return self.kind == "screen"


def choose_sheet(scene: Scene, settings: PaperSettings) -> Sheet:
    """The paper of a scene, its kind, and the edges of the photo that it runs out of."""
    fills = _fills_image(scene)
    if fills and scene.flat:
        return Sheet("scan")
    proposals = propose(scene)
    chosen = _choose(proposals)
    if chosen is None or chosen.score < settings.accept:
        return Sheet("scan" if fills else "whole")
    chosen = _at_its_slant(chosen, scene)
    company = _company(chosen, proposals, scene)
    if not company and chosen.share < settings.least_share and _goes_on(chosen, scene):
        return Sheet("whole")
    quad = _around([chosen, *company]) if company else _reach(chosen, scene)
    quad = grown(quad, settings.margin * float(np.sqrt(cv2.contourArea(quad))) + 2)
    panel = stretched(quad, _bright_corners(scene))
    if scene.flat and is_upright(quad) and _has_bars(panel, scene):
        return Sheet("screen", panel * np.float32(scene.scale))
    return Sheet("paper", quad * np.float32(scene.scale), _cut_edges(chosen.hull, scene))


def _fills_image(scene: Scene) -> bool:
    """The whole rim is as light as paper and of one colour."""
    light = scene.light[scene.rim].astype(np.int16)
    paper = float(np.median(light))
    same = (np.abs(light - paper) < 12) & (scene.chroma[scene.rim] < 12)
    light_enough = paper > max(128, 0.9 * np.percentile(scene.light, 95))
    return bool(light_enough and same.mean() > 0.95)


def _has_bars(panel: Corners, scene: Scene) -> bool:
    """Around the panel the rim is dark: bars, or the app behind it, dimmed."""
    around = scene.light[scene.rim & (filled(panel, scene.size) == 0)]
    dark = around < 0.4 * np.percentile(scene.light, 95)
    return around.size > 0 and bool(dark.mean() > 0.9)


def _bright_corners(scene: Scene) -> Corners:
    """The extent of all that is bright: a coloured button splits a panel, but doesn't end it."""
    bright = (scene.light > 0.7 * np.percentile(scene.light, 95)).astype(np.uint8)
    left, top, width, height = cv2.boundingRect(
        cv2.morphologyEx(bright, cv2.MORPH_OPEN, box_kernel(9))
    )
    return np.array([[left, top], [left + width, top + height]], np.float32)


def _choose(proposals: list[Proposal]) -> Proposal | None:
    """The best proposal, or a larger one around it that is nearly as good."""
    chosen = proposals[0] if proposals else None
    for other in proposals[1:]:
        if chosen and other.sound and other.score > 0.6 * chosen.score and other.surrounds(chosen):
            chosen = other
    return chosen


def _company(chosen: Proposal, proposals: list[Proposal], scene: Scene) -> list[Proposal]:
    """Papers beside the chosen one that are nearly as good: all receipts of a photo are read."""
    own = filled(chosen.quad, scene.size)
    good = [other for other in proposals if other.sound and other.score > 0.6 * chosen.score]
    return [other for other in good if not np.any(filled(other.quad, scene.size) & own)]


EDGE, SURROUND = 3, 10
"""Pixels of the work copy by which a paper's own edge may be missed, and beyond which the
surroundings begin."""
EMPTY, AS_INSIDE, DENSER = 0.3, 0.4, 1.4
"""Print is sparse below so much of a paper's density, goes on above so much of it, and is denser
than elsewhere from so many times that on."""


def _at_its_slant(chosen: Proposal, scene: Scene) -> Proposal:
    """The proposal with the quad of a sheet that was seen at a steep slant, if it is one.

    The part of a paper that lies outside a shadow can look like it; its print goes on.
    """
    steep = steep_quad(chosen.hull, scene.size)
    if steep is None:
        return chosen
    left_out = filled(chosen.quad, scene.size) & (1 - filled(grown(steep, EDGE), scene.size))
    is_empty = mean_print(scene, left_out) < EMPTY * chosen.density
    return replace(chosen, quad=steep) if is_empty else chosen


def _goes_on(chosen: Proposal, scene: Scene) -> bool:
    """Beyond one side print is nearly as dense as inside, and denser than elsewhere."""
    outside = 1 - filled(chosen.quad, scene.size)
    around = mean_print(scene, 1 - filled(grown(chosen.quad, SURROUND), scene.size))
    *others, densest = sorted(
        mean_print(scene, filled(strip, scene.size) & outside)
        for strip in _strips_beyond(chosen.quad, scene)
    )
    return densest > max(AS_INSIDE * chosen.density, DENSER * min(around, fmean(others)))


def _strips_beyond(quad: Corners, scene: Scene) -> Iterator[Corners]:
    """Beyond each side a strip as wide as the quad and as long, or half as long as the photo."""
    for turn in range(4):
        first, second, third, fourth = np.roll(quad, turn, axis=0)
        away = (first + second - third - fourth) / 2
        away *= min(1.0, max(scene.size) / 2 / max(float(np.linalg.norm(away)), 1.0))
        yield np.stack([first, second, second + away, first + away])


def _around(papers: list[Proposal]) -> Corners:
    """The upright quad around papers that lie side by side."""
    corners = np.concatenate([paper.quad for paper in papers])
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def _reach(proposal: Proposal, scene: Scene) -> Corners:
    """The proposal's quad, or a wider one if print goes on beyond it."""
    elsewhere = 1 - filled(grown(proposal.quad, 10), scene.size)
    background = mean_print(scene, elsewhere)
    ends = _crossing_print(proposal, background, scene)
    if len(ends) == 0:
        return proposal.quad
    wider = stretched(proposal.quad, ends)
    gain = cv2.contourArea(wider) / max(cv2.contourArea(proposal.quad), 1)
    added = filled(wider, scene.size) & (1 - filled(proposal.quad, scene.size))
    printed = mean_print(scene, added) - background > 0.3 * proposal.density
    return wider if gain < 1.12 or (gain < 2.5 and printed) else proposal.quad


def _crossing_print(proposal: Proposal, background: float, scene: Scene) -> Corners:
    """The points of all blocks of print that lie across the proposal's border."""
    least = 255 * max(0.04, 0.5 * proposal.density, 0.04 + 2 * background)
    dense = (scene.print > least).astype(np.uint8)
    blocks = cv2.morphologyEx(dense, cv2.MORPH_CLOSE, box_kernel(9))
    count, labels = cv2.connectedComponents(blocks)
    within = labels[filled(proposal.quad, scene.size) > 0]
    inside: npt.NDArray[np.int_] = np.bincount(within, minlength=count)
    entire: npt.NDArray[np.int_] = np.bincount(labels.ravel(), minlength=count)
    crossing = (inside > 0.25 * entire) & (inside < entire)
    crossing[0] = False
    rows, columns = np.nonzero(crossing[labels])
    return np.stack([columns, rows], axis=1).astype(np.float32)


def _cut_edges(hull: Corners, scene: Scene) -> tuple[str, ...]:
    """The edges of the photo of which the paper covers more than a twentieth."""
    paper = filled(hull, scene.size)
    # Three pixels in: an opening takes the corners off what meets the rim.
    rims = {"left": paper[:, 3], "top": paper[3], "right": paper[:, -4], "bottom": paper[-4]}
    return tuple(edge for edge, rim in rims.items() if rim.mean() > 0.05)
