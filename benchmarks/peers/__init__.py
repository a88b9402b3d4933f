"""The peers: what could be used instead, one file each, behind one small protocol a question.

A peer that isn't installed is named as missing in every result, with what would install it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from benchmarks.lines import TextLine
from receipt_screen.records import Pixels

Hashes = npt.NDArray[np.uint8]
"""Rows of 32 bytes."""


class TextReader(Protocol):
    """Reads a whole photo."""

    def read(self, pixels: Pixels) -> tuple[TextLine, ...]:
        """The lines of a photo, places in its pixels."""
        ...

    def read_strip(self, strip: Pixels) -> str:
        """The text of a single line's pixels."""
        ...


class Matcher(Protocol):
    """Says how alike two photos are."""

    def describe(self, photo: Path) -> Any:
        """What is kept of a photo, to be compared with others'; must be picklable."""
        ...

    def likeness(self, one: Any, other: Any) -> float:
        """The higher, the more alike."""
        ...


class HashIndex(Protocol):
    """Keeps hashes of 256 bits and finds those nearby."""

    def fill(self, hashes: Hashes) -> bool:
        """Takes in very many in a faster way than `add`; False where there is none."""
        ...

    def add(self, hashes: Hashes) -> None:
        """Takes in more."""
        ...

    def near(self, wanted: Hashes) -> int:
        """How many are at most `NEAR` bits from one hash."""
        ...

    def reopen(self, wanted: Hashes) -> float | None:
        """Seconds from opening what is stored to the first answer; None without a store."""
        ...

    def stored_bytes(self) -> int | None:
        """Bytes on disk; None for what lives in memory only."""
        ...

    def close(self) -> None:
        """Gives back files."""
        ...


NEAR = 10
"""Bits of 256 within which an index looks."""


@dataclass(frozen=True)
class Peer:
    """How a peer is opened and what it needs."""

    name: str
    title: str
    place: str
    """`module:class` below `benchmarks.peers`; the class takes no arguments."""
    packages: tuple[str, ...]
    """Distributions whose versions are recorded."""
    modules: tuple[str, ...]
    install: str
    program: str | None = None
    weights: str | None = None
    """A file that torchvision downloads when it is first used; benchmarks download nothing."""
    described_by: str | None = None
    """For matchers: another one that describes photos in the same way."""
    published: float | None = None
    """For matchers: the likeness from which on its makers, or common use, call two images alike."""
    source: str = ""
    """Where that number is from."""

    @property
    def module(self) -> str:
        """Its file."""
        return self.place.split(":")[0]

    def missing(self) -> str | None:
        """What it lacks, and what would bring it; None where it can be used."""
        lacking = [name for name in self.modules if find_spec(name) is None]
        if self.program and shutil.which(self.program) is None:
            lacking.append(f"the program {self.program}")
        if self.weights and not (_torch_home() / "hub" / "checkpoints" / self.weights).is_file():
            lacking.append(f"the weights {self.weights}")
        return f"{', '.join(lacking)} not installed: {self.install}" if lacking else None

    def kind(self) -> Any:
        """Its class."""
        module, name = self.place.split(":")
        return getattr(import_module(f"benchmarks.peers.{module}"), name)

    def open(self) -> Any:
        """The peer itself."""
        return self.kind()()


def _torch_home() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return Path(os.environ.get("TORCH_HOME", cache / "torch"))


_BENCH = "pip install 'receipt-screen[bench]'"
_TESSERACT = "apt-get install tesseract-ocr tesseract-ocr-kor"
_TORCH = "pip install imagededup (brings torch and torchvision)"

READERS = (
    Peer(
        "tesseract_raw", "Tesseract, whole photo", "tesseract_reader:TesseractRaw",
        ("pytesseract",), ("pytesseract",), f"{_BENCH}; {_TESSERACT}", program="tesseract",
    ),
    Peer(
        "rapidocr", "RapidOCR as it comes", "rapidocr_reader:RapidOcr",
        ("rapidocr",), ("rapidocr",), "pip install receipt-screen",
    ),
)  # fmt: skip

