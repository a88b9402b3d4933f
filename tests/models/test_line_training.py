"""What the recogniser and the detector are trained on, and how their files are written."""

from __future__ import annotations

import hashlib
import random

import cv2
import numpy as np
import onnx
import onnxruntime as ort
import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from onnx import TensorProto, helper, numpy_helper

from models.training.detector.data import core_of, is_level
from models.training.faces import gather, load_faces
from models.training.onnx_files import halved, quantise, record_sha256
from models.training.papers import FreshPaper, PrintedLine, fresh_papers
from models.training.recogniser.characters import CHARACTERS, HANGUL, INDEX, jamo
from models.training.recogniser.data import (
    HEIGHT,
    STEP,
    WAYS_TO_SPOIL,
    Strip,
    batch,
    batches,
    cut,
    frame_classes,
    jittered,
    photographed_strips,
    printed_strips,
)
from receipt_screen.geometry import Box, Quad
from receipt_screen.reading.models import characters_of
from samples.render.chance import Chance
from samples.render.fonts import OutlineFace, font_path, knows, outline_face
from samples.render.lines import LineSettings, make_line
from samples.render.written import ASCENT, Hand, Hands

STRIP = Strip(np.full((HEIGHT, 64), 200, np.uint8), "가1", ((4.0, 24.0), (40.0, 52.0)))
STRIPED = np.kron(np.indices((16, 80)).sum(0) % 2, np.ones((3, 3))).astype(np.uint8) * 190 + 30
"""Ink and paper in turn, in dots of three pixels."""


def test_the_shipped_recogniser_knows_the_characters_it_was_trained_on():
    assert characters_of("recogniser") == CHARACTERS


def test_every_syllable_is_made_of_its_jamo():
    assert len(HANGUL) == 2350
    initial, vowel, final = jamo("각")
    assert chr(0xAC00 + 588 * initial + 28 * vowel + final) == "각"


