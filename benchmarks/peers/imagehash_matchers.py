"""imagehash's own hashes at its own sizes, by Hamming distance."""

from __future__ import annotations

from pathlib import Path

import imagehash

from benchmarks.peers.images import open_rgb

Hash = imagehash.ImageHash


class _Hashed:
    """Minus the distance in bits."""

    @staticmethod
    def likeness(one: Hash, other: Hash) -> float:
        return -float(one - other)


class PHash(_Hashed):
    """DCT, 64 bits."""

    @staticmethod
    def describe(photo: Path) -> Hash:
        return imagehash.phash(open_rgb(photo))


class DHash(_Hashed):
    """Gradients, 64 bits."""

    @staticmethod
    def describe(photo: Path) -> Hash:
        return imagehash.dhash(open_rgb(photo))


class WHash(_Hashed):
    """Wavelets, 64 bits."""

    @staticmethod
    def describe(photo: Path) -> Hash:
        return imagehash.whash(open_rgb(photo))


class CropResistant:
    """Hashes of segments: how many segments are alike; of equals, the nearer ones are more."""

    @staticmethod
    def describe(photo: Path) -> imagehash.ImageMultiHash:
        return imagehash.crop_resistant_hash(open_rgb(photo))

    @staticmethod
    def likeness(one: imagehash.ImageMultiHash, other: imagehash.ImageMultiHash) -> float:
        segments, distance = one.hash_diff(other)
        bits = 1 + sum(each.hash.size for each in one.segment_hashes)
        return segments + 1 - distance / bits if segments else 0.0
