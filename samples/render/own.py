"""Receipts of their own: what an index shows that is nobody's relative."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from receipt_screen.geometry import Quad, Transform
from samples.render.capture import Wish, capture
from samples.render.chance import Chance
from samples.render.labelling import printed_places
from samples.render.picture import Picture, fitted, moved
from samples.render.plan import Plan
from samples.render.printing import Printing, print_receipt
from samples.render.purchases import Purchase, Wanted, draw_purchase, later, sells_both
from samples.render.receipt import Receipt
from samples.render.shops import COINED, shop
from samples.render.template import template

MESSENGER_SIDE = 1600
"""Messengers shrink what is longer; Korean ones to between 960 and 1600 pixels."""
SHOPS, COINED_SHOPS = 60, 100_000
"""Shops of each trade in each split, and of those whose names are coined."""


@dataclass(frozen=True)
class Made:
    """A picture and the printing it shows."""

    printing: Printing
    picture: Picture
    traps: frozenset[str] = frozenset()
    """Traps of the scene, beyond those of the layout."""
    overrides: dict[str, int | str] = field(default_factory=dict)
    """Values that were altered in the pixels."""
    differs: tuple[Quad, ...] = ()
    several: bool = False


def make_own(plan: Plan, camera: str, printing: Printing | None = None) -> Made:
    """The picture of a receipt of its own; `printing` stands in for the plan's paper."""
    return sized(_make(plan, camera, printing or print_own(plan)), camera)


def sized(made: Made, camera: str) -> Made:
    """As large as the camera's way to the uploader lets through."""
    if camera != "messenger":
        return made
    return replace(made, picture=fitted(made.picture, MESSENGER_SIDE))


def _make(plan: Plan, camera: str, printing: Printing) -> Made:
    chance = plan.chance.sub("capture")
    if plan.trap in ("several_receipts", "sale_and_cancellation"):
        besides = _company(plan, printing)
        picture = capture(printing, chance, camera, Wish("photo", besides=besides))
        return Made(printing, picture, frozenset({plan.trap}), several=True)
    if plan.trap == "covered_field":
        hidden = chance.choice(["date", "approval_number", "business_number"])
        picture = capture(printing, chance, camera, Wish("photo", upright=True, finger_on=hidden))
        return Made(printing, picture, frozenset({plan.trap}))
    if plan.trap == "cut_off_total":
        picture = capture(printing, chance, camera, Wish("photo", upright=True))
        return _without_total(printing, picture)
    return Made(printing, capture(printing, chance, camera, Wish()))


def print_own(plan: Plan) -> Printing:
    """The paper or page of a plan's receipt."""
    return print_receipt(draw_receipt(plan), plan.chance.sub("print"))


def draw_receipt(plan: Plan) -> Receipt:
    """The receipt of a plan."""
    family, chance = plan.family, plan.chance
    trade = _trade(plan)
    count = COINED_SHOPS if plan.stems == COINED else SHOPS
    who = shop(plan.stems, trade, chance.sub("shop").randrange(count))
    purchase = draw_purchase(chance.sub("purchase"), who, _wanted(plan))
    receipt = Receipt(
        template=template(family, who),
        purchase=purchase,
        chance=chance.sub("receipt"),
        copy="customer" if plan.opens == "merchant_copy" else None,
        wants=frozenset({plan.trap} if plan.trap else ()),
    )
    return _in_state(receipt, plan)


def _trade(plan: Plan) -> str:
    """One of the family's trades that can be asked for the plan's trap."""
    trades, chance = plan.family.trades, plan.chance.sub("trade")
    drawn = chance.choice(trades)
    if plan.trap != "tax_free_mix" or sells_both(drawn):
        return drawn
    return chance.choice([trade for trade in trades if sells_both(trade)])


