"""Quads follow the text through every bend, turn and crop."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from receipt_screen.geometry import Box, Quad
from samples.render.chance import Chance
from samples.render.labelling import run_quad
from samples.render.own import make_own
from samples.render.paper import Paper
from samples.render.picture import Picture
from samples.render.placing import Frame, Pose, lay, place
from samples.render.plan import Plan, plan
from samples.render.reuse import cropped, rotated, shrunk, squared, turned
from samples.render.surface import Bends, bend
from samples.render.typesetting import Sheet


def _dotted_paper() -> tuple[Paper, list[Quad]]:
    """A white paper with black squares, and where they are."""
    pixels = np.full((900, 400, 3), 255, np.uint8)
    boxes = [Box(x, y, x + 24, y + 24) for x in (40, 180, 330) for y in range(50, 860, 130)]
    for box in boxes:
        pixels[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = 0
    mask = np.full((900, 400), 255, np.uint8)
    return Paper(pixels, mask, Sheet(400, 900, (), ()), 1.0), [Quad.from_box(box) for box in boxes]


@pytest.mark.parametrize("seed", range(6))
def test_a_bent_and_tilted_papers_marks_are_where_their_quads_say(seed: int) -> None:
    chance = Chance("quads", seed)
    paper, quads = _dotted_paper()
    bends = Bends(curl=0.2, roll=0.08, folds=2, crumple=0.01, waves=0.02)
    surface = bend(paper.width, paper.height, bends, chance)
    frame = Frame(800, 1100)
    pose = Pose(seed % 4, 4.0, 0.8, 0.03, (0.5, 0.5))
    placement = place(paper, frame, pose, surface, chance)
    seen, _ = lay(paper, placement, frame)
    for quad in quads:
        x, y = placement.quad(quad).center
        blob = cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY)[
            int(y) - 16 : int(y) + 17, int(x) - 16 : int(x) + 17
        ]
        moments = cv2.moments((blob < 100).astype(np.uint8), binaryImage=True)
        assert moments["m00"] > 20
        assert moments["m10"] / moments["m00"] == pytest.approx(16 + x % 1, abs=2.5)
        assert moments["m01"] / moments["m00"] == pytest.approx(16 + y % 1, abs=2.5)


@pytest.mark.parametrize("change", [cropped, turned, rotated, shrunk, squared])
def test_what_is_done_to_a_file_is_done_to_its_quads(change) -> None:
    pixels = np.full((600, 300, 3), 255, np.uint8)
    pixels[250:300, 120:200] = 0
    mark = Quad.from_box(Box(120, 250, 200, 300))
    after = change(Picture(pixels, lambda quad: quad), Chance("change", 4))
    x, y = after.to_picture(mark).center
    assert after.pixels[int(y), int(x)].max() < 60
    outside = after.to_picture(Quad.from_box(Box(100, 240, 110, 250))).center
    assert after.pixels[int(outside[1]), int(outside[0])].min() > 180


def _own_plans(count: int) -> list[Plan]:
    return [each for each in (plan(21, index) for index in range(30)) if each.base is None][:count]


@pytest.mark.slow
@pytest.mark.usefixtures("fonts")
def test_lines_of_photographs_hold_ink_where_their_labels_say() -> None:
    for each in _own_plans(6):
        made = make_own(each, "messenger")
        grey = cv2.cvtColor(made.picture.pixels, cv2.COLOR_BGR2GRAY)
        spreads = []
        for run in made.printing.sheet.runs:
            quad = made.picture.to_picture(run_quad(run))
            if made.picture.view.shows(quad) and run.text.strip("-=* "):
                mask = np.zeros(grey.shape, np.uint8)
                cv2.fillConvexPoly(mask, np.int32(quad.points), 255)
                spreads.append(float(grey[mask > 0].std()))
        assert np.median(spreads) > 4, each
