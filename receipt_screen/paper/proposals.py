"""Regions that may be the paper: one mask for each cue, their regions, and how these look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import sqrt

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.paper.scene import Scene
from receipt_screen.paper.shapes import (
    Corners,
    Grey,
    box_kernel,
    contains,
    enclosing_quad,
    filled,
    grown,
    is_clockwise,
)

Region = npt.NDArray[np.int32]
"""The outline of a connected region, every pixel of it: n × 2."""


@dataclass(frozen=True, repr=False)
class Proposal:
    """A region that may be the paper, and how it looks."""

    quad: Corners
    hull: Corners
    fill: float
    """The region's share of its quad."""
    area: float
    """The quad's share of the photo."""
    step: float
    """Share of the outline, off the photo's rim, beyond which it is darker or more colourful."""
    open: float
    """Share of the outline that lies on the photo's rim."""
    offset: float
    """Distance of the centre from the photo's, as a share of its sides."""
    density: float = 0.0
    """Mean print density inside, 0 to 1."""
    share: float = 0.0
    """Share of the photo's print that lies inside."""
    spill: float = 0.0
    """Print density just beyond the side where it is densest, less the background's own."""

    @property
    def outline_score(self) -> float:
        """From 0 to 1, by outline alone."""
        size = sqrt(sqrt(min(1.0, self.area / 0.15)))
        # What runs along half of the rim is the background around the paper.
        inside = min(1.0, max(0.0, 1.3 - 2 * self.open))
        return self.fill**2 * self.step * sqrt(self.step) * inside * size * (1 - 0.4 * self.offset)

    @property
    def score(self) -> float:
        """From 0 to 1, by outline and print."""
        printed = sqrt(min(1.0, self.density / 0.03)) * (0.7 + 0.3 * self.share)
        uncut = 1 / (1 + (self.spill / max(self.density, 0.02)) ** 2)
        return self.outline_score * printed * uncut

    @property
    def sound(self) -> bool:
        """The outline alone leaves little doubt."""
        return self.fill > 0.8 and self.step > 0.8 and self.open < 0.35

    def surrounds(self, other: Proposal) -> bool:
        """Has another proposal inside, and around it print as dense or only a little room."""
        room = self.area / other.area - 1
        printed = (self.density * self.area - other.density * other.area) / self.area
        as_dense = printed > 0.5 * other.density * room / (1 + room)
        return room > 0.03 and (as_dense or room < 0.25) and contains(self.quad, other.quad)


def propose(scene: Scene, count: int = 12) -> list[Proposal]:
    """The proposals with the best outlines, each once, those with the best scores first."""
    found = (_proposal(regions, scene) for mask in _masks(scene) for regions in _regions(mask))
    good = [proposal for proposal in found if proposal and proposal.outline_score > 0.1]
    different: list[Proposal] = []
    for proposal in sorted(good, key=lambda good: good.outline_score, reverse=True):
        if all(np.abs(proposal.quad - other.quad).max() >= 3 for other in different):
            different.append(proposal)
    printed = [_with_print(proposal, scene) for proposal in different[:count]]
    return sorted(printed, key=lambda proposal: proposal.score, reverse=True)


# ── cues ─────────────────────────────────────────────────────────────────────────────────────


def _masks(scene: Scene) -> Iterator[Grey]:
    yield from _light_masks(scene)
    yield from _colour_masks(scene)
    yield from _edge_masks(scene)
    yield _closed(_mask(scene.print > 13), 19)


