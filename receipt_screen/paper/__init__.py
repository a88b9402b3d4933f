"""Finds the receipt in a photo and lays it flat.

No single cue finds paper on wood, on cloth, on a white table and in a screenshot alike. So
many cues (`scene`) each propose regions (`proposals`), and one judge compares them (`choice`):
how well a quadrilateral fits, whether light or colour change all along the outline, how much of
the photo's print lies inside, and whether print goes on beyond the border. To cut off a part of
a receipt costs the amount or the date, to take too much background costs little: in doubt the
larger proposal wins, another paper beside it is taken in, print that goes on pulls the border
along, a margin is added, and without a convincing proposal, or where as dense a print as the
paper's goes on beyond it, the whole photo is used.
"""

from __future__ import annotations

from receipt_screen.paper.choice import PaperSettings, choose_sheet
from receipt_screen.paper.quality import even_light, measure_quality
from receipt_screen.paper.rectify import flatten
from receipt_screen.paper.scene import Scene
from receipt_screen.records import Paper, PaperFacts, Photo

__all__ = ["PaperSettings", "even_light", "find_paper", "measure_quality"]

DEFAULT_SETTINGS = PaperSettings()


def find_paper(photo: Photo, settings: PaperSettings = DEFAULT_SETTINGS) -> Paper:
    """The receipt in a photo, cut out and flattened at the resolution of the photo's pixels.

    The paper's edges become the edges of the result; which of its four sides is up is left as
    it lies in the photo. Scans and screens that fill the image come back pixel for pixel. Where
    no paper can be told from its background `facts.found` is False and the whole photo is used.
    The quad may reach a little beyond the photo; such places are filled with the paper's colour.
    Never raises for a photo that `open_photos` made.
    """
    scene = Scene.of(photo.pixels)
    sheet = choose_sheet(scene, settings)
    flat = flatten(photo.pixels, sheet.quad, longest=settings.longest, upright=sheet.upright)
    to_photo = flat.to_photo.then(photo.to_full)
    facts = PaperFacts(
        found=sheet.kind != "whole",
        kind=sheet.kind,
        quad=to_photo.quad(flat.quad),
        quality=measure_quality(flat.pixels, cut_edges=sheet.cut_edges),
        drawn=scene.drawn,
    )
    return Paper(facts=facts, pixels=flat.pixels, to_photo=to_photo)
