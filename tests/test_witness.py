"""A batch has its folder: what no print knows again is compared with the pictures in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from stub_readers import draw_receipt, open_stub

from receipt_screen import BatchSettings, Campaign, open_registry, run_batch
from receipt_screen.desk.store import open_desk
from receipt_screen.records import Relation

CAMPAIGN = Path(__file__).parent.parent / "samples" / "campaigns" / "jeonbuk-2025.toml"

pytestmark = pytest.mark.slow


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """Three receipts, and a copy of the first that is turned a little and cut at its edges."""
    folder = tmp_path / "uploads"
    for number in range(1, 4):
        draw_receipt(folder / f"{number}.png", number)
    image = cv2.imread(str(folder / "1.png"))
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 4, 1.0)
    turned = cv2.warpAffine(image, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    cv2.imwrite(str(folder / "9.jpg"), turned[20:-12, 9:-9])
    return folder


def screened(uploads: Path, out: Path) -> dict[str, dict[str, Any]]:
    settings = BatchSettings(folder=uploads, out=out, workers=2, reader=open_stub)
    out.mkdir(exist_ok=True)
    with open_registry(f"sqlite:///{out / 'registry.db'}") as registry:
        run_batch(settings, Campaign.load(CAMPAIGN), registry)
    lines = (out / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["file"]: record for record in map(json.loads, lines)}


def duplicates(record: dict[str, Any]) -> dict[str, str]:
    return {
        match["submission"]: match["relation"]
        for match in record["matches"]
        if match["relation"] != "same_template"
    }


def test_a_turned_and_cropped_copy_names_its_original_and_the_others_nobody(
    uploads: Path, tmp_path: Path
) -> None:
    records = screened(uploads, tmp_path / "out")

    assert duplicates(records["9.jpg"]) == {"1.png": "same_image"}
    assert "picture" in records["9.jpg"]["matches"][0]["agrees"]
    assert records["9.jpg"]["verdict"] == "ineligible"
    assert [duplicates(records[f"{number}.png"]) for number in range(1, 4)] == [{}, {}, {}]


def screen_without_the_copy(uploads: Path, out: Path) -> None:
    """A first half; the copy lies in the folder again afterwards."""
    copy = uploads / "9.jpg"
    waiting = copy.rename(out.with_name("copy.jpg"))
    screened(uploads, out)
    waiting.rename(copy)


def test_a_batch_that_goes_on_still_knows_the_pictures_of_its_first_half(
    uploads: Path, tmp_path: Path
) -> None:
    screen_without_the_copy(uploads, tmp_path / "out")

    records = screened(uploads, tmp_path / "out")

    assert duplicates(records["9.jpg"]) == {"1.png": "same_image"}


def test_a_pair_marked_distinct_is_not_brought_back_by_its_pictures(
    uploads: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with open_registry(f"sqlite:///{out / 'registry.db'}") as registry:
        name = Campaign.load(CAMPAIGN).facts.name
        registry.mark_distinct("1.png", "9.jpg", campaign=name)

    assert duplicates(screened(uploads, out)["9.jpg"]) == {}


def test_an_original_that_is_gone_from_the_folder_accuses_nobody(
    uploads: Path, tmp_path: Path
) -> None:
    screen_without_the_copy(uploads, tmp_path / "out")

    blank = np.full((420, 300, 3), 235, np.uint8)
    cv2.imwrite(str(uploads / "1.png"), blank)  # another photo took its place
    records = screened(uploads, tmp_path / "out")

    assert duplicates(records["9.jpg"]) == {}


def test_the_desk_keeps_what_the_pictures_showed_and_nothing_the_earlier_one_says(
    uploads: Path, tmp_path: Path
) -> None:
    screened(uploads, tmp_path / "out")

    with open_desk(tmp_path / "out") as desk:
        dossier = desk.dossier(desk.number_of("9.jpg") or 0)
    assert dossier
    shown = dossier.compared["1.png"]
    assert shown.relation is Relation.SAME_IMAGE
    assert shown.distance["fit"] > 0.5
    assert all(each.before is None and each.after is None for each in shown.differs)
