"""Bytes, a path or a file become photos: recognised, limited, decoded, turned upright.

What a file is, its first bytes say, never its name. Pillow's decoders are called one by one
rather than through `Image.open`: only the formats we mean are tried, and Pillow's own size
limit, a global that warns from 89 megapixels, stays untouched; `PhotoLimits` decides instead.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np
from PIL import ExifTags, Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from receipt_screen.errors import PhotoError
from receipt_screen.geometry import Transform
from receipt_screen.records import Photo, PhotoFacts, Pixels

Source = bytes | str | os.PathLike[str] | BinaryIO


@dataclass(frozen=True)
class PhotoLimits:
    """What an upload may cost; checked before anything is decoded in full."""

    max_bytes: int = 40_000_000
    max_pixels: int = 120_000_000
    """Of one page at full size; today's largest phone cameras take 108 megapixels."""
    max_pages: int = 20
    min_side: int = 60
    """Shorter side in pixels; below it no line of a receipt can be read."""


DEFAULT_LIMITS = PhotoLimits()


def open_photos(
    source: Source, *, name: str | None = None, limits: PhotoLimits = DEFAULT_LIMITS
) -> tuple[Photo, ...]:
    """Every page of an upload as an upright photo; one photo, except for PDF and TIFF pages.

    `source` is the file's bytes, its path, or a binary file, read from where it stands; `name`
    is what people are shown. JPEG, PNG, WebP, TIFF, HEIC, PDF, GIF and BMP are read, of an
    animation the first frame. The EXIF orientation is applied, transparency lies on white,
    colour profiles are left alone. Pixels are height × width × 3 uint8 BGR and read-only;
    images of 6000 × 3000 pixels and more come at a half, a quarter …, see `Photo.to_full`.
    Safe to call from several threads. Raises PhotoError, and nothing else, whatever the bytes.
    """
    shown = _shown_name(source, name)
    data = _read(source, shown, limits)
    if not data:
        raise PhotoError("photo.empty", {"file": shown})
    if len(data) > limits.max_bytes:
        limit = f"{limits.max_bytes / 1e6:g}"
        raise PhotoError("photo.too_many_bytes", {"file": shown, "limit": limit})
    return _decode(_Upload(shown, data, _recognise(data, shown), limits))


@dataclass(frozen=True, repr=False)
class _Upload:
    """The bytes of one upload, recognised but not decoded."""

    name: str
    data: bytes
    format: str
    limits: PhotoLimits


# ── reading ──────────────────────────────────────────────────────────────────────────────────


def _shown_name(source: Source, name: str | None) -> str:
    if name is None:
        own = getattr(source, "name", None) if hasattr(source, "read") else source
        name = os.fspath(own) if isinstance(own, str | os.PathLike) else "upload"
    # File names that aren't UTF-8 reach Python as lone surrogates, which JSON can't carry.
    return name.encode("utf-8", "replace").decode("utf-8")


def _read(source: Source, name: str, limits: PhotoLimits) -> bytes:
    try:
        if isinstance(source, str | os.PathLike):
            _refuse_folder(Path(source), name)
            with Path(source).open("rb") as file:
                return _read_at_most(file, limits.max_bytes + 1)
        if isinstance(source, bytes | bytearray | memoryview):
            return bytes(source)
        return _read_at_most(source, limits.max_bytes + 1)
    except FileNotFoundError as exc:
        raise PhotoError("photo.missing", {"file": name}) from exc
    except (OSError, ValueError) as exc:  # ValueError: a closed file, a NUL in the path
        reason = getattr(exc, "strerror", None) or type(exc).__name__
        raise PhotoError("photo.unreadable", {"file": name, "reason": reason}) from exc


def _refuse_folder(path: Path, name: str) -> None:
    # Asked beforehand: Windows answers the opening of a folder with "permission denied".
    if path.is_dir():
        raise PhotoError("photo.folder", {"file": name})


def _read_at_most(file: BinaryIO, count: int) -> bytes:
    data = bytearray()
    # Pipes and sockets hand over less than they are asked for; only an empty read is the end.
    while len(data) < count and (chunk := file.read(min(count - len(data), 1 << 20))):
        data += chunk
    return bytes(data)


