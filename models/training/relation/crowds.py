"""Many receipts of one shop: the honest neighbours that look most like a copy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from models.training.readings import Picked, read_picture
from receipt_screen.reading import Reader
from samples.render.capture import Wish, capture
from samples.render.files import encode
from samples.render.own import MESSENGER_SIDE, draw_receipt, same_shop
from samples.render.picture import fitted
from samples.render.plan import BLOCK, plan
from samples.render.printing import print_receipt
from samples.render.template import families

CROWD = 5
"""Receipts of each shop; every other one is of the first one's amount."""
JPEG = 80


@dataclass(frozen=True)
class Neighbour:
    """A picture of one of a shop's receipts."""

    id: str
    shop: str
    path: Path


def render_crowds(picked: Picked, crowds: int) -> Iterator[Neighbour]:
    """The receipts of so many shops, made where they are missing, family after family."""
    able = [family for family in families().values() if family.split == picked.split]
    for crowd in range(crowds):
        first = plan(picked.seed + 1, crowd * BLOCK, picked.split)
        first = replace(first, family=able[crowd % len(able)], trap=None)
        receipt, chance = draw_receipt(first), first.chance.sub("crowd")
        for place in range(CROWD):
            name = f"crowd{crowd:03}_{place}"
            path = picked.folder / f"{name}.jpg"
            if not path.is_file():
                own = chance.sub(place)
                sold = receipt
                if place:
                    sold = same_shop(receipt, own.sub("sale"), same_amount=bool(place % 2))
                printing = print_receipt(sold, own.sub("print"))
                taken = capture(printing, own.sub("capture"), "messenger", Wish())
                pixels = fitted(taken, MESSENGER_SIDE).pixels
                path.write_bytes(encode(pixels, "jpg", JPEG))
            yield Neighbour(name, f"crowd {crowd} {receipt.shop.key}", path)


def read_crowds(picked: Picked, crowds: int, reader: Reader) -> Iterator[tuple[Neighbour, object]]:
    """Each neighbour with what was read of it."""
    for neighbour in render_crowds(picked, crowds):
        yield neighbour, read_picture(neighbour.path, picked.folder / "readings", reader)
