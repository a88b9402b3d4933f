"""Fingerprints: what stays the same when an image is copied, and what a key is made of."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from receipt_screen.geometry import Box, Quad, Transform
from receipt_screen.prints import (
    hash_look,
    hash_pixels,
    print_text,
    shrink,
    take_prints,
    transaction_keys,
    trim_bars,
)
from receipt_screen.records import KeyKind, Paper, PaperFacts, Photo, PhotoFacts, Pixels
from tests.cases import NO_FIELDS, fields, found, line, missing, page, quality

GOLDEN_PIXELS = "0c494da785ba149891429c39c666778fccb7f91b5ebe582cdeb3bc7dc961081f"
GOLDEN_LOOK = "bf62c6312ff0e46f60c478e888570fe0601c9cd7e3772d1ad9c74ef00c4c9c9d"
GOLDEN_PAPER = "b7637304c39fe03ce04c27c0865c19c6d83e9619d1ffcbb01b3370138f91f13f"

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def drawn(seed: int = 7, height: int = 900, width: int = 600) -> Pixels:
    """A paper with blocks of ink instead of text, the same on every machine."""
    generator = np.random.default_rng(seed)
    image = np.full((height, width, 3), 235, np.uint8)
    for top in range(20, height - 40, 36):
        left, length = generator.integers(10, width // 2), generator.integers(20, width // 2)
        image[top : top + 20, left : left + length] = generator.integers(10, 120)
    return image


def photo_of(pixels: Pixels) -> Photo:
    facts = PhotoFacts(
        file="a.jpg",
        sha256="a" * 64,
        bytes=1000,
        format="JPEG",
        width=pixels.shape[1],
        height=pixels.shape[0],
    )
    return Photo(facts=facts, pixels=pixels, to_full=Transform.identity())


def paper_of(pixels: Pixels, kind: str = "paper") -> Paper:
    height, width = pixels.shape[:2]
    quad = Quad.from_box(Box(0, 0, width, height))
    facts = PaperFacts(found=True, kind=kind, quad=quad, quality=quality())
    return Paper(facts=facts, pixels=pixels, to_photo=Transform.identity())


def as_jpeg(pixels: Pixels, quality: int) -> Pixels:
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(encoded, cv2.IMREAD_COLOR)


def with_bars(pixels: Pixels, colour: tuple[int, int, int], *sides: int) -> Pixels:
    """The image with bars so many pixels wide: top, bottom, left, right."""
    return cv2.copyMakeBorder(pixels, *sides, cv2.BORDER_CONSTANT, value=colour)


def look(pixels: Pixels) -> str | None:
    return hash_look(trim_bars(shrink(pixels)))


def bits_apart(one: str | None, other: str | None) -> int:
    assert one is not None
    assert other is not None
    return (int(one, 16) ^ int(other, 16)).bit_count()


# ── golden ───────────────────────────────────────────────────────────────────────────────────


def test_prints_outlive_a_release() -> None:
    """A registry holds them for months: whoever changes one has to raise VERSION."""
    text = page("승인번호 00652378", "전표 2025-01-20 771234", "합계 100,000원", "한들콩나물국밥")
    prints = take_prints(photo_of(drawn()), paper_of(drawn(8)), text, fields())

    assert prints.version == 1
    assert prints.file == "a" * 64
    assert prints.pixels == GOLDEN_PIXELS
    # A bit near the median may fall the other way on a processor that rounds otherwise.
    assert bits_apart(prints.look, GOLDEN_LOOK) <= 2
    assert bits_apart(prints.paper, GOLDEN_PAPER) <= 2
    assert [(key.kind, key.value) for key in prints.keys] == [
        (KeyKind.APPROVAL, "5058124020|00652378|2025-01-20"),
        (KeyKind.MINUTE, "5058124020|2025-01-20|10:12|100000"),
        (KeyKind.DAY, "5058124020|2025-01-20|100000"),
        (KeyKind.CARD, "1234|2025-01-20|10:12|100000"),
    ]
    assert {each.name: each.value for each in prints.fields} == {
        "amount": "100000",
        "date": "2025-01-20",
        "minute": "10:12",
        "second": "10:12:33",
        "half_day_minute": "10:12",
        "half_day_second": "10:12:33",
        "business_number": "5058124020",
        "approval_number": "00652378",
        "card": "1234",
        "merchant": "한들콩나물국밥",
    }
    assert prints.text.version == 1
    assert prints.text.numbers == ("00652378", "100000", "20250120", "771234")
    assert prints.text.serials == ("00652378", "771234")
    assert prints.text.words == ("승인번호", "전표", "합계")


# ── pixels ───────────────────────────────────────────────────────────────────────────────────


def test_the_pixel_hash_is_of_shape_and_samples() -> None:
    image = drawn()
    expected = hashlib.sha256(b"(900, 600, 3)" + image.tobytes()).hexdigest()

    assert hash_pixels(image) == expected
    assert hash_pixels(np.ascontiguousarray(image[:, ::-1])[:, ::-1]) == expected


def test_one_pixel_or_another_shape_changes_the_pixel_hash() -> None:
    image = drawn()
    touched = image.copy()
    touched[450, 300, 1] ^= 1

    assert len({hash_pixels(each) for each in (image, touched, image.reshape(600, 900, 3))}) == 3


# ── look ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("quality", [40, 70, 95])
@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_a_copy_of_another_size_and_quality_looks_the_same(quality: int, scale: float) -> None:
    image = drawn()
    copy = as_jpeg(cv2.resize(image, None, fx=scale, fy=scale), quality)

    assert bits_apart(look(image), look(copy)) <= 10


@pytest.mark.parametrize("colour", [WHITE, BLACK, (40, 90, 200)])
@pytest.mark.parametrize("sides", [(200, 0, 0, 0), (0, 90, 0, 0), (0, 0, 60, 60), (80, 80, 80, 80)])
def test_bars_of_one_colour_do_not_change_the_look(
    colour: tuple[int, int, int], sides: tuple[int, ...]
) -> None:
    image = drawn()

    assert bits_apart(look(image), look(with_bars(image, colour, *sides))) <= 10


def test_bars_around_bars_are_trimmed_too() -> None:
    framed = with_bars(with_bars(drawn(), WHITE, 50, 50, 0, 0), BLACK, 40, 40, 40, 40)

    assert bits_apart(look(drawn()), look(framed)) <= 10


def test_different_receipts_look_different() -> None:
    assert bits_apart(look(drawn(1)), look(drawn(2))) > 40


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_a_blank_image_has_no_look(grey: int) -> None:
    blank = np.full((600, 400, 3), grey, np.uint8)
    prints = take_prints(photo_of(blank), paper_of(blank), page(), NO_FIELDS)

    assert prints.look is None
    assert prints.paper is None
    assert prints.keys == ()


def test_a_photo_of_little_but_one_colour_is_not_trimmed_to_a_speck() -> None:
    nearly_blank = np.full((600, 400), 250, np.uint8)
    nearly_blank[300:310, 200:204] = 0

    assert trim_bars(nearly_blank).shape == (600, 400)


@given(arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, max_side=40)))
def test_trimming_leaves_a_part_that_is_trimmed(grey: np.ndarray) -> None:
    trimmed = trim_bars(grey)

    assert trimmed.size
    assert all(
        1 <= after <= before for after, before in zip(trimmed.shape, grey.shape, strict=True)
    )
    assert hash_look(trimmed) is None or len(hash_look(trimmed) or "") == 64


@given(st.integers(1, 3), st.integers(1, 3000))
def test_the_narrowest_image_has_prints(width: int, height: int) -> None:
    image = drawn(3, height=max(height, 60))[:height, :width]
    prints = take_prints(photo_of(image), paper_of(image), page(), NO_FIELDS)

    assert len(prints.pixels) == 64


# ── transaction keys ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("lost", "left"),
    [
        ("business_number", {"card"}),
        ("approval_number", {"minute", "day", "card"}),
        ("date", set()),
        ("time", {"approval", "day"}),
        ("amount", {"approval"}),
        ("card", {"approval", "minute", "day"}),
        ("merchant", {"approval", "minute", "day", "card"}),
    ],
)
def test_no_key_is_made_of_a_field_that_was_not_found(lost: str, left: set[str]) -> None:
    keys = transaction_keys(fields(**{lost: missing()}))

    assert {key.kind for key in keys} == left


def test_a_key_is_as_certain_as_its_parts_together() -> None:
    read = fields(
        business_number=found("5058124020", 0.9),
        approval_number=found("00652378", 0.8),
        date=found(dt.date(2025, 1, 20), 0.5),
        time=found("10:12", 0.5),
        amount=found(100_000, 0.4),
        card=found("…-****-****-1234", 0.2),
    )

    confidences = {key.kind: key.confidence for key in transaction_keys(read)}

    assert confidences == pytest.approx(
        {"approval": 0.36, "minute": 0.09, "day": 0.18, "card": 0.02}
    )


def test_seconds_do_not_matter_for_not_every_copy_prints_them() -> None:
    assert transaction_keys(fields(time=found("10:12:59"))) == transaction_keys(
        fields(time=found("10:12"))
    )


@pytest.mark.parametrize("card", ["1234-56**-****-****", "…-****-****-123*", "****"])
def test_a_card_whose_last_digits_are_masked_makes_no_key(card: str) -> None:
    kinds = {key.kind for key in transaction_keys(fields(card=found(card)))}

    assert KeyKind.CARD not in kinds


def test_keys_do_not_show_what_they_are_made_of() -> None:
    shown = repr(transaction_keys(fields()))

    assert "00652378" not in shown
    assert "1234" not in shown


@pytest.mark.parametrize("code", ["POS01-20250120-000447", "2501200100044712", "A00652378B004471"])
def test_a_code_that_holds_the_day_or_the_approval_number_is_a_key(code: str) -> None:
    [key] = [key for key in transaction_keys(fields(), [code]) if key.kind is KeyKind.BARCODE]

    assert key.value == code


@pytest.mark.parametrize("code", ["https://example.kr/shop/505", "8801234567893", "20250120", ""])
def test_a_shops_address_or_an_articles_number_is_no_key(code: str) -> None:
    assert transaction_keys(fields(), [code]) == transaction_keys(fields())


# ── text ─────────────────────────────────────────────────────────────────────────────────────


def test_the_shops_own_lines_are_no_part_of_the_text() -> None:
    read = fields(phone=found("063-126-8428"))
    lines = [
        line("한들콩나물국밥 전주점"),
        line("사업자 505-81-24020"),
        line("TEL 063-126-8428"),
        line("전표번호 004471"),
    ]
    business = found("5058124020").model_copy(update={"text": "505-81-24020"})

    text = print_text(lines, read.model_copy(update={"business_number": business}))

    assert text.numbers == ("004471",)
    assert text.words == ("전표번호",)


@pytest.mark.parametrize("written", ["1,234,567", "1.234.567", "1234567", "12-345-67"])
def test_separators_do_not_make_another_number(written: str) -> None:
    assert print_text([line(f"합계 {written}원")], NO_FIELDS).numbers == ("1234567",)


def test_short_numbers_tell_nothing() -> None:
    assert print_text([line("2 x 500 = 999")], NO_FIELDS).numbers == ()


@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_text_has_a_print_whose_serials_are_among_its_numbers(texts: list[str]) -> None:
    text = print_text([line(each) for each in texts], fields())

    assert set(text.serials) <= set(text.numbers)
    assert all(number.isdigit() for number in text.numbers)


def test_a_print_does_not_show_the_text() -> None:
    text = print_text([line("전표번호 004471")], NO_FIELDS)

    assert "004471" not in repr(text)
    assert "전표" not in repr(text)


def test_a_photo_turned_before_it_was_sent_is_known_by_its_turned_look() -> None:
    image = drawn()
    upright = take_prints(photo_of(image), paper_of(image), page(), NO_FIELDS)
    for turn in (1, 2, 3):
        turned = np.ascontiguousarray(np.rot90(image, turn))
        prints = take_prints(photo_of(turned), paper_of(turned), page(), NO_FIELDS)

        assert min(bits_apart(look, upright.look) for look in prints.turned) <= 4


@pytest.mark.parametrize(
    ("by_program", "kinds"),
    [
        (True, ("paper", "screen", "scan", "whole")),
        (False, ()),
        (None, ("screen", "scan", "whole")),
    ],
)
def test_what_no_camera_saw_is_flat_and_where_that_cant_be_told_what_lies_on_no_background(
    by_program: bool | None, kinds: tuple[str, ...]
) -> None:
    def is_flat(kind: str) -> bool:
        paper = paper_of(image, kind)
        facts = paper.facts.model_copy(update={"drawn": by_program})
        return take_prints(photo_of(image), replace(paper, facts=facts), page(), NO_FIELDS).flat

    image = drawn()

    assert tuple(filter(is_flat, ("paper", "screen", "scan", "whole"))) == kinds
