"""A drawing shows every field with its rivals, says nothing but pixels, and harms nobody."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import cases
import numpy as np
import pytest
from PIL import Image

from receipt_screen.errors import UsageError
from receipt_screen.geometry import Box, Quad, Transform
from receipt_screen.records import Findings, Found, Line, Photo, Rival
from receipt_screen.report.draw import draw_findings, save_drawing
from receipt_screen.report.plate import quarter_turns, take_plate

SCRIPT = "<script>alert(1)</script>"


def photo_of(findings: Findings) -> Photo:
    facts = findings.photo
    pixels = np.full((facts.height, facts.width, 3), 200, np.uint8)
    return Photo(facts, pixels, Transform.identity())


def test_every_field_its_label_and_its_rivals_are_drawn() -> None:
    amount = Found[int](
        value=100_000,
        confidence=0.99,
        label="승인금액",
        quad=Quad.from_box(Box(200, 300, 400, 340)),
        rivals=(Rival[int](value=90_909, confidence=0.01, label="공급가액"),),
    )
    findings = cases.findings(fields=cases.fields(amount=amount))

    drawing = draw_findings(photo_of(findings), findings, "ko")

    assert "결제금액: 100,000원 · 99.0% · 승인금액" in drawing
    assert "↳ 90,909원 · 1.0% · 공급가액" in drawing
    assert 'points="200.0,300.0 400.0,300.0 400.0,340.0 200.0,340.0"' in drawing
    (number,) = re.findall(r'<circle cx="([\d.]+)" cy="320', drawing)
    assert float(number) > 400, "it stands behind the value and leaves the label before it in view"


def test_what_a_receipt_prints_stays_text() -> None:
    findings = cases.findings(
        page=cases.page(SCRIPT), fields=cases.fields(merchant=cases.found(SCRIPT))
    )

    drawing = draw_findings(photo_of(findings), findings, "en")

    root = ET.fromstring(drawing)
    assert not [node for node in root.iter() if node.tag.endswith("script")]
    assert SCRIPT in "".join(root.itertext())


def test_the_photo_inside_says_nothing_but_its_pixels() -> None:
    findings = cases.findings()

    drawing = draw_findings(photo_of(findings), findings, "en")

    embedded = re.search(r"base64,([^\"]+)", drawing)
    assert embedded
    image = Image.open(BytesIO(base64.b64decode(embedded[1])))
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_two_photos_of_one_name_get_two_drawings(tmp_path: Path) -> None:
    for digit in "ab":
        facts = cases.findings().photo.model_copy(
            update={"sha256": digit * 64, "file": "up/../영수증 1.jpg"}
        )
        findings = cases.findings(photo=facts)
        path = save_drawing(photo_of(findings), findings, tmp_path / "new", "ko")
        assert path.parent == tmp_path / "new"

    assert len(list((tmp_path / "new").glob("영수증 1-*.svg"))) == 2


def test_a_name_as_long_as_file_systems_take_is_shortened(tmp_path: Path) -> None:
    findings = cases.findings()
    facts = findings.photo.model_copy(update={"file": "가" * 83 + ".pdf", "page": 12, "pages": 12})
    findings = findings.model_copy(update={"photo": facts})

    drawn = save_drawing(photo_of(findings), findings, tmp_path, "ko")

    assert drawn.is_file()


def test_a_folder_that_cannot_be_made_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    findings = cases.findings()

    with pytest.raises(UsageError, match="can't be written"):
        save_drawing(photo_of(findings), findings, tmp_path / "file", "en")


@pytest.mark.parametrize("turns", range(4))
def test_a_plate_is_upright_whichever_way_the_photo_lies(turns: int) -> None:
    upright = np.full((400, 300, 3), 255, np.uint8)
    upright[100:130, 50:200] = (0, 0, 255)
    quad = Quad.from_box(Box(50, 100, 200, 130))
    lying = np.rot90(upright, turns)
    height, width = lying.shape[:2]
    to_lying = Transform.turning(turns, 300, 400).inverse()
    line = Line(text="합계 100,000", quad=to_lying.quad(quad), confidence=0.9)
    base = cases.findings()
    findings = base.model_copy(
        update={
            "page": base.page.model_copy(update={"lines": (line,)}),
            "photo": base.photo.model_copy(update={"width": width, "height": height}),
            "paper": base.paper.model_copy(update={"found": False}),
        }
    )
    photo = Photo(findings.photo, lying, Transform.identity())

    plate = take_plate(photo, findings)

    assert quarter_turns((line,)) == -turns % 4
    assert np.array_equal(plate.pixels, upright)
    assert np.allclose(plate.to_plate.quad(line.quad).array, quad.array)
