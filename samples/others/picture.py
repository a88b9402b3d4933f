"""A picture of a document that is no receipt, set, printed and photographed as receipts are."""

from __future__ import annotations

from dataclasses import dataclass, field

from receipt_screen.records import DocumentKind
from samples.others.pages import PAGES, Draft
from samples.render.blocks import facts_of
from samples.render.capture import Wish, capture
from samples.render.chance import Chance
from samples.render.files import encode
from samples.render.own import MESSENGER_SIDE, SHOPS
from samples.render.paper import draw_stock
from samples.render.picture import fitted
from samples.render.printer import draw_head
from samples.render.printing import Printing, face_of, measure_of
from samples.render.purchases import Wanted, draw_purchase
from samples.render.receipt import Receipt
from samples.render.shops import shop
from samples.render.template import Family, template
from samples.render.typesetting import typeset

TRADES = ("restaurant", "cafe", "hair", "pharmacy", "flower", "mart", "bakery", "optics")
QUALITY = 70


@dataclass(frozen=True)
class Other:
    """An image file's bytes, and which document it shows."""

    name: str
    document: str
    encoded: bytes = field(repr=False)


def make_other(split: str, seed: int, index: int) -> Other:
    """The picture of an index: every document of the split in turn."""
    chance = Chance("other", split, seed, index)
    names = list(PAGES[split])
    document = names[index % len(names)]
    picture = capture(_printed(split, document, chance), chance.sub("capture"), "messenger", Wish())
    pixels = fitted(picture, MESSENGER_SIDE).pixels
    name = f"{split}{seed}_{document}_{index:04}.jpg"
    return Other(name, document, encode(pixels, "jpg", QUALITY))


def _printed(split: str, document: str, chance: Chance) -> Printing:
    medium, words = PAGES[split][document]
    who = shop(split, chance.sub("trade").choice(TRADES), chance.sub("shop").randrange(SHOPS))
    family = Family(
        name=document, split=split, kind=DocumentKind.NOT_A_RECEIPT, medium=medium, trades=TRADES,
        sections=(), columns=(32, 40, 48), methods=("card",), can=frozenset(),
    )  # fmt: skip
    look = template(family, who)
    blocks = words(Draft(who, chance.sub("words")))
    face = face_of(look)
    return Printing(
        # The machine asks it for nothing but whose it is and what it stands on.
        receipt=Receipt(look, draw_purchase(chance, who, Wanted()), chance),
        sheet=typeset(blocks, measure_of(look, face)),
        face=face,
        facts=facts_of(blocks),
        head=draw_head(chance.sub("head")),
        stock=draw_stock(chance.sub("stock")),
        chance=chance.sub("print"),
    )
