"""Uploads become upright photos, or an error that names the file and what to do."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import pickle
import struct
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from photo_files import CORNERS, HEIGHT, WIDTH, close, corners, encode, exif, quarters
from PIL import Image, ImageFile

from receipt_screen.errors import PhotoError
from receipt_screen.geometry import Box, Quad
from receipt_screen.photo import PhotoLimits, open_photos
from receipt_screen.records import Photo

KINDS = ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "PDF", "GIF", "BMP"]
IMAGES = [kind for kind in KINDS if kind != "PDF"]


def only(data: bytes, **options: object) -> Photo:
    (photo,) = open_photos(data, **options)
    return photo


def error_key(source: object, **options: object) -> str:
    with pytest.raises(PhotoError) as caught:
        open_photos(source, **options)
    return caught.value.key


# ── formats ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_gives_the_same_picture(kind: str) -> None:
    data = encode(quarters(), kind)
    photo = only(data, name="a.xyz")
    assert photo.facts.format == kind
    assert (photo.facts.width, photo.facts.height) == (WIDTH, HEIGHT)
    assert close(corners(photo.pixels))
    assert photo.facts.file == "a.xyz"
    assert photo.facts.sha256 == hashlib.sha256(data).hexdigest()
    assert photo.facts.bytes == len(data)
    assert (photo.facts.page, photo.facts.pages) == (1, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_pixels_are_contiguous_read_only_bytes(kind: str) -> None:
    pixels = only(encode(quarters(), kind)).pixels
    assert pixels.dtype == np.uint8
    assert pixels.shape == (HEIGHT, WIDTH, 3)
    assert pixels.flags.c_contiguous
    assert not pixels.flags.writeable


@pytest.mark.parametrize("mode", ["RGBA", "P", "CMYK"])
def test_colour_modes_keep_their_colours(mode: str) -> None:
    image = quarters().quantize(8) if mode == "P" else quarters().convert(mode)
    kind = "TIFF" if mode == "CMYK" else "PNG"
    assert close(corners(only(encode(image, kind)).pixels))


def test_cmyk_jpeg_of_adobe_programs_is_not_inverted() -> None:
    assert close(corners(only(encode(quarters().convert("CMYK"), "JPEG")).pixels))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("mode", ["1", "L", "LA", "I;16"])
def test_grey_modes_become_equal_channels(kind: str, mode: str) -> None:
    ramp = np.repeat(np.array([0, 255], np.uint8), 64)[None].repeat(64, axis=0)
    image = Image.fromarray(ramp)
    if mode == "I;16":
        image = Image.fromarray(ramp.astype(np.uint16) * 257)
    data = encode(image if mode == "I;16" else image.convert(mode), kind)
    assert (only(data).pixels == ramp[:, :, None]).all()


def test_sixteen_bit_grey_keeps_its_upper_eight_bits() -> None:
    values = np.arange(0, 65536, 16, dtype=np.uint16).reshape(64, 64)
    pixels = only(encode(Image.fromarray(values), "PNG")).pixels
    assert (pixels[:, :, 0] == values >> 8).all()


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def test_sixteen_bit_colour_png_is_read() -> None:
    wide = np.asarray(quarters()).astype(">u2") * 257
    rows = b"".join(b"\0" + row.tobytes() for row in wide)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 16, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*part) for part in parts)
    assert corners(only(data).pixels) == list(CORNERS)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "HEIF"])
def test_transparency_lies_on_white(kind: str) -> None:
    image = quarters().convert("RGBA")
    image.putalpha(0)
    assert only(encode(image, kind)).pixels.min() >= 250


def test_transparent_palette_colour_lies_on_white() -> None:
    image = Image.new("P", (WIDTH, HEIGHT), 1)
    image.putpalette([0, 0, 0, 10, 20, 30])
    assert only(encode(image, "GIF", transparency=1)).pixels.min() == 255
    assert only(encode(image, "PNG", transparency=b"\xff\x00")).pixels.min() == 255


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_taken(kind: str) -> None:
    second = Image.new("RGB", (WIDTH, HEIGHT), "black")
    data = encode(quarters(), kind, save_all=True, append_images=[second])
    photo = only(data)
    assert close(corners(photo.pixels), tolerance=12)
    assert photo.facts.pages == 1


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_deflate", "jpeg"])
def test_compressed_tiff_is_read(compression: str | None) -> None:
    data = encode(quarters(), "TIFF", compression=compression)
    assert close(corners(only(data).pixels), tolerance=12)


def test_phone_jpeg_with_a_second_picture_is_a_jpeg() -> None:
    buffer = io.BytesIO()
    quarters().save(buffer, "MPO", quality=95, save_all=True, append_images=[quarters(32, 32)])
    photo = only(buffer.getvalue())
    assert photo.facts.format == "JPEG"
    assert close(corners(photo.pixels))


# ── orientation ──────────────────────────────────────────────────────────────────────────────

# How a camera would have stored the upright image under each orientation.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def stored(orientation: int, image: Image.Image) -> Image.Image:
    method = STORED[orientation]
    return image if method is None else image.transpose(method)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_orientation_is_applied(kind: str, orientation: int) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    image = stored(orientation, quarters())
    photo = only(encode(image, kind, exif=exif(orientation), **options))
    assert (photo.facts.width, photo.facts.height) == (WIDTH, HEIGHT)
    assert photo.pixels.shape == (HEIGHT, WIDTH, 3)
    assert photo.pixels.flags.c_contiguous
    found = corners(photo.pixels)
    assert close(found) if kind == "JPEG" else found == list(CORNERS)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_heic_is_turned_once(orientation: int) -> None:
    image = stored(orientation, quarters())
    photo = only(encode(image, "HEIF", exif=exif(orientation)))
    assert (photo.facts.width, photo.facts.height) == (WIDTH, HEIGHT)
    assert close(corners(photo.pixels), tolerance=12)


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_compressed_tiff_is_turned_once(orientation: int) -> None:
    image = stored(orientation, quarters())
    data = encode(image, "TIFF", exif=exif(orientation), compression="tiff_lzw")
    assert corners(only(data).pixels) == list(CORNERS)


@pytest.mark.parametrize("orientation", [0, 9, 255, 65535])
def test_an_impossible_orientation_is_ignored(orientation: int) -> None:
    assert close(corners(only(encode(quarters(), "JPEG", exif=exif(orientation))).pixels))


# ── size ─────────────────────────────────────────────────────────────────────────────────────


def mark(photo: Photo, color: tuple[int, int, int]) -> Quad:
    """Where a colour lies, in the full-size photo."""
    near = np.abs(photo.pixels[:, :, ::-1].astype(int) - color).max(axis=2) < 40
    rows, columns = np.nonzero(near.any(axis=1))[0], np.nonzero(near.any(axis=0))[0]
    box = Box(columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
    return photo.to_full.quad(Quad.from_box(box))


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_image_is_reduced_and_mapped_to_its_full_size(kind: str, orientation: int) -> None:
    image = Image.new("RGB", (6001, 3203), "white")
    image.paste((255, 0, 0), (4000, 800, 4400, 960))
    options = {"compress_level": 1} if kind == "PNG" else {}
    data = encode(stored(orientation, image), kind, exif=exif(orientation), **options)
    photo = only(data)
    assert (photo.facts.width, photo.facts.height) == (6001, 3203)
    assert photo.pixels.shape == (1602, 3001, 3)
    expected = Quad.from_box(Box(4000, 800, 4400, 960))
    assert np.abs(mark(photo, (255, 0, 0)).array - expected.array).max() <= 2


def test_a_long_narrow_screenshot_keeps_its_size() -> None:
    photo = only(encode(Image.new("L", (1080, 9000)), "JPEG"))
    assert photo.pixels.shape == (9000, 1080, 3)
    assert photo.to_full.array.tolist() == np.eye(3).tolist()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_no_side_is_longer_than_opencv_can_warp(kind: str) -> None:
    photo = only(encode(Image.new("L", (70, 60_001)), kind))
    assert max(photo.pixels.shape) < 32_767
    assert (photo.facts.width, photo.facts.height) == (70, 60_001)


# ── where the bytes come from ────────────────────────────────────────────────────────────────


def test_bytes_path_and_file_give_the_same_photo(tmp_path: Path) -> None:
    data = encode(quarters(), "JPEG", exif=exif(6))
    path = tmp_path / "영수증.dat"
    path.write_bytes(data)
    with path.open("rb") as file:
        sources = [data, bytearray(data), str(path), path, file, io.BytesIO(data)]
        photos = [only(source, name="a.jpg") for source in sources]
    assert len({photo.facts for photo in photos}) == 1
    assert all((photo.pixels == photos[0].pixels).all() for photo in photos)


def test_a_photo_is_named_by_its_path_or_its_file(tmp_path: Path) -> None:
    path = tmp_path / "영수증.png"
    path.write_bytes(encode(quarters(), "PNG"))
    with path.open("rb") as file:
        names = [only(source).facts.file for source in (path, str(path), file)]
    assert names == [str(path)] * 3


def test_a_name_that_is_not_utf8_can_still_be_written() -> None:
    assert only(encode(quarters(), "PNG"), name="\udcbf\udcb5.png").facts.file == "??.png"


class Drip(io.RawIOBase):
    """A stream that hands over a few bytes at a time and never ends on its own."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.handed = 0

    def read(self, size: int = -1) -> bytes:
        piece = self.data[self.handed : self.handed + min(size, 700)]
        self.handed += len(piece)
        return piece