def _light_masks(scene: Scene) -> Iterator[Grey]:
    light = scene.light
    threshold = _otsu(light)
    yield _mask(light > threshold)
    yield _mask(light > _otsu(light[light > threshold]))
    yield _mask(light > _otsu(light[light <= threshold]))
    # Against the neighbourhood's mean, for lamps and vignettes.
    width, height = scene.size
    for part in (2, 4):
        mean = np.asarray(cv2.blur(light, (width // part | 1, height // part | 1)), np.float32)
        yield _mask(light > mean * 1.05)


def _colour_masks(scene: Scene) -> Iterator[Grey]:
    # Chroma over lightness: a shadow darkens both alike.
    saturation = _clipped(400 * scene.chroma / np.maximum(scene.light, 20))
    pale = saturation <= _otsu(saturation)
    yield _mask(pale)
    yield _mask(pale & (scene.light > _otsu(scene.light)))
    yield _mask(~pale)
    background = np.median(scene.color[scene.rim], axis=0)
    unlike = _clipped(np.abs(scene.color - background) @ np.array([1, 2, 2]))
    yield _mask(unlike > _otsu(unlike))


def _edge_masks(scene: Scene) -> Iterator[Grey]:
    across = cv2.convertScaleAbs(cv2.Sobel(scene.color, cv2.CV_16S, 1, 0))
    down = cv2.convertScaleAbs(cv2.Sobel(scene.color, cv2.CV_16S, 0, 1))
    slope = np.maximum(across, down).max(axis=2)
    for threshold in (16, 32, 64):
        yield _mask(slope <= threshold)


def _regions(mask: Grey) -> Iterator[Sequence[Region]]:
    """The mask's largest regions, alone and together: a shadow or a fold splits a paper."""
    for opening in (3, 11):
        opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, box_kernel(opening))
        found, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        outlines = [np.asarray(outline, np.int32).reshape(-1, 2) for outline in found]
        large = [outline for outline in outlines if cv2.contourArea(outline) > 0.006 * mask.size]
        largest = sorted(large, key=cv2.contourArea, reverse=True)[:4]
        yield from combinations(largest, 1)
        yield from combinations(largest, 2)
        yield from combinations(largest[:3], 3)


# ── how a region looks ───────────────────────────────────────────────────────────────────────


def _proposal(regions: Sequence[Region], scene: Scene) -> Proposal | None:
    """The regions as one paper; None where they can't be one."""
    hull = np.asarray(cv2.convexHull(np.concatenate(regions)), np.float32).reshape(-1, 2)
    covered = sum(cv2.contourArea(region) for region in regions)
    if covered < 0.6 * cv2.contourArea(hull):
        return None
    quad = enclosing_quad(hull)
    around, photo = max(cv2.contourArea(quad), 1.0), scene.light.size
    # What fills the photo is no different from the whole photo.
    if covered < 0.5 * around or not 0.012 < around / photo < 0.97:
        return None
    step, rim = _steps(regions, scene)
    return Proposal(
        quad=quad,
        hull=hull,
        fill=min(1.0, covered / around),
        area=around / photo,
        step=step,
        open=rim,
        offset=float(np.hypot(*(quad.mean(axis=0) / scene.size - 0.5))),
    )


def _steps(regions: Sequence[Region], scene: Scene) -> tuple[float, float]:
    """Across how much of an outline light or colour step down; how much is the photo's rim."""
    outlines = [_outline(region) for region in regions]
    points = np.concatenate([points for points, _ in outlines])
    outward = np.concatenate([outward for _, outward in outlines])
    rim = np.minimum(points, np.subtract(scene.size, 1) - points).min(axis=1) < 3
    light_in, chroma_in = _look_up(scene, points - 4 * outward)
    light_out, chroma_out = _look_up(scene, points + 4 * outward)
    darker = (light_in - light_out) / np.maximum(light_out, 25)
    # A shadow is darker, too, but no more colourful; the print beyond it is what gives it away.
    steps = (darker > 0.06) | ((chroma_out - chroma_in > 5) & (darker > -0.1))
    inner = steps[~rim]
    return (float(inner.mean()) if inner.size > 5 else 0.0), float(rim.mean())


def _outline(region: Region) -> tuple[Corners, Corners]:
    """Eighty points of a region's outline, and the directions that lead out of it there."""
    points = region.astype(np.float32)
    at = np.linspace(0, len(points), 80, endpoint=False).astype(int)
    along = points[(at + 4) % len(points)] - points[at - 4]
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    outward = np.stack([along[:, 1], -along[:, 0]], axis=1)
    return points[at], outward if is_clockwise(points) else -outward


def _look_up(scene: Scene, points: Corners) -> tuple[Corners, Corners]:
    columns, rows = np.clip(points.round().astype(int), 0, np.subtract(scene.size, 1)).T
    return scene.light[rows, columns].astype(np.float32), scene.chroma[rows, columns]


def _with_print(proposal: Proposal, scene: Scene) -> Proposal:
    """The proposal, with what print says of it."""
    quad, wide = proposal.quad, grown(proposal.quad, 10)
    inside = filled(quad, scene.size)
    texture = _texture_print(quad, scene)
    own = (mean_print(scene, inside) - texture) * np.count_nonzero(inside)
    total = float(scene.print.sum()) / 255 - texture * scene.print.size
    strips = (np.stack([quad[i - 1], quad[i], wide[i], wide[i - 1]]) for i in range(4))
    spill = max(mean_print(scene, filled(strip, scene.size)) for strip in strips)
    return replace(
        proposal,
        density=mean_print(scene, filled(grown(quad, -3), scene.size)),
        share=float(np.clip(own / max(total, 1), 0, 1)),
        spill=max(0.0, spill - mean_print(scene, 1 - filled(wide, scene.size))),
    )


def _texture_print(quad: Corners, scene: Scene) -> float:
    """What the background's texture is worth as print, away from the paper."""
    far = filled(grown(quad, 10), scene.size)[::2, ::2] == 0
    # The median: another receipt, or the rest of this one, is print and no texture.
    return float(np.median(scene.print[::2, ::2][far])) / 255 if far.mean() > 0.02 else 0.0


def mean_print(scene: Scene, mask: Grey) -> float:
    """Mean print density inside a mask, 0 to 1."""
    return float(cv2.mean(scene.print, mask)[0]) / 255


# ── masks ────────────────────────────────────────────────────────────────────────────────────


def _mask(where: npt.NDArray[np.bool_]) -> Grey:
    return where.astype(np.uint8)


def _closed(mask: Grey, side: int) -> Grey:
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, box_kernel(side)), np.uint8)


def _clipped(values: npt.NDArray[np.floating]) -> Grey:
    return np.asarray(np.clip(values, 0, 255), np.uint8)


def _otsu(values: Grey) -> float:
    """Otsu's threshold of the values, 255 for none."""
    if values.size == 0:
        return 255
    column = np.ascontiguousarray(values.reshape(-1, 1))
    return float(cv2.threshold(column, 0, 255, cv2.THRESH_OTSU)[0])