# First bytes of each format, from their specifications; HEIC's brands from ISO/IEC 23008-12.
# BMP's two letters could begin a text, so the size of its second header is looked at, too.
_SIGNATURES = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "WEBP": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    "HEIF": re.compile(rb".{4}ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL),
    "TIFF": re.compile(rb"II[*+]\0|MM\0[*+]"),
    "GIF": re.compile(rb"GIF8[79]a"),
    "BMP": re.compile(rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL),
    # Readers accept a PDF whose header stands anywhere in its first 1024 bytes.
    "PDF": re.compile(rb".{0,1019}?%PDF-", re.DOTALL),
}


def _recognise(data: bytes, name: str) -> str:
    for kind, signature in _SIGNATURES.items():
        if signature.match(data):
            return kind
    raise PhotoError("photo.not_a_photo", {"file": name})


def _decode(upload: _Upload) -> tuple[Photo, ...]:
    pages = _pdf_pages if upload.format == "PDF" else _image_pages
    try:
        return tuple(_photos(upload, pages(upload)))
    except PhotoError:
        raise
    except Image.DecompressionBombError as exc:  # a caller may have lowered Pillow's own limit
        raise _too_many_pixels(upload) from exc
    except MemoryError as exc:
        raise PhotoError("photo.out_of_memory", {"file": upload.name}) from exc
    except Exception as exc:  # decoders answer hostile bytes with any exception at all
        raise _damaged(upload) from exc


def _damaged(upload: _Upload) -> PhotoError:
    if upload.format == "PDF":
        return PhotoError("photo.broken_pdf", {"file": upload.name})
    return PhotoError("photo.damaged", {"file": upload.name, "format": upload.format})


def _too_many_pixels(upload: _Upload) -> PhotoError:
    limit = f"{upload.limits.max_pixels / 1e6:g}"
    return PhotoError("photo.too_many_pixels", {"file": upload.name, "limit": limit})


def _check_size(upload: _Upload, width: int, height: int) -> None:
    if width * height > upload.limits.max_pixels:
        raise _too_many_pixels(upload)
    side = upload.limits.min_side
    if min(width, height) < side:
        found = {"width": width, "height": height, "side": side}
        raise PhotoError("photo.too_small", {"file": upload.name, **found})


def _check_pages(upload: _Upload, pages: int) -> None:
    limit = upload.limits.max_pages
    if pages > limit:
        raise PhotoError("photo.too_many_pages", {"file": upload.name, "limit": limit})


# ── decoded pages to photos ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, repr=False)
class _Page:
    """One decoded page, upright, and what its file says of its making."""

    pixels: Pixels
    width: int
    height: int
    camera: str | None = None
    software: str | None = None
    taken: dt.datetime | None = None


def _photos(upload: _Upload, pages: list[_Page]) -> Iterator[Photo]:
    sha256 = hashlib.sha256(upload.data).hexdigest()
    for number, page in enumerate(pages, start=1):
        facts = PhotoFacts(
            file=upload.name,
            sha256=sha256,
            bytes=len(upload.data),
            format=upload.format,
            page=number,
            pages=len(pages),
            width=page.width,
            height=page.height,
            camera=page.camera,
            software=page.software,
            taken=page.taken,
        )
        page.pixels.setflags(write=False)
        yield Photo(facts, page.pixels, _to_full(page))


def _to_full(page: _Page) -> Transform:
    height, width = page.pixels.shape[:2]
    # Corner to corner: a decoder rounds a reduced size up, so the two factors may differ a little.
    return Transform.from_array(np.diag([page.width / width, page.height / height, 1]))


# ── images ───────────────────────────────────────────────────────────────────────────────────


def _open_heif(data: BytesIO) -> ImageFile:
    # Loads libheif, which most uploads don't need. The class is used without registering it
    # with Pillow: nothing global changes. It applies the turn that a HEIC file carries itself.
    from pillow_heif import HeifImageFile  # noqa: PLC0415 - see above

    return HeifImageFile(data)  # type: ignore[no-untyped-call] # its constructor has no types