def test_frames_know_a_character_in_the_middle_of_its_place_and_nothing_else():
    classes = frame_classes(STRIP, 64 // STEP)
    assert classes[14 // STEP] == INDEX["가"]
    assert classes[46 // STEP] == INDEX["1"]
    assert set(classes) == {0, INDEX["가"], INDEX["1"]}


def test_a_batch_is_padded_with_paper_and_frames_of_unknown_places_are_left_out():
    narrow = Strip(np.full((HEIGHT, 30), 120, np.uint8), "가")
    made = batch([narrow, STRIP])
    assert made.strips.shape == (2, 1, HEIGHT, 64)
    assert made.strips[0, 0, :, 40:] == pytest.approx(120 / 127.5 - 1)
    assert (made.classes[0] == -1).all()


def test_batches_stay_within_their_columns():
    widths = random.Random(1)
    endless = iter(lambda: Strip(np.zeros((HEIGHT, widths.randint(20, 400)), np.uint8), "가"), None)
    stream = batches(endless, columns=2000, seed=1, chunk=50)
    for _ in range(10):
        made = next(stream)
        assert (
            made.strips.shape[0] == 1 or made.strips.shape[0] * (made.strips.shape[3] - 16) <= 2000
        )


def test_a_line_too_long_for_its_frames_is_not_learnt_from():
    assert Strip(STRIPED[:HEIGHT, :64], "11111").is_readable
    assert not Strip(STRIPED[:HEIGHT, :16], "11111").is_readable


def test_a_line_whose_ink_cannot_be_told_from_its_paper_is_not_learnt_from():
    faint = 200 + STRIPED[:HEIGHT, :64] // 40
    assert not Strip(np.asarray(faint, np.uint8), "1").is_readable


@pytest.mark.parametrize("spoil", WAYS_TO_SPOIL)
def test_a_spoilt_line_is_as_large_as_before_and_has_less_ink_or_softer_edges(spoil):
    many = [spoil(STRIPED, random.Random(seed)) for seed in range(20)]
    assert all(each.shape == STRIPED.shape and each.dtype == np.uint8 for each in many)
    assert all(each.std() < STRIPED.std() + 4 for each in many)  # noise may add a little
    assert sum((each != STRIPED).any() for each in many) > 15


def test_lines_are_cut_from_where_a_paper_says_they_stand():
    grey = np.full((200, 400), 230, np.uint8)
    grey[100:120, 50:250:2] = 20
    line = PrintedLine("123", Quad.from_box(Box(50, 100, 250, 120)), visible=True)
    strips = list(photographed_strips([FreshPaper(grey, (line,))] * 5, 1))
    assert [strip.text for strip in strips] == ["123"] * 5
    assert all(strip.pixels.std() > 5 for strip in strips)


@pytest.mark.usefixtures("fonts")
def test_fresh_papers_have_their_lines_ink_where_the_lines_say():
    darker = total = 0
    for _, paper in zip(range(4), fresh_papers(3), strict=False):
        pixels = paper.pixels()
        for line in paper.lines:
            box = line.quad.box
            inside = pixels[round(box.top) : round(box.bottom), round(box.left) : round(box.right)]
            if line.visible and line.is_text and inside.size:
                total += 1
                darker += bool(np.percentile(inside, 5) < np.percentile(pixels, 60))
    assert total > 40
    assert darker > 0.9 * total


@pytest.mark.usefixtures("fonts")
def test_lines_are_also_set_in_faces_of_a_folder(tmp_path):
    for kind, file in (("korean", font_path("nanum_gothic")), ("latin", font_path("dejavu_sans"))):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "a.ttf").symlink_to(file)
    further = load_faces(tmp_path)
    settings = LineSettings(5, faces=further.korean, latins=further.latin)
    used = {make_line(settings, index).face for index in range(30)}
    assert str(tmp_path / "korean" / "a.ttf") in used
    assert len(used) > 3
    assert next(printed_strips(5, further=further)).frames


@pytest.mark.usefixtures("fonts")
def test_written_lines_are_of_written_faces_and_no_letter_is_like_the_last():
    settings = LineSettings(5, written=1.0)
    crops = [make_line(settings, index) for index in range(40)]
    assert {crop.face for crop in crops} == {"nanum_pen", "kirang"}
    assert any("," in crop.text for crop in crops)
    assert len({crop.text for crop in crops}) > 35
    assert all(len(crop.ranges) == len(crop.text) for crop in crops)


@pytest.mark.usefixtures("fonts")
def test_written_lines_take_further_hands_and_digits_of_many_writers(tmp_path):
    (tmp_path / "hand").mkdir()
    (tmp_path / "hand" / "a.ttf").symlink_to(font_path("nanum_barunpen"))
    (tmp_path / "pen").mkdir()
    (tmp_path / "pen" / "b.ttf").symlink_to(font_path("dejavu_sans"))
    one = np.zeros((1, 28, 28), np.uint8)
    one[0, 4:24, 12:16] = 255
    np.savez(tmp_path / "digits.npz", **dict.fromkeys("0123456789", one))
    further = load_faces(tmp_path)
    hands = Hands(further.hand, further.pen, further.digits)
    settings = LineSettings(5, written=1.0, hands=hands)
    crops = [make_line(settings, index) for index in range(60)]
    assert str(tmp_path / "hand" / "a.ttf") in {crop.face for crop in crops}
    assert all(len(crop.ranges) == len(crop.text) for crop in crops)


@pytest.mark.usefixtures("fonts")
def test_a_written_digit_stands_on_the_line_and_is_as_high_as_one(tmp_path):
    eight = np.zeros((1, 28, 28), np.uint8)
    cv2.ellipse(eight[0], (14, 9), (5, 5), 0, 0, 360, 255, 3)
    cv2.ellipse(eight[0], (14, 18), (6, 5), 0, 0, 360, 255, 3)
    np.savez(tmp_path / "digits.npz", **dict.fromkeys("0123456789", eight))
    letters = outline_face("hand", "nanum_pen", 40)
    hand = Hand(letters, None, tmp_path / "digits.npz", None)
    ink = hand.letter("8", Chance(3)).ink
    rows = np.flatnonzero((ink > 128).any(1))
    assert rows[-1] == pytest.approx(40 * ASCENT, abs=2)
    assert 0.5 * 40 < rows[-1] - rows[0] < 0.85 * 40


@pytest.mark.usefixtures("fonts")
def test_a_won_sign_that_a_hand_lacks_is_a_w_with_a_line_through_it():
    letters = OutlineFace("a hand", "baekmuk_dotum", "baekmuk_dotum", 40)
    assert not knows(letters.regular, "₩")
    hand = Hand(letters, None, None, None)
    won, plain = hand.letter("₩", Chance(1)).ink, hand.letter("W", Chance(1)).ink
    assert np.all(won >= plain)
    assert (won > plain).any()


@pytest.mark.usefixtures("fonts")
def test_a_face_in_two_files_becomes_one_and_latin_alone_stays_apart(tmp_path):
    packages = tmp_path / "packages"
    packages.mkdir()
    for name, font, text in (
        ("one-korean-400-normal.woff", "nanum_gothic", "".join(HANGUL)),
        ("one-latin-400-normal.woff", "nanum_gothic", "0123456789AB"),
        ("two-latin-700-normal.woff", "dejavu_sans", "0123456789AB"),
    ):
        part = TTFont(font_path(font))
        subsetter = Subsetter(Options(layout_features=[]))
        subsetter.populate(text=text)
        subsetter.subset(part)
        part.flavor = "woff"
        part.save(packages / name)
    written = set(gather(packages, tmp_path / "out"))
    assert written == {tmp_path / "out/korean/one-400.ttf", tmp_path / "out/latin/two-700.ttf"}
    whole = TTFont(tmp_path / "out/korean/one-400.ttf").getBestCmap()
    assert {ord("가"), ord("0")} <= set(whole)
    assert load_faces(tmp_path / "out").korean == (tmp_path / "out/korean/one-400.ttf",)


def test_jitter_moves_a_quad_by_less_than_a_line():
    quad, chance = Quad.from_box(Box(100, 100, 300, 120)), random.Random(2)
    for _ in range(50):
        moved = jittered(quad, chance)
        assert np.abs(moved.array - quad.array).max() < 20
        assert cut(np.full((200, 400), 255, np.uint8), moved, chance).shape[0] == 48


def test_a_core_is_half_as_high_as_its_line_and_inside_it():
    corners = np.array([[10.0, 10], [110, 10], [110, 30], [10, 30]])
    core = core_of(corners)
    assert core[:, 1].min() == 15
    assert core[:, 1].max() == 25
    assert core[:, 0].min() == 15
    assert is_level(corners)
    assert not is_level(corners[:, ::-1])


def test_halved_weights_give_the_same_answer_from_a_smaller_file():
    weights = np.random.default_rng(0).normal(size=(64, 64)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 64])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 64])],
        [numpy_helper.from_array(weights, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    whole, half = model.SerializeToString(), halved(model).SerializeToString()
    x = np.ones((1, 64), np.float32)
    answers = [
        ort.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
        for file in (whole, half)
    ]
    assert len(half) < 0.6 * len(whole)
    assert np.abs(answers[0] - answers[1]).max() < 0.05
    assert onnx.load_from_string(half).graph.initializer[0].data_type == TensorProto.FLOAT16


def test_quantised_convolutions_answer_nearly_the_same_and_the_first_one_stays(tmp_path):
    chance = np.random.default_rng(0)
    weights = [chance.normal(size=(8, 8, 3, 3)).astype(np.float32) * 0.1 for _ in range(2)]
    shape = ["n", 8, 16, "w"]
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["x", "first"], ["middle"], "one", pads=[1, 1, 1, 1]),
            helper.make_node("Conv", ["middle", "second"], ["y"], "two", pads=[1, 1, 1, 1]),
        ],
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(w, n) for w, n in zip(weights, ("first", "second"), strict=True)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    whole, small = tmp_path / "whole.onnx", tmp_path / "small.onnx"
    onnx.save(model, whole)
    batches = [chance.normal(size=(4, 8, 16, 24)).astype(np.float32) for _ in range(4)]
    quantise(whole, small, batches)
    answers = [
        ort.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, {"x": batches[0]})
        for path in (whole, small)
    ]
    kinds = {tensor.name: tensor.data_type for tensor in onnx.load(small).graph.initializer}
    assert kinds["first"] == TensorProto.FLOAT
    assert kinds["second_quantized"] == TensorProto.INT8
    assert 0 < np.abs(answers[0][0] - answers[1][0]).max() < 0.05 * np.abs(answers[0][0]).max()


def test_manifest_and_card_get_the_sha256_of_the_model_named_and_no_other(tmp_path):
    manifest, card = tmp_path / "manifest.toml", tmp_path / "a.md"
    manifest.write_text(
        '[a]\nfile = "a.onnx"\nsha256 = "aaaa"\ncard = "a.md"\n\n[b]\nsha256 = "bbbb"\n'
    )
    card.write_text("sha256 `aaaa`")
    (tmp_path / "a.onnx").write_bytes(b"weights")
    record_sha256("a", manifest)
    assert hashlib.sha256(b"weights").hexdigest() in card.read_text()
    assert "bbbb" in manifest.read_text()
    assert "aaaa" not in manifest.read_text()
    with pytest.raises(SystemExit, match="no entry"):
        record_sha256("c", manifest)