def test_a_stream_that_gives_little_at_a_time_is_read_to_its_end() -> None:
    data = encode(quarters(), "PNG", compress_level=0)
    assert only(Drip(data), name="a").facts.bytes == len(data)


def test_of_a_stream_that_is_too_long_no_more_than_the_limit_is_read() -> None:
    stream = Drip(bytes(1_000_000))
    assert error_key(stream, limits=PhotoLimits(max_bytes=10_000)) == "photo.too_many_bytes"
    assert stream.handed == 10_001


# ── facts ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_camera_software_and_time_are_taken_from_exif(kind: str) -> None:
    tags = {
        "Make": "samsung ",
        "Model": "SM-S918N\0",
        "Software": "Editor\n2.0",
        "DateTimeOriginal": "2025:01:20 10:12:33",
    }
    facts = only(encode(quarters(), kind, exif=exif(1, **tags))).facts
    assert facts.camera == "samsung SM-S918N"
    assert facts.software == "Editor 2.0"
    assert facts.taken == dt.datetime(2025, 1, 20, 10, 12, 33)


def test_heic_tells_its_camera() -> None:
    data = encode(quarters(), "HEIF", exif=exif(1, Make="Apple", Model="iPhone 15"))
    assert only(data).facts.camera == "Apple iPhone 15"