def _in_state(receipt: Receipt, plan: Plan) -> Receipt:
    chance, purchase = plan.chance.sub("state"), receipt.purchase
    if plan.trap in ("cancellation", "original_date"):
        sold = purchase.when - dt.timedelta(days=chance.randint(0, 12), hours=1)
        return replace(receipt, state="cancellation", sold=sold)
    if plan.trap in ("reprint", "printed_later"):
        again = purchase.when + dt.timedelta(days=chance.randint(1, 20), minutes=37)
        return replace(receipt, printed_again=again)
    return replace(receipt, state="unpaid") if plan.trap == "unpaid" else receipt


_METHODS = {"received_over_total": "cash", "gift_certificate": "gift", "expense_proof": "cash"}


def _wanted(plan: Plan) -> Wanted:
    method = plan.chance.sub("method").choice(plan.family.methods)
    if plan.opens and plan.opens.startswith("approval_altered"):
        method = plan.family.methods[0]
    if plan.trap == "long_approval" and "easy" in plan.family.methods:
        method = "easy"
    return Wanted(
        method=_METHODS.get(plan.trap or "", method),
        part=plan.trap == "part_payment",
        discount=plan.trap == "discount",
        split=plan.trap == "split_payment",
        mixed_tax=plan.trap == "tax_free_mix",
    )


# ── company in the picture, and what is cut off ──────────────────────────────────────────────


def _company(plan: Plan, printing: Printing) -> tuple[Printing, ...]:
    """What lies beside: the cancellation of the sale, or other sales of the shop."""
    chance = plan.chance.sub("company")
    if plan.trap == "sale_and_cancellation":
        return (print_receipt(cancelled(printing.receipt, chance), chance.sub("print")),)
    return tuple(
        print_receipt(same_shop(printing.receipt, chance.sub(number)), chance.sub("print", number))
        for number in range(chance.randint(1, 2))
    )


def cancelled(receipt: Receipt, chance: Chance) -> Receipt:
    """The slip that takes a sale back, some minutes or days after it."""
    purchase = receipt.purchase
    delay = dt.timedelta(minutes=chance.choice([3, 11, 55, 1500, 4400]))
    return replace(
        receipt,
        purchase=replace(purchase, when=purchase.when + delay, number=purchase.number + 1),
        state="cancellation",
        sold=purchase.when,
        chance=chance.sub("receipt"),
    )


def same_shop(receipt: Receipt, chance: Chance, *, same_amount: bool = False) -> Receipt:
    """Another sale of the shop: by default on the same day, of other wares."""
    purchase = receipt.purchase
    amount = purchase.charged if same_amount else None
    wanted = Wanted(method=purchase.main.method, amount=amount, prepaid=same_amount or None)
    other = draw_purchase(chance, receipt.shop, wanted)
    return replace(receipt, purchase=other, chance=chance.sub("receipt"), copy=receipt.copy)


def on_day_of(receipt: Receipt, purchase: Purchase) -> Receipt:
    """The receipt, moved to the day of another purchase."""
    other = receipt.purchase
    when = dt.datetime.combine(purchase.when.date(), other.when.time())
    return replace(receipt, purchase=replace(other, when=when))


def friend(receipt: Receipt, chance: Chance) -> Receipt:
    """A friend pays the same, in the same minute or a few later."""
    purchase = later(receipt.purchase, chance, chance.choice([0, 1, 1, 2, 4]))
    return replace(receipt, purchase=purchase, chance=chance.sub("receipt"))


def _without_total(printing: Printing, picture: Picture) -> Made:
    """The part of a picture above or below everywhere the amount is printed."""
    places = printed_places(printing.sheet)["amount"]
    tops = [picture.to_picture(place.quad).box for place in places]
    above, below = min(box.top for box in tops), max(box.bottom for box in tops)
    height = picture.pixels.shape[0]
    first, last = (0, above) if above >= height - below else (below, height)
    first, last = round(first), max(round(first) + 40, round(last))
    shift = Transform.from_array([[1, 0, 0], [0, 1, -first], [0, 0, 1]])
    kept = moved(picture, picture.pixels[first:last], shift, "cut_edges")
    return Made(printing, kept, frozenset({"cut_off_total"}))
