"""Copies that no perceptual hash knows are found by the corners they share."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from receipt_screen.compare import VisualIndex, VisualWords, visual_words
from receipt_screen.compare import words as words_module
from receipt_screen.photo import open_photos
from receipt_screen.records import Pixels
from samples.render.labels import Label, SampleRelation

SAMPLES = Path(__file__).parents[2] / "samples"
COPIES = {SampleRelation.SAME_IMAGE, SampleRelation.ALTERED_COPY}
MOST = 5


def labels() -> list[Label]:
    lines = (SAMPLES / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    return [Label.model_validate_json(line) for line in lines]


def pixels_of(label: Label) -> Pixels:
    return open_photos(SAMPLES / "images" / label.file)[0].pixels


@pytest.mark.slow
def test_every_copy_among_the_samples_finds_the_picture_it_was_made_from() -> None:
    index, missed = VisualIndex(), []
    for label in labels():
        words = visual_words(pixels_of(label))
        wanted = {each.to for each in label.relations if each.relation in COPIES}
        missed += [(label.id, label.relations[0].how) for _ in wanted - {*index.alike(words, MOST)}]
        index.add(label.id, words)
    assert missed == []


def test_a_picture_turned_by_a_quarter_and_cropped_is_found_among_others() -> None:
    pictures = [pixels_of(label) for label in labels()[:6]]
    index = VisualIndex()
    for number, pixels in enumerate(pictures):
        index.add(str(number), visual_words(pixels))

    height, width = pictures[2].shape[:2]
    cropped = pictures[2][height // 12 :, width // 12 :]
    copy = np.ascontiguousarray(np.rot90(cropped))

    assert index.alike(visual_words(copy), MOST)[0] == "2"


def test_a_picture_taken_in_the_dark_is_found_among_others() -> None:
    pictures = [pixels_of(label) for label in labels()[:6]]
    index = VisualIndex()
    for number, pixels in enumerate(pictures):
        index.add(str(number), visual_words(pixels))

    dark = (pictures[2] * 0.1).astype(np.uint8)

    assert index.alike(visual_words(dark), MOST)[:1] == ["2"]


CORNERS = 500
DECOYS = 40


def scattered(chance: np.random.Generator) -> VisualWords:
    """A picture of any words anywhere."""
    words = chance.integers(0, 1 << 20, (CORNERS, 4)) + (np.arange(4) << 20)
    points = chance.integers(100, 800, (CORNERS, 2))
    return VisualWords(words.astype(np.uint32), points.astype(np.uint16))


@pytest.mark.parametrize("turn", range(4))
def test_fewer_words_in_common_that_one_shift_explains_outweigh_more_that_none_does(
    turn: int,
) -> None:
    chance, index = np.random.default_rng(3), VisualIndex()
    picture = partial(scattered, chance)
    first, again = picture(), picture()
    for number in range(DECOYS):
        decoy, some = picture(), chance.permutation(CORNERS)[:60]
        decoy.words[some] = first.words[some]
        index.add(f"decoy {number}", decoy)
    again.words[:30] = first.words[:30]
    x, y = first.points[:30].astype(int).T
    turned = ((x, y), (900 - y, x), (900 - x, 900 - y), (y, 900 - x))[turn]
    again.points[:30] = np.stack(turned, axis=1) + np.array([20, 40])
    index.add("again", again)

    assert index.alike(first, MOST) == ["again"]


def test_a_picture_without_corners_is_like_none_and_harms_none() -> None:
    index = VisualIndex()
    blank = visual_words(np.full((300, 200, 3), 255, np.uint8))
    index.add("blank", blank)

    assert index.alike(blank, MOST) == []


def test_a_name_that_comes_again_stands_for_its_last_picture() -> None:
    one, other = (visual_words(pixels_of(label)) for label in labels()[:2])
    index = VisualIndex()
    index.add("a", one)
    index.add("b", one)
    index.add("a", other)

    assert index.alike(one, MOST) == ["b"]
    assert index.alike(other, MOST) == ["a"]


def test_words_come_back_from_their_file_as_they_were(tmp_path: Path) -> None:
    words = visual_words(pixels_of(labels()[0]))
    words.save(tmp_path / "a.words")

    loaded = VisualWords.load(tmp_path / "a.words")

    assert np.array_equal(loaded.words, words.words)
    assert np.array_equal(loaded.points, words.points)


def test_two_processes_may_write_the_words_of_one_photo_at_once(tmp_path: Path) -> None:
    # The same photo handed in twice is read by two workers of a batch at the same moment.
    file = tmp_path / "one.words"
    code = (
        "import sys, numpy as np; from pathlib import Path; "
        "from receipt_screen.compare import VisualWords; "
        "words = VisualWords(np.ones((1500, 4), np.uint32), np.ones((1500, 2), np.uint16)); "
        "[words.save(Path(sys.argv[1])) for _ in range(1500)]"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(file)], stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    said = [writer.communicate(timeout=100)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], said
    assert len(VisualWords.load(file).words) == 1500
    assert [path.name for path in tmp_path.iterdir()] == ["one.words"]


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY\x01\x00"])
def test_a_file_that_holds_no_words_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.words").write_bytes(content)

    with pytest.raises((OSError, ValueError)):
        VisualWords.load(tmp_path / "a.words")


def test_words_of_another_version_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, words = tmp_path / "a.words", scattered(np.random.default_rng(3))
    older = words_module._HEAD - np.eye(1, words_module.TABLES + 2, 1, dtype=np.uint32)
    with monkeypatch.context() as patched:
        patched.setattr(words_module, "_HEAD", older)
        words.save(file)

    with pytest.raises(ValueError, match=r"a\.words"):
        VisualWords.load(file)
