"""Images whose relations are known, and the pairs of them that are compared.

Rendered from the families, shops and fonts of the test split. `crowds` are many
receipts of one shop: the hardest negatives there are.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from pathlib import Path

from benchmarks.children import on_cores
from benchmarks.labelled import SAMPLES
from models.training.readings import Picked, render_sample
from receipt_screen.geometry import Quad
from samples.render.capture import Wish, capture
from samples.render.files import encode
from samples.render.labels import Label, SampleRelation
from samples.render.own import MESSENGER_SIDE, draw_receipt, same_shop
from samples.render.picture import fitted
from samples.render.plan import BLOCK, OWN, RELATED, plan
from samples.render.printing import print_receipt
from samples.render.template import families

SEED = 20
BLOCKS = 36
"""Of ten images each: five receipts of their own and a relative of each."""
CROWDS, CROWD = 8, 8
"""Shops, and receipts of each."""
SHOP_PAIRS = 3000
"""At most, of different receipts of one shop."""
JPEG = 72
RESEMBLING = (SampleRelation.SAME_TEMPLATE, SampleRelation.UNRELATED)
"""Relations of different receipts."""


@dataclass(frozen=True)
class Known:
    """An image, the receipt it shows and its shop."""

    id: str
    path: Path
    receipt: str
    shop: str


@dataclass(frozen=True)
class Pair:
    """Two images by their places in the list, and what they are to each other."""

    one: int
    other: int
    relation: str
    """`same_file`, `same_image`, `same_receipt`, `altered_copy`; for different receipts
    `same_shop`, `other_shop` (one layout and amount), `unrelated`."""
    how: str
    edited: tuple[Quad, ...] = ()
    """What was altered, in the later image."""

    @property
    def is_duplicate(self) -> bool:
        return self.relation not in ("same_shop", "other_shop", "unrelated")


@dataclass(frozen=True)
class Collection:
    """Images and the pairs among them that somebody made on purpose."""

    images: tuple[Known, ...]
    pairs: tuple[Pair, ...]


# ── images ───────────────────────────────────────────────────────────────────────────────────


def rendered(folder: Path, blocks: int = BLOCKS, crowds: int = CROWDS) -> Collection:
    """Renders into a folder what isn't there; needs the fonts of samples.render."""
    picked = Picked("test", SEED, blocks * BLOCK, folder)
    slots = [slot for slot in range(BLOCK) if slot < RELATED or slot >= OWN]
    indices = [block * BLOCK + slot for block in range(blocks) for slot in slots]
    render = partial(partial, _render, picked)
    done = on_cores(render, indices, title="rendering samples")
    crowd = partial(partial, _render_crowd, picked.folder)
    crowded = on_cores(crowd, range(crowds * CROWD), title="rendering one shop's receipts")
    labels = [Label.model_validate_json(each.result) for each in done]
    return collected(labels, picked.folder, [each.result for each in crowded])


def committed(most: int) -> Collection:
    """The first pairs of the committed set's test split: about so many images."""
    lines = (SAMPLES / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    labels = [Label.model_validate_json(line) for line in lines]
    test = {label.id: label for label in labels if label.split == "test"}
    later = [label for label in test.values() if label.relations][: most // 2]
    chosen = {each for label in later for each in (label.id, label.relations[0].to)}
    ordered = [label for label in test.values() if label.id in chosen]
    return collected(ordered, SAMPLES / "images", [])


def _render(picked: Picked, index: int) -> str:
    return render_sample(picked, index).model_dump_json()


def _render_crowd(folder: Path, number: int) -> Known:
    """One of a shop's receipts; every other one is of the same amount."""
    crowd, place = divmod(number, CROWD)
    name = f"crowd{crowd}_{place}"
    path = folder / f"{name}.jpg"
    able = [family for family in families().values() if family.split == "test"]
    start = replace(
        plan(SEED + 1, crowd * BLOCK, "test"), family=able[crowd % len(able)], trap=None
    )
    receipt, chance = draw_receipt(start), start.chance.sub("crowd", place)
    known = Known(name, path, name, f"crowd {crowd} {receipt.shop.key}")
    if path.is_file():
        return known
    sold = same_shop(receipt, chance.sub("sale"), same_amount=bool(place % 2)) if place else receipt
    printing = print_receipt(sold, chance.sub("print"))
    picture = fitted(capture(printing, chance.sub("capture"), "messenger", Wish()), MESSENGER_SIDE)
    path.write_bytes(encode(picture.pixels, "jpg", JPEG))
    return known


# ── pairs ────────────────────────────────────────────────────────────────────────────────────


def collected(labels: Sequence[Label], folder: Path, crowd: Sequence[Known]) -> Collection:
    """The images, and the pairs that the labels and the shops name."""
    receipts: dict[str, str] = {}
    for label in labels:
        receipts[label.id] = _receipt(label, receipts)
    images = (
        *(Known(each.id, folder / each.file, receipts[each.id], each.shop) for each in labels),
        *crowd,
    )
    places = {image.id: place for place, image in enumerate(images)}
    named = tuple(_named_pairs(labels, places))
    taken = {(pair.one, pair.other) for pair in named}
    shops = [pair for pair in _shop_pairs(images) if (pair.one, pair.other) not in taken]
    drawn = random.Random(SEED).sample(shops, min(SHOP_PAIRS, len(shops)))
    return Collection(images, (*named, *drawn))


def _receipt(label: Label, receipts: dict[str, str]) -> str:
    """Which receipt an image shows: its own, or that of the earlier image it is made from."""
    for related in label.relations:
        if related.relation not in RESEMBLING:
            return receipts[related.to]
    return label.id


def _named_pairs(labels: Sequence[Label], places: dict[str, int]) -> Iterator[Pair]:
    names = {SampleRelation.SAME_TEMPLATE: "same_shop", SampleRelation.UNRELATED: "other_shop"}
    for label in labels:
        for related in label.relations:
            relation = names.get(related.relation, related.relation.value)
            one, other = places[related.to], places[label.id]
            yield Pair(one, other, relation, related.how, related.differs)


def _shop_pairs(images: Sequence[Known]) -> Iterator[Pair]:
    """All pairs of different receipts of one shop."""
    shops: dict[str, list[int]] = defaultdict(list)
    for place, image in enumerate(images):
        shops[image.shop].append(place)
    for members in shops.values():
        for one, other in combinations(members, 2):
            if images[one].receipt != images[other].receipt:
                yield Pair(one, other, "same_shop", "one_shop")


def unrelated(collection: Collection, count: int) -> tuple[Pair, ...]:
    """So many pairs of different shops, drawn at random but always the same ones."""
    images, chance = collection.images, random.Random(SEED)
    taken = {(pair.one, pair.other) for pair in collection.pairs}
    free = [
        (one, other)
        for one, other in combinations(range(len(images)), 2)
        if images[one].shop != images[other].shop and (one, other) not in taken
        and images[one].receipt != images[other].receipt
    ]  # fmt: skip
    drawn = chance.sample(free, min(count, len(free)))
    return tuple(Pair(one, other, "unrelated", "unrelated") for one, other in drawn)
