"""Every peer does what its protocol says; a missing one says what it lacks."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.peers import INDEXES, MATCHERS, NEAR, READERS, Hashes, Matcher, Peer
from benchmarks.scale import hashes, measure
from samples.render.sheet import read_labels

ROOT = Path(__file__).parents[2]


def marked(peers: tuple[Peer, ...]) -> list[object]:
    """Peers that open a network take seconds."""
    return [
        pytest.param(peer, id=peer.name, marks=pytest.mark.slow if _is_slow(peer) else ())
        for peer in peers
    ]


def _is_slow(peer: Peer) -> bool:
    return peer.name.startswith("ours") or "torch" in peer.modules


def opened(peer: Peer) -> Any:
    if why := peer.missing():
        pytest.skip(why)
    return peer.open()


def path_of(how: str) -> tuple[Path, Path]:
    """An image and the later one that was made of it so."""
    for label in read_labels(ROOT / "samples"):
        for related in label.relations:
            if related.how == how:
                folder = ROOT / "samples" / "images"
                return next(folder.glob(f"{related.to}.*")), folder / label.file
    raise AssertionError(how)


@pytest.mark.parametrize("peer", marked(MATCHERS))
def test_a_resized_copy_is_more_alike_than_another_shops_receipt(peer: Peer) -> None:
    matcher: Matcher = opened(peer)
    image, copy = map(matcher.describe, path_of("resized"))
    _, other = map(matcher.describe, path_of("other_shop"))
    assert matcher.likeness(image, copy) > matcher.likeness(image, other)
    assert matcher.likeness(image, image) >= matcher.likeness(image, copy)


def flipped(row: Hashes, bits: int) -> Hashes:
    unpacked = np.unpackbits(row)
    unpacked[:bits] ^= 1
    return np.packbits(unpacked)


@pytest.mark.parametrize("peer", marked(INDEXES))
def test_an_index_finds_what_is_near_and_nothing_else(peer: Peer) -> None:
    with closing(opened(peer)) as index:
        known = hashes(0, 50)
        index.add(known)
        assert index.near(known[7]) == 1
        assert index.near(flipped(known[7], NEAR)) == 1
        assert index.near(flipped(known[7], NEAR + 1)) == 0


@pytest.mark.parametrize("peer", marked(INDEXES))
def test_an_index_is_measured_at_a_size(peer: Peer) -> None:
    if why := peer.missing():
        pytest.skip(why)
    row = measure(peer, 2_000)
    assert row["size"] == 2_000
    assert row["look_up"] > 0
    assert row["insert"] > 0
    if row["stored_bytes"] is not None:
        assert row["stored_bytes"] > 100


@pytest.mark.parametrize("peer", [*READERS, *MATCHERS, *INDEXES], ids=lambda peer: peer.name)
def test_a_missing_peer_says_what_it_lacks_and_how_to_get_it(peer: Peer) -> None:
    lacking = replace(
        peer, modules=("no_such_module",), program=None, weights=None, install="pip install it"
    )
    assert lacking.missing() == "no_such_module not installed: pip install it"


def test_weights_that_would_have_to_be_downloaded_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    lacking = replace(READERS[0], modules=(), program=None, weights="net.pth")
    assert "the weights net.pth not installed" in (lacking.missing() or "")
    (tmp_path / "hub" / "checkpoints").mkdir(parents=True)
    (tmp_path / "hub" / "checkpoints" / "net.pth").touch()
    assert lacking.missing() is None


def test_a_missing_program_is_named_too() -> None:
    lacking = replace(READERS[0], modules=(), program="no-such-program", install="apt-get it")
    assert lacking.missing() == "the program no-such-program not installed: apt-get it"
