"""From a receipt to a printed sheet."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from receipt_screen.records import Pixels
from samples.render.blocks import Facts, Style, facts_of
from samples.render.chance import Chance
from samples.render.fonts import Face, FormFace, Ink, face_names, outline_face, thermal_face
from samples.render.layouts.sections import lay_out
from samples.render.paper import Paper, Stock, draw_stock, make_painted_paper, make_paper
from samples.render.printer import Floats, Head, draw_head, ink_sheet, paint_sheet, print_ink
from samples.render.receipt import Receipt
from samples.render.template import Template
from samples.render.typesetting import Measure, Sheet, typeset


@dataclass(frozen=True)
class Printing:
    """A receipt on paper: one paper however often it is photographed."""

    receipt: Receipt
    sheet: Sheet = field(repr=False)
    face: Face = field(repr=False)
    facts: Facts
    head: Head
    stock: Stock
    chance: Chance = field(compare=False)

    @cached_property
    def ink(self) -> Ink:
        return ink_sheet(self.sheet, self.face)

    @cached_property
    def coverage(self) -> Floats:
        return print_ink(self.ink, self.head, self.chance.sub("ink"))

    @cached_property
    def painted(self) -> Pixels:
        """The sheet in its colours, one pixel a dot: screens, forms and office printers."""
        return paint_sheet(self.sheet, self.face, (255, 255, 255))

    @property
    def faults(self) -> tuple[str, ...]:
        """What the machine did badly; only thermal heads do."""
        return self.head.faults if self.receipt.template.family.medium == "thermal" else ()

    def paper(self, scale: float) -> Paper:
        """The paper at `scale` pixels to a dot."""
        if self.receipt.template.family.medium != "thermal":
            return make_painted_paper(self.sheet, self.painted, scale, self.chance.sub("paper"))
        return make_paper(self.sheet, self.coverage, scale, self.stock, self.chance.sub("paper"))


def face_of(template: Template) -> Face:
    """The face a shop's receipts are set in."""
    if template.family.medium == "thermal":
        zero = template.happens("slashed zero", 0.2)
        return thermal_face(template.face, slashed_zero=zero)
    if template.family.medium == "hand":
        written = outline_face("hand", template.face, template.pick("pen size", [32, 36, 40]))
        form = str(template.pick("form face", face_names("outline", template.shop.split)))
        return FormFace(outline_face("outline", form, 22), written)
    return outline_face("outline", template.face, template.pick("size", [22, 24, 26]))


def measure_of(template: Template, face: Face) -> Measure:
    """The page a shop prints on."""
    medium = template.family.medium
    if medium == "thermal":
        return _thermal_measure(template, face)
    margin = template.pick("margin", [36, 48, 60])
    width = 760 if medium == "screen" else template.columns * 17 + 2 * margin
    return Measure(
        face=face,
        width=width,
        margin=margin,
        leading=template.pick("leading", [8, 12, 16]),
        head=template.pick("head", [30, 40, 60]),
        foot=template.pick("foot", [40, 60, 120]),
        break_at_spaces=True,
    )


def _thermal_measure(template: Template, face: Face) -> Measure:
    margin = template.pick("margin", [18, 28, 36, 48])
    return Measure(
        face=face,
        width=template.columns * face.advance("0", Style()) + 2 * margin,
        margin=margin,
        leading=template.pick("leading", [2, 3, 4, 6, 9]),
        head=template.pick("head", [24, 40, 70, 110]),
        foot=template.pick("foot", [30, 60, 110, 160]),
    )


def print_receipt(receipt: Receipt, chance: Chance) -> Printing:
    """The receipt's paper, as this machine prints it this time."""
    laid = lay_out(receipt)
    face = face_of(receipt.template)
    return Printing(
        receipt=receipt,
        sheet=typeset(laid.blocks, measure_of(receipt.template, face)),
        face=face,
        facts=facts_of(laid.blocks),
        head=draw_head(chance.sub("head")),
        stock=draw_stock(chance.sub("stock")),
        chance=chance,
    )
