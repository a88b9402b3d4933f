"""Relatives of an earlier image: the same again, altered, or only alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from receipt_screen.geometry import Quad
from receipt_screen.records import Pixels
from samples.render import fraud, reuse
from samples.render.capture import Wish, capture, photograph_screen
from samples.render.chance import Chance
from samples.render.labelling import run_quad
from samples.render.own import (
    Made,
    cancelled,
    friend,
    make_own,
    on_day_of,
    same_shop,
)
from samples.render.picture import Picture
from samples.render.plan import Plan, plan
from samples.render.printing import Printing, print_receipt
from samples.render.purchases import Wanted, draw_purchase
from samples.render.receipt import Receipt
from samples.render.shops import shop
from samples.render.template import template

Relative = Callable[[Plan, Made, str], Made]
"""From the plan, the earlier picture as its file shows it, and the camera."""


def make_relative(this: Plan, base: Made, camera: str) -> Made:
    """The picture of a relative; `base` is the earlier one, decoded from its file."""
    return RELATIVES[this.scenario or ""](this, base, camera)


# ── the same image ───────────────────────────────────────────────────────────────────────────


def _image(change: Callable[[Picture, Chance], Picture]) -> Relative:
    def make(this: Plan, base: Made, _camera: str) -> Made:
        return replace(base, picture=change(base.picture, this.chance.sub("change")))

    return make


# ── the same receipt ─────────────────────────────────────────────────────────────────────────


def _on_screen(this: Plan, base: Made, camera: str) -> Made:
    """The earlier picture on a monitor, photographed."""
    made = photograph_screen(base.picture.pixels, this.chance.sub("screen"), camera)
    inner = base.picture
    picture = replace(
        made,
        to_picture=lambda quad: made.to_picture(inner.to_picture(quad)),
        occluders=tuple(made.to_picture(quad) for quad in inner.occluders),
        faults=(*inner.faults, *made.faults),
    )
    return replace(base, picture=picture)


def _again(this: Plan, base: Made, camera: str) -> Made:
    """The same paper, photographed another time."""
    picture = capture(base.printing, this.chance.sub("again"), camera, Wish("photo"))
    return Made(base.printing, picture)


def _worn(this: Plan, base: Made, camera: str) -> Made:
    """The same paper after some weeks in a purse: paler, and bent otherwise."""
    head = replace(base.printing.head, density=base.printing.head.density * 0.62)
    worn = replace(base.printing, head=head)
    return Made(worn, capture(worn, this.chance.sub("worn"), camera, Wish("photo")))


def _printed(change: Callable[[Receipt, Chance], Receipt]) -> Relative:
    """Another paper of the same shop, in a picture of its own."""

    def make(this: Plan, base: Made, camera: str) -> Made:
        chance = this.chance
        receipt = change(base.printing.receipt, chance.sub("change"))
        printing = print_receipt(receipt, chance.sub("print"))
        return Made(printing, capture(printing, chance.sub("capture"), camera, Wish()))

    return make


def _reprinted(receipt: Receipt, chance: Chance) -> Receipt:
    again = receipt.purchase.when + dt.timedelta(days=chance.randint(1, 20), minutes=13)
    return replace(receipt, printed_again=again)


def _merchants(receipt: Receipt, _chance: Chance) -> Receipt:
    return replace(receipt, copy="merchant")


def _same_day(receipt: Receipt, chance: Chance) -> Receipt:
    return on_day_of(same_shop(receipt, chance), receipt.purchase)


def _other_day(receipt: Receipt, chance: Chance) -> Receipt:
    return same_shop(receipt, chance, same_amount=True)


def _other_shop(receipt: Receipt, chance: Chance) -> Receipt:
    """Another shop of the same family, the same amount."""
    family, old = receipt.template.family, receipt.shop
    number = (int(old.key.rsplit("-", 1)[1]) + chance.randint(1, 50)) % 60
    who = shop(old.stems, old.trade, number)
    wanted = Wanted(method=receipt.purchase.main.method, amount=receipt.purchase.charged)
    purchase = draw_purchase(chance, who, wanted)
    return Receipt(template(family, who), purchase, chance.sub("receipt"), wants=receipt.wants)


# ── altered copies ───────────────────────────────────────────────────────────────────────────


def _altered(field: str, *, badly: bool = False) -> Relative:
    def make(this: Plan, base: Made, camera: str) -> Made:
        chance = this.chance.sub("alter")
        change = fraud.draw_change(field, base, chance)
        sheet, dots = fraud.altered_sheet(base.printing, change)
        quads = tuple(base.picture.to_picture(quad) for quad in dots)
        forged = replace(base.printing, sheet=sheet)
        if badly:
            pixels = _typed(base, change, chance)
        else:
            pixels = fraud.pasted(base.picture.pixels, _rerendered(this, forged, camera), quads)
        picture = replace(base.picture, pixels=pixels)
        return Made(forged, picture, base.traps, {change.field: change.value}, quads, base.several)

    return make


def _rerendered(this: Plan, forged: Printing, camera: str) -> Pixels:
    """The earlier picture as it would be had the sheet been printed so."""
    base = plan(this.seed, this.base or 0, this.split)
    return make_own(base, camera, forged).picture.pixels


def _typed(base: Made, change: fraud.Change, chance: Chance) -> Pixels:
    pixels = base.picture.pixels
    for quad, text in _places(base, change):
        pixels = fraud.typed_over(pixels, quad, text, chance.sub(text))
    return np.ascontiguousarray(pixels)


def _places(base: Made, change: fraud.Change) -> list[tuple[Quad, str]]:
    return [
        (base.picture.to_picture(run_quad(run, span.start, span.end)),
         change.texts[run.text[span.start : span.end]])
        for run in base.printing.sheet.runs
        for span in run.spans
        if span.field == change.field
    ]  # fmt: skip


RELATIVES: dict[str, Relative] = {
    "same_file": _image(reuse.same),
    "reencoded": _image(reuse.same),
    "png": _image(reuse.same),
    "resized": _image(reuse.shrunk),
    "cropped": _image(reuse.cropped),
    "turned_90": _image(reuse.turned),
    "rotated_a_little": _image(reuse.rotated),
    "enhanced": _image(reuse.enhanced),
    "grey": _image(reuse.greyed),
    "forwarded": _image(reuse.forwarded),
    "chat_screenshot": _image(reuse.in_chat),
    "camera_screenshot": _image(reuse.in_camera),
    "gallery_screenshot": _image(reuse.in_gallery),
    "mirrored_bars": _image(reuse.squared),
    "photo_of_screen": _on_screen,
    "second_photo": _again,
    "second_photo_worn": _worn,
    "reprint": _printed(_reprinted),
    "merchant_copy": _printed(_merchants),
    "amount_altered": _altered("amount"),
    "amount_altered_badly": _altered("amount", badly=True),
    "date_altered": _altered("date"),
    "date_altered_badly": _altered("date", badly=True),
    "approval_altered": _altered("approval_number"),
    "approval_altered_badly": _altered("approval_number", badly=True),
    "merchant_altered": _altered("merchant"),
    "merchant_altered_badly": _altered("merchant", badly=True),
    "cancellation": _printed(cancelled),
    "same_day": _printed(_same_day),
    "friends": _printed(friend),
    "other_day": _printed(_other_day),
    "other_shop": _printed(_other_shop),
}