def test_a_model_that_names_its_maker_is_not_doubled() -> None:
    data = encode(quarters(), "JPEG", exif=exif(Make="Canon", Model="Canon EOS R5"))
    assert only(data).facts.camera == "Canon EOS R5"


@pytest.mark.parametrize(
    "time", ["0000:00:00 00:00:00", "    ", "yesterday", "2025:02:30 10:00:00"]
)
def test_an_impossible_time_is_unknown(time: str) -> None:
    assert only(encode(quarters(), "JPEG", exif=exif(DateTimeOriginal=time))).facts.taken is None


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.filterwarnings("ignore:Truncated File Read")
@given(rubbish=st.binary(max_size=200))
@settings(max_examples=50, deadline=None)
def test_rubbish_in_exif_does_not_lose_the_photo(rubbish: bytes) -> None:
    photo = only(encode(quarters(), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0" + rubbish))
    assert sorted(photo.pixels.shape) == [3, HEIGHT, WIDTH]


def test_pdf_tells_the_program_that_made_it() -> None:
    data = encode(quarters(), "PDF", creator="Shop App", producer="Library")
    assert only(data).facts.software == "Shop App"


# ── pages ────────────────────────────────────────────────────────────────────────────────────


def test_every_page_of_a_pdf_is_a_photo() -> None:
    second = quarters(64, 200)
    photos = open_photos(encode(quarters(), "PDF", save_all=True, append_images=[second]))
    assert [(photo.facts.page, photo.facts.pages) for photo in photos] == [(1, 2), (2, 2)]
    assert [photo.pixels.shape for photo in photos] == [(HEIGHT, WIDTH, 3), (200, 64, 3)]
    assert all(close(corners(photo.pixels)) for photo in photos)
    assert len({photo.facts.sha256 for photo in photos}) == 1


@pytest.mark.parametrize("dpi", [72, 96, 300])
def test_a_pdf_page_that_is_one_image_keeps_its_pixels(dpi: int) -> None:
    image = quarters(400, 600)
    photo = only(encode(image, "PDF", resolution=dpi))
    assert np.abs(np.subtract(photo.pixels.shape, (600, 400, 3))).max() <= 1
    assert close(corners(photo.pixels))


def drawn_pdf(width: float, height: float) -> bytes:
    """A page without an image on it."""
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(width, height).close()
        buffer = io.BytesIO()
        document.save(buffer)
    return buffer.getvalue()


def test_a_drawn_pdf_page_is_rendered_at_220_dpi() -> None:
    photo = only(drawn_pdf(72 * 3, 72 * 5))
    assert (photo.facts.width, photo.facts.height) == (660, 1100)
    assert photo.pixels.min() == 255


def test_a_huge_pdf_page_is_rendered_at_lower_resolution() -> None:
    photo = only(drawn_pdf(72 * 100, 72 * 100))
    assert 11_000_000 < photo.facts.width * photo.facts.height < 12_100_000


def test_pages_of_a_tiff_are_photos_and_its_thumbnail_is_not() -> None:
    thumbnail = quarters(64, 64)
    thumbnail.encoderinfo = {"tiffinfo": {254: 1}}
    turned = stored(6, quarters())
    turned.encoderinfo = {"tiffinfo": {274: 6}}
    data = encode(quarters(), "TIFF", save_all=True, append_images=[thumbnail, turned])
    photos = open_photos(data)
    assert [(photo.facts.page, photo.facts.pages) for photo in photos] == [(1, 2), (2, 2)]
    assert [photo.pixels.shape for photo in photos] == [(HEIGHT, WIDTH, 3)] * 2
    assert all(corners(photo.pixels) == list(CORNERS) for photo in photos)


# ── errors ───────────────────────────────────────────────────────────────────────────────────


def test_a_missing_file_a_folder_and_an_impossible_path_are_told_apart(tmp_path: Path) -> None:
    assert error_key(tmp_path / "none.jpg") == "photo.missing"
    assert error_key(tmp_path) == "photo.folder"
    assert error_key(tmp_path / ("a" * 5000)) == "photo.unreadable"
    assert error_key(f"{tmp_path}/a\0b") == "photo.unreadable"


class Locked(io.RawIOBase):
    def read(self, size: int = -1) -> bytes:
        raise PermissionError(13, "Permission denied")


def test_a_file_that_may_not_be_read_says_why() -> None:
    with pytest.raises(PhotoError, match=r"a\.jpg: .*Permission denied.*permissions"):
        open_photos(Locked(), name="a.jpg")


def test_a_closed_file_is_unreadable() -> None:
    file = io.BytesIO()
    file.close()
    assert error_key(file) == "photo.unreadable"


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.jpg", encode(quarters(), "JPEG"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"hello", b"BMW dealer receipt\n" * 9, zipped(), bytes(1000), b"RIFF\0\0\0\0WAVEfmt "],
    ids=["text", "text like BMP", "zip", "zeros", "sound"],
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    assert error_key(data) == "photo.not_a_photo"


def test_an_empty_file_is_refused() -> None:
    assert error_key(b"", name="a.jpg") == "photo.empty"


@cache
def detailed(kind: str) -> bytes:
    """An image whose bytes are mostly pixels."""
    noise = np.random.default_rng(1).integers(0, 256, (100, 100, 3), np.uint8)
    return encode(Image.fromarray(noise), kind)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.97])
