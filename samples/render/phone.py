"""Photographs a paper: all that decides a picture, and taking it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from receipt_screen.geometry import Box, Quad
from receipt_screen.records import Pixels
from samples.render.backgrounds import draw_background
from samples.render.chance import Chance
from samples.render.hands import draw_finger, finger_onto, finger_over
from samples.render.lens import Lens, draw_lens, expose
from samples.render.light import Light, draw_light, lit
from samples.render.paper import Paper
from samples.render.placing import Frame, Placement, Pose, draw_pose, drop_shadow, lay, place
from samples.render.printer import Floats
from samples.render.surface import bend, draw_bends
from samples.render.tables import table


@dataclass(frozen=True)
class Shot:
    """A picture and what was done to take it."""

    pixels: Pixels = field(repr=False)
    faults: tuple[str, ...]
    occluders: tuple[Quad, ...] = ()


def draw_frame(chance: Chance, camera: str) -> Frame:
    """The size of the picture a camera of tables/cameras.toml takes."""
    sizes = {tuple(row[:2]): row[2] for row in table("cameras")[camera]["sizes"]}
    width, height = chance.weighted(sizes)
    return Frame(width, height)


@dataclass(frozen=True)
class Scene:
    """All that decides a photograph of one paper."""

    frame: Frame
    pose: Pose
    light: Light
    lens: Lens
    chance: Chance = field(compare=False)


def draw_scene(chance: Chance, camera: str) -> Scene:
    light = draw_light(chance.sub("light"))
    return Scene(
        frame=draw_frame(chance.sub("frame"), camera),
        pose=draw_pose(chance.sub("pose")),
        light=light,
        lens=draw_lens(chance.sub("lens"), light),
        chance=chance,
    )


@dataclass(frozen=True)
class Photograph:
    """A shot, and where the paper lies in it."""

    shot: Shot
    placement: Placement = field(repr=False)


def photograph(paper: Paper, scene: Scene, hide: Quad | None = None) -> Photograph:
    """The paper bent, laid on something, lit and exposed; `hide` is covered by a finger."""
    chance, frame = scene.chance, scene.frame
    bends = draw_bends(chance.sub("bends"))
    surface = bend(paper.width, paper.height, bends, chance.sub("surface"))
    placement = place(paper, frame, scene.pose, surface, chance.sub("place"))
    name, backdrop = draw_background(chance.sub("background"), frame.width, frame.height)
    seen, mask = lay(paper, placement, frame)
    ground = backdrop * drop_shadow(mask, chance.sub("drop"))[..., None]
    picture = (ground + (seen - ground) * mask[..., None]).astype(np.float32)
    occluders = _fingers(picture, paper, placement, hide, chance.sub("fingers"))
    picture = lit(picture, scene.light, chance.sub("lit"))
    pixels = expose(picture, scene.lens, scene.light.gamma, chance.sub("exposed"))
    faults = (f"on_{name}", *scene.pose.faults, *bends.faults, *scene.light.faults,
              *scene.lens.faults, *(("finger",) if occluders else ()))  # fmt: skip
    return Photograph(Shot(pixels, faults, occluders), placement)


def _fingers(
    picture: Floats, paper: Paper, placement: Placement, hide: Quad | None, chance: Chance
) -> tuple[Quad, ...]:
    """Paints fingers; returns what they cover."""
    sheet = Quad.from_box(Box(0, 0, paper.width / paper.scale, paper.height / paper.scale))
    edge = placement.quad(sheet)
    if hide is not None:
        finger = finger_onto(placement.quad(hide), edge, chance)
    elif chance.happens(0.14):
        finger = finger_over(edge, chance)
    else:
        return ()
    draw_finger(picture, finger, chance)
    return (finger.outline,)


def with_frame(scene: Scene, frame: Frame) -> Scene:
    """The same scene through a camera of another size."""
    return replace(scene, frame=frame)
