"""Papers drawn on backgrounds, at known places: found whole, laid flat, measured."""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from receipt_screen.geometry import Quad, Transform
from receipt_screen.paper import even_light, find_paper, measure_quality
from receipt_screen.photo import open_photos
from receipt_screen.records import Paper, Photo, PhotoFacts, Pixels

REAL = Path(__file__).parents[2] / "shared" / "real"
SAMPLES = Path(__file__).parents[1] / "samples"
Points = npt.NDArray[np.float32]


def photo_of(pixels: Pixels, reduced: int = 1) -> Photo:
    """A photo with these pixels, decoded at a part of its full size."""
    height, width = pixels.shape[:2]
    facts = PhotoFacts(
        file="drawn.png",
        sha256="0" * 64,
        bytes=1,
        format="PNG",
        width=width * reduced,
        height=height * reduced,
    )
    return Photo(facts=facts, pixels=pixels, to_full=Transform.scaling(reduced))


# ── drawing ──────────────────────────────────────────────────────────────────────────────────


def draw_receipt(rng: np.random.Generator, width: int = 420, rows: int = 26) -> Pixels:
    """White paper with rows of words and amounts, rules and a bar code."""
    paper = np.full((rows * 30 + 100, width, 3), 240, np.uint8)
    for row in range(rows):
        y = 40 + row * 30
        words = "".join(rng.choice(list("ABDEGHKMRS0568"), 10)) if row % 7 else "-" * 24
        cv2.putText(paper, words, (24, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (50, 50, 50), 2)
        amount = f"{rng.integers(1_000, 300_000):,}"
        if row % 7:
            cv2.putText(paper, amount, (width - 120, y), 0, 0.6, (50, 50, 50), 2)
    for x in range(40, width - 40, 6):
        top = paper.shape[0] - 50
        cv2.rectangle(paper, (x, top), (x + int(rng.integers(1, 5)), top + 30), (40, 40, 40), -1)
    return paper


def wood(rng: np.random.Generator, size: tuple[int, int]) -> Pixels:
    height, width = size
    grain = cv2.resize(rng.normal(0, 1, (height // 3, 8)).astype(np.float32), (width, height))
    return np.clip(np.array([60, 90, 140]) * (1 + 0.1 * grain[..., None]), 0, 255).astype(np.uint8)


def cloth(rng: np.random.Generator, size: tuple[int, int]) -> Pixels:
    noise = cv2.resize(rng.normal(0, 1, (size[0] // 3, size[1] // 3)), size[::-1])
    return np.clip(np.array([120, 70, 50]) * (1 + 0.15 * noise[..., None]), 0, 255).astype(np.uint8)


def desk(rng: np.random.Generator, size: tuple[int, int]) -> Pixels:
    slope = np.linspace(0.7, 1.1, size[1])[None, :, None]
    noise = rng.normal(0, 3, (*size, 1))
    return np.clip(np.array([135, 130, 128]) * slope + noise, 0, 255).astype(np.uint8)


def dashboard(rng: np.random.Generator, size: tuple[int, int]) -> Pixels:
    return np.clip(35 + rng.normal(0, 4, (*size, 3)), 0, 255).astype(np.uint8)


BACKGROUNDS = [wood, cloth, desk, dashboard]


def lay(paper: Pixels, background: Pixels, quad: Points, rng: np.random.Generator) -> Pixels:
    """A photograph of the paper at a place on a background: shadow, noise, a little blur."""
    height, width = paper.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, quad.astype(np.float32))
    size = background.shape[1::-1]
    mask = cv2.warpPerspective(np.full(paper.shape, 255, np.uint8), matrix, size) / 255.0
    shadow = cv2.GaussianBlur(np.roll(mask, (8, 6), (0, 1)), (0, 0), 9)
    laid = background * (1 - 0.3 * shadow) * (1 - mask)
    lit = paper * np.linspace(0.85, 1, height)[:, None, None]
    laid += cv2.warpPerspective(lit, matrix, size) * mask + rng.normal(0, 2, mask.shape)
    return cv2.GaussianBlur(np.clip(laid, 0, 255).astype(np.uint8), (0, 0), 0.8)


def placed(
    paper: Pixels, center: tuple[float, float], scale: float, degrees: float, slant: float = 0.0
) -> Points:
    """The corners of a paper turned about its centre; `slant` narrows its upper edge."""
    height, width = paper.shape[:2]
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (width / 2, height / 2) * scale
    corners[:2, 0] *= 1 - slant
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return (corners @ turn.T + center).astype(np.float32)


@dataclass(frozen=True)
class Scene:
    """A drawn photo, and where the paper lies on it."""

    pixels: Pixels
    quad: Points

    def find(self) -> Paper:
        return find_paper(photo_of(self.pixels))


def scene(
    background: str = "wood",
    degrees: float = 3,
    slant: float = 0.06,
    center: tuple[float, float] = (480, 640),
) -> Scene:
    rng = np.random.default_rng(1)
    paint = next(paint for paint in BACKGROUNDS if paint.__name__ == background)
    paper = draw_receipt(rng)
    quad = placed(paper, center, 0.95, degrees, slant)
    return Scene(lay(paper, paint(rng, (1280, 960)), quad, rng), quad)


def lies_inside(inner: Points, outer: Quad, tolerance: float = 2.0) -> bool:
    outline = outer.array.astype(np.float32)
    return all(
        cv2.pointPolygonTest(outline, (float(x), float(y)), True) >= -tolerance for x, y in inner
    )


def overlap(one: Points, other: Quad) -> float:
    """Intersection over union of two convex quads."""
    outline = other.array.astype(np.float32)
    shared, _ = cv2.intersectConvexConvex(one, outline)
    return shared / (cv2.contourArea(one) + cv2.contourArea(outline) - shared)


# ── finding ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("background", ["wood", "cloth", "desk", "dashboard"])
@pytest.mark.parametrize("degrees", [-12, 4, 37, 90, 180, -75])
def test_a_paper_is_found_whole_and_close(background, degrees):
    drawn = scene(background, degrees)
    facts = drawn.find().facts
    assert facts.found
    assert facts.kind == "paper"
    assert lies_inside(drawn.quad, facts.quad)
    assert overlap(drawn.quad, facts.quad) > 0.65


def seen_at_a_slant(paper: Pixels, degrees: float, towards: float) -> Points:
    """The corners of a paper that is tilted away from the camera, in a direction."""
    height, width = paper.shape[:2]
    away, focal = np.deg2rad(degrees), 1.5
    angle = np.deg2rad(towards)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (width / 2, height / 2) / height
    x, y = (corners @ turn.T).T
    nearer = focal / (focal + y * np.sin(away))
    seen = np.column_stack([x, y * np.cos(away)]) * nearer[:, None]
    return (seen @ turn * 1050 + (480, 640)).astype(np.float32)


@pytest.mark.parametrize("background", ["wood", "dashboard"])
@pytest.mark.parametrize(("degrees", "towards"), [(50, 30), (50, -30), (50, 60), (45, 120)])
def test_a_paper_seen_at_a_steep_slant_is_laid_flat(background, degrees, towards):
    rng = np.random.default_rng(1)
    receipt = draw_receipt(rng)
    quad = seen_at_a_slant(receipt, degrees, towards)
    paint = next(paint for paint in BACKGROUNDS if paint.__name__ == background)
    paper = find_paper(photo_of(lay(receipt, paint(rng, (1280, 960)), quad, rng)))
    corners = paper.to_photo.inverse().quad(Quad.from_array(quad)).array
    sides = np.roll(corners, -1, axis=0) - corners
    slopes = np.degrees(np.arctan2(sides[:, 1], sides[:, 0]))
    assert lies_inside(quad, paper.facts.quad)
    assert np.abs(slopes - 90 * np.round(slopes / 90)).max() < 10


def test_a_curled_paper_lies_wholly_inside():
    rng = np.random.default_rng(5)
    drawn = scene("desk", degrees=0, slant=0)
    rows, columns = np.mgrid[: drawn.pixels.shape[0], : drawn.pixels.shape[1]].astype(np.float32)
    bend = 30 * np.sin(rows / 260)
    pixels = cv2.remap(drawn.pixels, columns + bend, rows, cv2.INTER_LINEAR, None, 2)
    sides = drawn.quad[[0, 3]].mean(axis=0)[0], drawn.quad[[1, 2]].mean(axis=0)[0]
    top, bottom = drawn.quad[0, 1], drawn.quad[2, 1]
    heights = rng.uniform(top, bottom, 60)
    outline = [(x - 30 * np.sin(y / 260), y) for y in heights for x in sides]
    facts = find_paper(photo_of(pixels)).facts
    assert facts.found
    assert lies_inside(np.array(outline, np.float32), facts.quad)


def test_a_shadow_across_the_paper_cuts_nothing_off():
    drawn = scene("wood", degrees=5)
    rows, columns = np.mgrid[: drawn.pixels.shape[0], : drawn.pixels.shape[1]]
    shade = 1 - 0.45 / (1 + np.exp(-(rows + 0.5 * columns - 800) / 8))
    pixels = (drawn.pixels * shade[..., None]).astype(np.uint8)
    assert lies_inside(drawn.quad, find_paper(photo_of(pixels)).facts.quad)


@pytest.mark.parametrize("background", ["wood", "desk"])
def test_a_paper_whose_larger_part_lies_in_a_shadow_as_dark_as_the_table_is_not_cut(background):
    rng = np.random.default_rng(1)
    paint = next(paint for paint in BACKGROUNDS if paint.__name__ == background)
    table = paint(rng, (1280, 960))
    shaded = (draw_receipt(rng, rows=22) * (table.mean(axis=(0, 1)) / 240)).astype(np.uint8)
    blank = np.full((40, 420, 3), 240, np.uint8)
    receipt = np.vstack([draw_receipt(rng, rows=12), blank, shaded])
    quad = placed(receipt, (480, 640), 1100 / receipt.shape[0], 4)
    assert lies_inside(quad, find_paper(photo_of(lay(receipt, table, quad, rng))).facts.quad)


@pytest.mark.parametrize("table", [205, 225, 238])
def test_white_paper_on_a_white_table_is_not_cut(table):
    rng = np.random.default_rng(2)
    paper = draw_receipt(rng)
    quad = placed(paper, (480, 640), 0.95, 8)
    background = np.full((1280, 960, 3), table, np.uint8)
    facts = find_paper(photo_of(lay(paper, background, quad, rng))).facts
    assert lies_inside(quad, facts.quad)


def test_of_two_papers_the_central_one_with_more_print_is_taken():
    rng = np.random.default_rng(3)
    paper, blank = draw_receipt(rng), np.full((500, 400, 3), 235, np.uint8)
    beside = placed(blank, (900, 200), 0.8, 20)
    quad = placed(paper, (500, 660), 0.95, -6)
    pixels = lay(blank, wood(rng, (1280, 1100)), beside, rng)
    pixels = lay(paper, pixels, quad, rng)
    facts = find_paper(photo_of(pixels)).facts
    assert facts.found
    assert lies_inside(quad, facts.quad)
    assert overlap(quad, facts.quad) > 0.65


@pytest.mark.parametrize("background", ["wood", "desk", "dashboard"])
def test_of_two_receipts_side_by_side_none_is_left_out(background):
    rng = np.random.default_rng(4)
    paint = next(paint for paint in BACKGROUNDS if paint.__name__ == background)
    pixels = paint(rng, (1100, 1500))
    quads = [
        placed(draw_receipt(rng), (x, 540), 0.9, degrees) for x, degrees in ((360, 4), (1130, -7))
    ]
    for quad in quads:
        pixels = lay(draw_receipt(rng), pixels, quad, rng)
    facts = find_paper(photo_of(pixels)).facts
    assert facts.found
    assert all(lies_inside(quad, facts.quad) for quad in quads)


def test_a_paper_that_runs_out_of_the_photo_says_where():
    drawn = scene("wood", degrees=2, center=(480, 1000))
    facts = drawn.find().facts
    assert facts.found
    assert facts.quality.cut_edges == ("bottom",)


def test_a_dark_photo_of_few_shades_is_no_screenshot():
    rng = np.random.default_rng(6)
    drawn = scene("dashboard", degrees=0, slant=0)
    noise = rng.integers(0, 4, drawn.pixels.shape[:2])[..., None]
    shades = np.where(drawn.pixels > 100, 140, drawn.pixels // 8) + noise
    facts = find_paper(photo_of(shades.astype(np.uint8))).facts
    assert (facts.kind, facts.drawn) == ("paper", False)


def test_what_a_program_drew_is_told_from_what_a_camera_saw():
    drawn = draw_receipt(np.random.default_rng(7))
    compressed = cv2.imdecode(cv2.imencode(".jpg", drawn, [cv2.IMWRITE_JPEG_QUALITY, 80])[1], 1)
    assert find_paper(photo_of(np.ascontiguousarray(compressed))).facts.drawn is True
    assert scene().find().facts.drawn is False


def test_a_paper_within_the_photo_is_not_cut():
    assert scene().find().facts.quality.cut_edges == ()


@pytest.mark.parametrize("background", ["wood", "cloth", "desk", "dashboard"])
def test_a_photo_without_a_paper_is_used_whole(background):
    rng = np.random.default_rng(4)
    paint = next(paint for paint in BACKGROUNDS if paint.__name__ == background)
    pixels = paint(rng, (900, 700))
    paper = find_paper(photo_of(pixels))
    assert not paper.facts.found
    assert paper.facts.kind == "whole"
    assert paper.pixels is pixels
    assert paper.to_photo == Transform.identity()


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (60, 3000), (64, 64)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_image_with_nothing_on_it_is_used_whole(size, value):
    paper = find_paper(photo_of(np.full((*size, 3), value, np.uint8)))
    assert paper.pixels.shape[:2] == size
    assert paper.facts.quality.sharpness == 0


# ── screens and scans ────────────────────────────────────────────────────────────────────────


def test_a_scan_comes_back_pixel_for_pixel():
    receipt = draw_receipt(np.random.default_rng(6))
    paper = find_paper(photo_of(receipt))
    assert (paper.facts.found, paper.facts.kind) == (True, "scan")
    assert paper.pixels is receipt
    assert paper.to_photo == Transform.identity()


@pytest.mark.parametrize("bars", ["beside", "around"])
def test_the_panel_of_a_screenshot_is_cut_out_without_resampling(bars):
    receipt = draw_receipt(np.random.default_rng(7))
    height, width = receipt.shape[:2]
    above = 150 if bars == "around" else 0
    screen = np.full((height + 2 * above, width + 260, 3), 8, np.uint8)
    screen[above : above + height, 130 : 130 + width] = receipt
    paper = find_paper(photo_of(screen))
    assert paper.facts.kind == "screen"
    box = paper.facts.quad.box
    left, top = int(box.left), int(box.top)
    cut = screen[top : int(box.bottom), left : int(box.right)]
    assert np.array_equal(paper.pixels, cut)
    panel = np.array([[130, above], [130 + width, above + height]], np.float32)
    assert lies_inside(panel, paper.facts.quad, tolerance=1)
    assert cut.shape[1] < width + 130


# ── flattening ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("degrees", [-40, -3, 20, 44])
def test_the_flat_paper_lies_as_near_to_the_photo_as_it_can(degrees):
    """The top left corner stays top left up to 45 degrees, and no needless turn is made."""
    drawn = scene("desk", degrees)
    paper = drawn.find()
    corners = paper.to_photo.inverse().quad(Quad.from_array(drawn.quad)).array
    height, width = paper.pixels.shape[:2]
    expected = np.array([[0, 0], [width, 0], [width, height], [0, height]])
    assert np.abs(corners - expected).max() < 0.12 * max(width, height)


def test_the_flat_paper_keeps_the_photo_s_resolution():
    drawn = scene("desk", degrees=10, slant=0)
    height, width = drawn.find().pixels.shape[:2]
    true_width = np.hypot(*(drawn.quad[1] - drawn.quad[0]))
    true_height = np.hypot(*(drawn.quad[3] - drawn.quad[0]))
    assert true_width <= width < 1.25 * true_width
    assert true_height <= height < 1.25 * true_height


def test_the_flat_paper_is_no_longer_than_three_thousand_pixels():
    drawn = scene("desk", degrees=0)
    large = cv2.resize(drawn.pixels, None, fx=4, fy=4)
    assert max(find_paper(photo_of(large)).pixels.shape) == 3000


def test_places_lead_back_to_the_full_size_photo():
    drawn = scene("wood", degrees=7)
    paper = find_paper(photo_of(drawn.pixels, reduced=4))
    height, width = paper.pixels.shape[:2]
    whole = Quad.from_array([[0, 0], [width, 0], [width, height], [0, height]])
    assert np.allclose(paper.to_photo.quad(whole).array, paper.facts.quad.array)
    assert lies_inside(drawn.quad * 4, paper.facts.quad, tolerance=8)


# ── light and quality ────────────────────────────────────────────────────────────────────────


def test_even_light_removes_a_slope_and_keeps_the_print():
    receipt = cv2.cvtColor(draw_receipt(np.random.default_rng(8)), cv2.COLOR_BGR2GRAY)
    slope = np.linspace(0.35, 1, receipt.shape[1])
    even = even_light((receipt * slope).astype(np.uint8))
    assert even.shape == receipt.shape
    assert even.dtype == np.uint8
    assert np.percentile(even[receipt > 235], 5) > 235
    assert np.percentile(even[receipt < 60], 95) < 110


def test_sharpness_falls_with_blur_and_hardly_with_resolution():
    sharp = scene("desk", degrees=0, slant=0).find().pixels
    half = cv2.resize(sharp, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)
    sharpness = [
        measure_quality(cv2.GaussianBlur(sharp, (0, 0), sigma)).sharpness
        for sigma in (0.5, 1.5, 2.5)
    ]
    assert sharpness == sorted(sharpness, reverse=True)
    assert sharpness[0] > 60 > sharpness[-1]
    assert measure_quality(half).sharpness > 0.5 * measure_quality(sharp).sharpness


def test_faded_print_is_not_called_blurred():
    receipt = draw_receipt(np.random.default_rng(9)).astype(np.float32)
    dark = measure_quality(receipt.astype(np.uint8))
    faded = measure_quality((240 - (240 - receipt) * 0.4).astype(np.uint8))
    assert faded.contrast < 0.6 * dark.contrast
    assert faded.sharpness == pytest.approx(dark.sharpness, rel=0.3)


def test_glare_is_a_large_white_area_on_grey_paper_only():
    receipt = (draw_receipt(np.random.default_rng(10)) * 0.8).astype(np.uint8)
    lamp = receipt.copy()
    cv2.circle(lamp, (210, 400), 130, (255, 255, 255), -1)
    share = np.pi * 130**2 / (receipt.shape[0] * receipt.shape[1])
    assert measure_quality(receipt).glare == 0
    assert measure_quality(lamp).glare == pytest.approx(share, rel=0.2)
    assert measure_quality(np.full_like(receipt, 255)).glare == 0


# ── other people's images ────────────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.skipif(not (SAMPLES / "labels.jsonl").exists(), reason="no samples/labels.jsonl")
def test_nine_of_ten_samples_keep_every_line():
    """A sample with a second receipt beside the first counts as lost by either."""
    rows = (SAMPLES / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    labels = [json.loads(row) for row in rows]
    kept = [_keeps_every_line(label) for label in labels[::4]]
    assert sum(kept) >= 0.9 * len(kept)


def _keeps_every_line(label: dict) -> bool:
    path = next(
        path
        for path in (SAMPLES / label["file"], SAMPLES / "images" / label["file"])
        if path.exists()
    )
    photo = open_photos(path)[0]
    size = np.array([photo.facts.width, photo.facts.height])
    quads = [np.array(line["quad"]) for line in label["lines"]]
    shown = [quad for quad in quads if (quad.mean(axis=0) < size).all() and quad.mean() > 0]
    quad = find_paper(photo).facts.quad
    return all(lies_inside(np.clip(line, 1, size - 2), quad, 0.004 * size.max()) for line in shown)


@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason="no real receipts beside the repository")
def test_every_real_photo_is_flattened_and_most_papers_are_found():
    papers = [find_paper(open_photos(path)[0]) for path in sorted(REAL.glob("*.jpg"))]
    assert sum(paper.facts.found for paper in papers) >= 0.9 * len(papers)
    assert all(min(paper.pixels.shape[:2]) > 200 for paper in papers)