_OPENERS: Mapping[str, Callable[[BytesIO], ImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WEBP": WebPImageFile,
    "HEIF": _open_heif,
    "TIFF": TiffImageFile,
    "GIF": GifImageFile,
    "BMP": BmpImageFile,
}


def _image_pages(upload: _Upload) -> list[_Page]:
    with _OPENERS[upload.format](BytesIO(upload.data)) as image:
        frames = _tiff_frames(upload, image) if upload.format == "TIFF" else [image.tell()]
        return [_image_page(upload, image, frame) for frame in frames]


def _tiff_frames(upload: _Upload, image: ImageFile) -> list[int]:
    """The pages of a TIFF file, without the thumbnails that cameras and editors put beside."""
    frames: list[int] = []
    frame = 0
    while _seek(image, frame):
        if not image.getexif().get(ExifTags.Base.NewSubfileType, 0) & 1:
            frames.append(frame)
        frame += 1
        _check_pages(upload, frame)
    return frames or [0]


def _seek(image: ImageFile, frame: int) -> bool:
    try:
        image.seek(frame)
    except EOFError:
        return False
    return True


def _image_page(upload: _Upload, image: ImageFile, frame: int) -> _Page:
    image.seek(frame)
    _check_size(upload, *image.size)
    _check_mode(upload, image)
    (width, height), rest = _load(image)
    tags = _exif_tags(image)  # after loading: PNG may carry them behind its pixels
    turn = tags.get(ExifTags.Base.Orientation)
    if turn in (5, 6, 7, 8):
        width, height = height, width
    return _Page(
        pixels=_turn_upright(_to_pixels(image, rest), turn),
        width=width,
        height=height,
        camera=_camera(tags),
        software=_tidy(tags.get(ExifTags.Base.Software) or image.info.get("Software")),
        taken=_taken(tags),
    )


_SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N")
_MODES = ("1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBX", "RGBa", "CMYK", "YCbCr")


def _check_mode(upload: _Upload, image: ImageFile) -> None:
    # Whole numbers of 32 bits and floats have no agreed white: what is ink can't be told.
    if image.mode not in (*_MODES, *_SIXTEEN_BITS):
        raise PhotoError("photo.unsupported", {"file": upload.name, "format": upload.format})


def _load(image: ImageFile) -> tuple[tuple[int, int], int]:
    """Decodes, JPEG at reduced size; gives the full size and the factor still to reduce by."""
    width, height = image.size
    factor = _reduction(width, height)
    if isinstance(image, JpegImageFile):
        image.draft(None, (max(1, width // factor), max(1, height // factor)))
    drafted = round(width / image.width)
    image.load()
    return (width, height) if drafted > 1 else image.size, factor // drafted


def _reduction(width: int, height: int) -> int:
    """The power of two to shrink by: text stays readable, and OpenCV can warp the result."""
    long, short = max(width, height), min(width, height)
    factor = 1
    # The short side counts as well: a long screenshot is narrow, and its text small.
    # OpenCV's remap takes no more than 32767 pixels a side.
    while (long >= 6000 * factor and short >= 3000 * factor) or long > 32_000 * factor:
        factor *= 2
    return factor


_BAND = 128


def _to_pixels(image: Image.Image, factor: int) -> Pixels:
    # Band by band: conversions stay in the processor's cache, and Pillow's way to numpy, which
    # joins 64-kB pieces, takes a third of the time (12 megapixels: 17 ms instead of 49).
    height, width = -(-image.height // factor), -(-image.width // factor)
    pixels: Pixels = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _BAND):
        rows = pixels[top : top + _BAND]
        bottom = min((top + _BAND) * factor, image.height)
        band = _to_rgb(image.crop((0, top * factor, image.width, bottom))).reduce(factor)
        rows[:] = np.frombuffer(band.tobytes("raw", "BGR"), np.uint8).reshape(rows.shape)
    return pixels


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode in _SIXTEEN_BITS:
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if not image.has_transparency_data:
        return image.convert("RGB")
    if image.mode == "La":  # the one mode with transparency that has no direct way to RGBA
        image = image.convert("LA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")


# What undoes each EXIF orientation (tag 274, Exif 3.0 §4.6.5.1.6): rows and columns swapped
# or not, then flipped as cv2.flip counts: 0 upside down, 1 left to right, -1 both.
_UPRIGHT: Mapping[int, tuple[bool, int | None]] = {
    2: (False, 1),
    3: (False, -1),
    4: (False, 0),
    5: (True, None),
    6: (True, 1),
    7: (True, -1),
    8: (True, 0),
}


def _turn_upright(pixels: Pixels, orientation: Any) -> Pixels:
    swapped, flip = _UPRIGHT.get(orientation, (False, None))
    upright = cv2.transpose(pixels) if swapped else pixels
    return np.asarray(upright if flip is None else cv2.flip(upright, flip), np.uint8)


# ── EXIF ─────────────────────────────────────────────────────────────────────────────────────


def _exif_tags(image: Image.Image) -> dict[int, Any]:
    """The tags of the image and of its Exif directory, as many as can be read."""
    tags: dict[int, Any] = {}
    # Cameras and editors write much rubbish here; none of it may cost us the photo.
    with suppress(Exception):
        exif = image.getexif()
        tags.update(exif)
        tags.update(exif.get_ifd(ExifTags.IFD.Exif))
    return tags


def _tidy(value: object) -> str | None:
    """A tag as one short line of printable text, or None where there is none."""
    if not isinstance(value, str):
        return None
    printable = "".join(sign if sign.isprintable() else " " for sign in value)
    return " ".join(printable.split())[:100] or None


def _camera(tags: Mapping[int, Any]) -> str | None:
    make, model = _tidy(tags.get(ExifTags.Base.Make)), _tidy(tags.get(ExifTags.Base.Model))
    if make and model and not model.lower().startswith(make.lower()):
        return f"{make} {model}"
    return model or make


def _taken(tags: Mapping[int, Any]) -> dt.datetime | None:
    value = _tidy(tags.get(ExifTags.Base.DateTimeOriginal)) or ""
    with suppress(ValueError):
        return dt.datetime.strptime(value, "%Y:%m:%d %H:%M:%S")
    return None


# ── PDF ──────────────────────────────────────────────────────────────────────────────────────

# PDFium isn't thread-safe: one call at a time in the whole process, closing included.
_PDFIUM = threading.Lock()
_PDF_DOTS_PER_POINT = 220 / 72
"""220 dpi: the smallest print of a receipt, 2 mm high, gets some 17 pixels."""
_PDF_PIXELS = 12_000_000
"""At most, for a page; an area, not a length, so that a long paper roll stays readable."""


def _pdf_pages(upload: _Upload) -> list[_Page]:
    with _PDFIUM:
        # Loading PDFium takes memory and time that photos needn't pay.
        import pypdfium2  # noqa: PLC0415 - see above

        try:
            document = pypdfium2.PdfDocument(upload.data)
        except pypdfium2.PdfiumError as exc:
            if exc.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
                raise PhotoError("photo.locked_pdf", {"file": upload.name}) from exc
            raise
        with document:
            _check_pages(upload, len(document))
            return [_pdf_page(upload, document, index) for index in range(len(document))]


def _pdf_page(upload: _Upload, document: Any, index: int) -> _Page:
    page = document[index]
    scale = _pdf_scale(upload, page)
    _check_size(upload, *(round(side * scale) for side in page.get_size()))
    bitmap = page.render(scale=scale)
    pixels: Pixels = bitmap.to_numpy().copy()
    bitmap.close()
    page.close()
    height, width = pixels.shape[:2]
    metadata = document.get_metadata_dict(skip_empty=True)
    software = _tidy(metadata.get("Creator") or metadata.get("Producer"))
    return _Page(pixels, width, height, software=software)


def _pdf_scale(upload: _Upload, page: Any) -> float:
    """Pixels per point: those of the image where a page is one image, else 220 dpi."""
    objects = list(page.get_objects())
    images = [found for found in objects if hasattr(found, "get_px_size")]
    for image in images:  # before rendering, which unpacks every image on the page
        if np.prod(image.get_px_size(), dtype=float) > upload.limits.max_pixels:
            raise _too_many_pixels(upload)
    alone = len(objects) == len(images) == 1
    scale = _image_scale(images[0]) if alone else _PDF_DOTS_PER_POINT
    width, height = page.get_size()
    return min(scale, math.sqrt(_PDF_PIXELS / (width * height)))


def _image_scale(image: Any) -> float:
    left, bottom, right, top = image.get_bounds()
    return float(max(image.get_px_size()) / max(right - left, top - bottom))