@pytest.mark.parametrize("kind", IMAGES)
def test_an_image_that_is_cut_off_is_damaged(kind: str, share: float) -> None:
    data = detailed(kind)
    assert error_key(data[: int(len(data) * share)]) == "photo.damaged"


@pytest.mark.parametrize("kind", IMAGES)
def test_a_header_alone_is_damaged(kind: str) -> None:
    assert error_key(encode(quarters(), kind)[:30]) == "photo.damaged"


def test_a_broken_pdf_is_told() -> None:
    assert error_key(b"%PDF-1.7\nnothing here") == "photo.broken_pdf"


LOCKED_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<OWNER>/U<USER>>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>
%%EOF
""".replace(b"OWNER", b"11" * 32).replace(b"USER", b"22" * 32)


def test_a_pdf_with_a_password_is_told() -> None:
    assert error_key(LOCKED_PDF) == "photo.locked_pdf"


@pytest.mark.parametrize("kind", KINDS)
def test_one_pixel_is_too_small(kind: str) -> None:
    assert error_key(encode(Image.new("RGB", (1, 1)), kind)) == "photo.too_small"


def test_the_smallest_side_is_allowed() -> None:
    assert only(encode(Image.new("RGB", (60, 61)), "PNG")).pixels.shape == (61, 60, 3)
    assert error_key(encode(Image.new("RGB", (59, 500)), "PNG")) == "photo.too_small"


def test_more_bytes_than_allowed_are_refused() -> None:
    data = encode(quarters(), "PNG")
    assert only(data, limits=PhotoLimits(max_bytes=len(data)))
    assert error_key(data, limits=PhotoLimits(max_bytes=len(data) - 1)) == "photo.too_many_bytes"


@pytest.mark.parametrize("kind", KINDS)
def test_more_pixels_than_allowed_are_refused(kind: str) -> None:
    data = encode(quarters(), kind)
    assert only(data, limits=PhotoLimits(max_pixels=WIDTH * HEIGHT))
    limits = PhotoLimits(max_pixels=WIDTH * HEIGHT - 1)
    assert error_key(data, limits=limits) == "photo.too_many_pixels"


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_more_pages_than_allowed_are_refused(kind: str) -> None:
    data = encode(quarters(), kind, save_all=True, append_images=[quarters()])
    assert len(open_photos(data, limits=PhotoLimits(max_pages=2))) == 2
    assert error_key(data, limits=PhotoLimits(max_pages=1)) == "photo.too_many_pages"


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*part) for part in parts)


@pytest.mark.parametrize("side", [11_000, 15_000, 60_000])
def test_a_decompression_bomb_is_refused_by_its_header(side: int) -> None:
    """Pillow would only warn of the first and let it through."""
    assert error_key(bomb(side, side)) == "photo.too_many_pixels"


def test_a_pdf_with_a_bomb_inside_is_refused_before_it_is_unpacked() -> None:
    data = encode(Image.new("1", (64, 64)), "PDF")
    assert b"/Width 64" in data
    inflated = data.replace(b"/Width 64", b"/Width 99999").replace(b"/Height 64", b"/Height 99999")
    assert error_key(inflated) == "photo.too_many_pixels"


def test_pillows_own_limit_is_obeyed_and_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert error_key(encode(quarters(), "TIFF")) == "photo.too_many_pixels"
    assert Image.MAX_IMAGE_PIXELS == 100


def test_opening_changes_nothing_global() -> None:
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)
    for kind in KINDS:
        only(encode(quarters(), kind))
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)


@pytest.mark.parametrize("mode", ["F", "I", "LAB"])
def test_an_image_without_an_agreed_white_is_unsupported(mode: str) -> None:
    assert error_key(encode(Image.new(mode, (64, 64)), "TIFF")) == "photo.unsupported"


def test_running_out_of_memory_is_an_error_of_the_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(ImageFile.ImageFile, "load", refuse)
    assert error_key(encode(quarters(), "PNG")) == "photo.out_of_memory"


def test_an_error_names_the_file_in_both_languages_and_survives_a_worker() -> None:
    with pytest.raises(PhotoError) as caught:
        open_photos(encode(Image.new("RGB", (20, 30)), "PNG"), name="영수증.png")
    error = pickle.loads(pickle.dumps(caught.value))
    assert str(error).startswith("영수증.png: ")
    assert "20×30" in str(error)
    assert error.text("ko").startswith("영수증.png: ")


# ── hostile bytes, threads ───────────────────────────────────────────────────────────────────


@cache
def sample(kind: str) -> bytes:
    return encode(quarters(), kind)


def open_or_refuse(data: bytes) -> None:
    try:
        photos = open_photos(data, limits=PhotoLimits(max_pixels=1_000_000))
    except PhotoError:
        return
    assert all(photo.pixels.size for photo in photos)


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_random_bytes_raise_nothing_but_photo_errors(data: bytes) -> None:
    open_or_refuse(data)


Mutation = tuple[float, bytes]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore")  # Pillow warns of what it skips
@given(
    mutations=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), max_size=4),
    share=st.one_of(st.just(1.0), st.floats(0, 1)),
)
@settings(max_examples=60, deadline=None)
def test_mutated_files_raise_nothing_but_photo_errors(
    kind: str, mutations: list[Mutation], share: float
) -> None:
    data = bytearray(sample(kind))
    for place, change in mutations:
        start = int(place**3 * len(data))  # mostly in the headers
        data[start : start + len(change)] = change
    open_or_refuse(bytes(data[: int(share * len(data))]))


def test_threads_get_the_same_photos() -> None:
    uploads = [sample(kind) for kind in KINDS] * 6
    with ThreadPoolExecutor(8) as pool:
        photos = list(pool.map(only, uploads))
    assert all(close(corners(photo.pixels)) for photo in photos)