_HAMMING = "bits of 64; Hacker Factor, 2011: more than 10 are another image"
_IMAGEHASH = ("imagehash",)
_DEDUP = ("imagededup", "torch", "torchvision")
MATCHERS = (
    Peer("ours", "ours, registry", "ours:Ours", ("receipt-screen",), (), "",
         published=1, source="our own decision: a relation stronger than the same template"),
    Peer("ours_pictures", "ours, pictures too", "ours:OursWithPictures", ("receipt-screen",), (),
         "", described_by="ours",
         published=1, source="our own decision: a relation stronger than the same template"),
    Peer("phash", "imagehash pHash", "imagehash_matchers:PHash", ("imagehash",), _IMAGEHASH, _BENCH,
         published=-10, source=_HAMMING),
    Peer("dhash", "imagehash dHash", "imagehash_matchers:DHash", ("imagehash",), _IMAGEHASH, _BENCH,
         published=-10, source=_HAMMING),
    Peer("whash", "imagehash wHash", "imagehash_matchers:WHash", ("imagehash",), _IMAGEHASH, _BENCH,
         published=-10, source=_HAMMING),
    Peer("crop_resistant", "imagehash crop-resistant", "imagehash_matchers:CropResistant",
         ("imagehash",), _IMAGEHASH, _BENCH,
         published=1, source="segments with at most a quarter of wrong bits; default of `matches`"),
    Peer("pdq", "PDQ", "pdqhash_matcher:Pdq", ("pdqhash",), ("pdqhash",), _BENCH,
         published=-31, source="bits of 256; ThreatExchange's recommended threshold"),
    Peer("dedup_phash", "imagededup PHash", "imagededup_matchers:PHash", _DEDUP, _DEDUP, _TORCH,
         published=-10, source="bits of 64; the default max_distance_threshold"),
    Peer("dedup_dhash", "imagededup DHash", "imagededup_matchers:DHash", _DEDUP, _DEDUP, _TORCH,
         published=-10, source="bits of 64; the default max_distance_threshold"),
    Peer("dedup_whash", "imagededup WHash", "imagededup_matchers:WHash", _DEDUP, _DEDUP, _TORCH,
         published=-10, source="bits of 64; the default max_distance_threshold"),
    Peer("dedup_cnn", "imagededup CNN", "imagededup_matchers:Cnn", _DEDUP, _DEDUP,
         "torchvision downloads them when they are first used; benchmarks download nothing",
         weights="mobilenet_v3_small-047dcff4.pth",
         published=0.9, source="cosine; the default min_similarity_threshold"),
    Peer("orb", "ORB + RANSAC", "opencv_matchers:Orb", ("opencv-python-headless",), ("cv2",),
         "pip install receipt-screen",
         published=10, source="inliers of a homography; MIN_MATCH_COUNT of OpenCV's tutorial"),
    Peer("sift", "SIFT + RANSAC", "opencv_matchers:Sift", ("opencv-python-headless",), ("cv2",),
         "pip install receipt-screen",
         published=10, source="inliers of a homography; MIN_MATCH_COUNT of OpenCV's tutorial"),
)  # fmt: skip

INDEXES = (
    Peer("ours", "ours, SQLite", "ours_registry:OursInSqlite", ("receipt-screen",), (), ""),
    Peer("imagehash", "imagehash, linear scan", "imagehash_index:LinearScan", ("imagehash",),
         _IMAGEHASH, _BENCH),
    Peer("bktree", "imagededup, BK-tree", "imagededup_index:BkTree", _DEDUP, _DEDUP, _TORCH),
    Peer("faiss", "faiss, flat and exact", "faiss_index:Flat", ("faiss-cpu",), ("faiss",), _BENCH),
)  # fmt: skip


def split_missing(peers: Sequence[Peer]) -> tuple[list[Peer], dict[str, str]]:
    """The peers that can be used, and what the others lack, by title."""
    lacking = {peer.title: why for peer in peers if (why := peer.missing())}
    return [peer for peer in peers if peer.title not in lacking], lacking
