"""How a receipt becomes an image file: photographed, scanned, captured from a screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from receipt_screen.geometry import Quad, Transform
from receipt_screen.records import Pixels
from samples.render import screen
from samples.render.backgrounds import draw_background
from samples.render.chance import Chance
from samples.render.labelling import View, label_lines, printed_places
from samples.render.labels import LineLabel
from samples.render.lens import expose
from samples.render.light import Light, lit
from samples.render.paper import Paper
from samples.render.phone import Scene, draw_scene, photograph, with_frame
from samples.render.picture import Picture, resized
from samples.render.placing import Frame, Placement, Pose, drop_shadow, lay, paper_scale, place
from samples.render.printing import Printing
from samples.render.surface import Bends, bend
from samples.render.typesetting import Sheet


@dataclass(frozen=True)
class Wish:
    """What a picture has to show; None where chance decides."""

    way: str | None = None
    """`photo`, `scan`, `screenshot`, `screen_photo`."""
    upright: bool = False
    finger_on: str | None = None
    """A field to hide."""
    besides: tuple[Printing, ...] = ()
    """Other receipts in the photograph."""


def capture(printing: Printing, chance: Chance, camera: str, wish: Wish) -> Picture:
    """An image of a receipt."""
    on_screen = printing.receipt.template.family.medium == "screen"
    way = wish.way or _way(chance.sub("way"), on_screen=on_screen)
    if way == "scan":
        return _scan(printing, chance.sub(way))
    if not on_screen:
        return _photo(printing, chance.sub("photo"), camera, wish)
    if way == "screenshot":
        return _screenshot(printing, chance.sub(way))
    return _screen_photo(printing, chance.sub("screen_photo"), camera)


def _way(chance: Chance, *, on_screen: bool) -> str:
    if on_screen:
        return chance.weighted({"screenshot": 0.88, "screen_photo": 0.12})
    return chance.weighted({"photo": 0.92, "scan": 0.08})


# ── photographs ──────────────────────────────────────────────────────────────────────────────


def _photo(printing: Printing, chance: Chance, camera: str, wish: Wish) -> Picture:
    scene = draw_scene(chance.sub("scene"), camera)
    large = max(scene.frame.width, scene.frame.height)
    scene = with_frame(scene, _sensor(scene.frame))
    picture = _taken(printing, scene, wish)
    enlarged = large > max(scene.frame.width, scene.frame.height)
    return resized(picture, large) if enlarged else picture


SENSOR = 12_500_000


def _sensor(frame: Frame) -> Frame:
    """What is really resolved: pictures of 24 to 50 megapixels are enlarged ones of 12."""
    scale = min(1.0, (SENSOR / (frame.width * frame.height)) ** 0.5)
    return Frame(round(frame.width * scale), round(frame.height * scale))


def _taken(printing: Printing, scene: Scene, wish: Wish) -> Picture:
    if wish.upright or wish.besides:
        calm = replace(
            scene.pose, turn=0, fill=min(0.95, scene.pose.fill), angle=scene.pose.angle / 4
        )
        scene = replace(scene, pose=calm)
    if wish.besides:
        return _group(printing, scene, wish)
    paper = paper_for(printing, scene)
    shot = photograph(paper, scene, _finger_place(printing, wish))
    return Picture(shot.shot.pixels, shot.placement.quad, shot.shot.faults, shot.shot.occluders)


def paper_for(printing: Printing, scene: Scene) -> Paper:
    """The paper at about the resolution the photograph will have."""
    size = (printing.sheet.width, printing.sheet.height)
    return printing.paper(min(3.0, paper_scale(size, scene.frame, scene.pose) * 1.1))


def _finger_place(printing: Printing, wish: Wish) -> Quad | None:
    """Where on the sheet a finger has to lie."""
    if wish.finger_on is None:
        return None
    places = printed_places(printing.sheet).get(wish.finger_on, [])
    best = min(places, key=lambda place: place.rank, default=None)
    return best.quad if best else None


# ── several papers in one photograph ─────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Lying:
    """A paper among others."""

    printing: Printing
    paper: Paper
    placement: Placement


def _group(printing: Printing, scene: Scene, wish: Wish) -> Picture:
    """Papers side by side; the first one is what the label's fields are about."""
    side = max(scene.frame.width, scene.frame.height)
    scene = with_frame(scene, Frame(side, scene.frame.height))
    printings = (printing, *wish.besides)
    lying = [_lie(each, scene, number, len(printings)) for number, each in enumerate(printings)]
    pixels, faults = _laid_together(lying, scene)
    to_picture = lying[0].placement.quad
    view = View(to_picture, scene.frame.width, scene.frame.height)
    return Picture(pixels, to_picture, faults, (), tuple(_other_lines(lying, view)))


def _other_lines(lying: list[_Lying], view: View) -> Iterator[LineLabel]:
    for number, each in enumerate(lying[1:], 1):
        seen = replace(view, to_picture=each.placement.quad)
        for line in label_lines(each.printing.sheet, seen):
            yield line.model_copy(update={"field": None, "paper": number})


def _lie(printing: Printing, scene: Scene, number: int, of: int) -> _Lying:
    """A paper in its column of the frame."""
    chance = scene.chance.sub("lie", number)
    column = Frame(round(scene.frame.width / of), scene.frame.height)
    pose = Pose(0, chance.gauss(0, 4), 0.88, 0.01, (0.5, 0.5 + chance.gauss(0, 0.02)))
    size = (printing.sheet.width, printing.sheet.height)
    paper = printing.paper(min(3.0, paper_scale(size, column, pose)))
    surface = bend(paper.width, paper.height, FLAT, chance.sub("surface"))
    placement = place(paper, column, pose, surface, chance.sub("place"))
    return _Lying(printing, paper, placement.shifted(column.width * number, 0))


FLAT = Bends(curl=0.01, roll=0.0, folds=0, crumple=0.002, waves=0.004)


def _laid_together(lying: list[_Lying], scene: Scene) -> tuple[Pixels, tuple[str, ...]]:
    frame, chance = scene.frame, scene.chance
    name, backdrop = draw_background(chance.sub("background"), frame.width, frame.height)
    picture = backdrop.astype(np.float32)
    for each in lying:
        seen, mask = lay(each.paper, each.placement, frame)
        picture *= drop_shadow(mask, chance.sub("drop"))[..., None]
        picture += (seen - picture) * mask[..., None]
    picture = lit(picture, scene.light, chance.sub("lit"))
    pixels = expose(picture, scene.lens, scene.light.gamma, chance.sub("exposed"))
    faults = (f"on_{name}", "several_papers", *scene.light.faults, *scene.lens.faults)
    return pixels, faults


# ── scans ────────────────────────────────────────────────────────────────────────────────────


def _scan(printing: Printing, chance: Chance) -> Picture:
    """A flat-bed scanner: even light, hard contrast, a slightly crooked sheet."""
    scale = chance.uniform(1.1, 2.2) * min(1.0, 1100 / printing.sheet.width / 2)
    paper = printing.paper(max(0.6, scale))
    border = round(paper.width * chance.uniform(0.0, 0.08))
    frame = Frame(paper.width + 2 * border, paper.height + 2 * border)
    surface = bend(paper.width, paper.height, FLAT, chance.sub("surface"))
    pose = Pose(0, chance.gauss(0, 0.6), 1.0 - 1.5 * border / frame.width, 0.0, (0.5, 0.5))
    placement = place(paper, frame, pose, surface, chance)
    seen, mask = lay(paper, placement, frame)
    lid = chance.choice([255, 250, 236])
    picture = lid + (seen.astype(np.float32) - lid) * mask[..., None]
    return Picture(_scanner(picture, chance), placement.quad, ("scan",))


def _scanner(picture: np.ndarray, chance: Chance) -> Pixels:
    grey = cv2.cvtColor(np.clip(picture, 0, 255).astype(np.uint8), cv2.COLOR_BGR2GRAY)
    way = chance.weighted({"grey": 3, "levels": 4, "bilevel": 1.5})
    if way == "bilevel":
        grey = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    elif way == "levels":
        grey = np.clip((grey.astype(np.float32) - 60) * 1.5, 0, 255).astype(np.uint8)
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)


# ── screens ──────────────────────────────────────────────────────────────────────────────────


def _page(printing: Printing) -> Pixels:
    """What the screen shows: the painted sheet, or a picture of the paper for paper media."""
    if printing.receipt.template.family.medium == "thermal":
        return printing.paper(1.0).pixels
    return printing.painted


def _screenshot(printing: Printing, chance: Chance) -> Picture:
    """A capture by the phone itself, or the image that a shop's system made."""
    page = _page(printing)
    kind = chance.weighted({"app": 5, "gallery": 4, "bare": 3})
    if kind == "bare":
        container = chance.weighted({"jpg": 2, "png": 1, "pdf": 2})
        return Picture(page, Transform.identity().quad, ("e_receipt",), container=container)
    made = (screen.app_screenshot if kind == "app" else screen.gallery_preview)(page, chance)
    container = chance.weighted({"jpg": 3, "png": 1})
    return Picture(made.pixels, made.transform.quad, made.faults, container=container)


def _screen_photo(printing: Printing, chance: Chance, camera: str) -> Picture:
    """A phone's picture of another phone's or a monitor's screen."""
    shown = screen.app_screenshot(_page(printing), chance.sub("shown"))
    made = photograph_screen(shown.pixels, chance, camera)
    to_picture = made.to_picture
    return replace(made, to_picture=lambda quad: to_picture(shown.transform.quad(quad)))


def photograph_screen(shown: Pixels, chance: Chance, camera: str) -> Picture:
    """A picture on a screen, photographed; quads are taken in pixels of the picture."""
    scene = draw_scene(chance.sub("scene"), camera)
    pose = replace(scene.pose, turn=0, fill=chance.uniform(0.9, 1.12), tilt=0.015)
    bright = Light(1.0, 0.1, (1.08, 1.0, 0.95), 0.0, 0.0, 0.3 if chance.happens(0.3) else 0.0, 1.0)
    frame = scene.frame
    scale = min(1.5, paper_scale((shown.shape[1], shown.shape[0]), frame, pose) * 1.05)
    size = (round(shown.shape[1] * scale), round(shown.shape[0] * scale))
    pixels = cv2.resize(shown, size, interpolation=cv2.INTER_AREA)
    mask = np.full(pixels.shape[:2], 255, np.uint8)
    glass = Paper(pixels, mask, Sheet(1, 1, (), ()), scale)
    surface = bend(glass.width, glass.height, Bends(0, 0, 0, 0, 0), chance.sub("surface"))
    placement = place(glass, frame, pose, surface, chance.sub("place"))
    seen, cover = lay(glass, placement, frame)
    room = np.full((frame.height, frame.width, 3), chance.randint(8, 40), np.float32)
    picture = room + (screen.moire(seen.astype(np.float32), chance) - room) * cover[..., None]
    picture = lit(picture, bright, chance.sub("lit"))
    shot = expose(picture, scene.lens, 1.0, chance.sub("exposed"))
    return Picture(shot, placement.quad, ("screen_photo", "moire", *scene.lens.faults))
