"""The wares of a receipt."""

from __future__ import annotations

from receipt_screen.records import MarkKind
from samples.render.blocks import (
    BOLD,
    Blocks,
    Gap,
    Marked,
    Rule,
    Trap,
    left,
    line,
    right,
    row,
    won,
)
from samples.render.purchases import Item
from samples.render.receipt import Receipt
from samples.render.tables import table


def _header(receipt: Receipt) -> Blocks:
    names = receipt.template.pick("item header", table("wording")["items"]["headers"])
    name, price, count, amount = names
    cells = row(left(name), right(price, at=0.62), right(count, at=0.76), right(amount))
    return [cells, Rule(receipt.template.rule)]


def _numbers(receipt: Receipt, item: Item) -> tuple[str, str, str]:
    return won(item.price), str(item.count), receipt.sum(item.amount)


def _fits(receipt: Receipt, name: str, share: float) -> bool:
    cells = sum(1 if char.isascii() else 2 for char in name)
    return cells < receipt.template.columns * share


def one_line(receipt: Receipt) -> Blocks:
    """Name, price, count, amount in a line; a long name takes a line of its own."""
    blocks = _header(receipt)
    for item in receipt.purchase.items:
        price, count, amount = _numbers(receipt, item)
        numbers = (right(price, at=0.62), right(count, at=0.76), right(amount))
        if _fits(receipt, item.name, 0.42):
            blocks.append(row(left(_starred(item)), *numbers))
        else:
            blocks += [line(_starred(item)), row(*numbers)]
    return [*blocks, *marks(receipt)]


def two_lines(receipt: Receipt) -> Blocks:
    """Numbered name, then code, price, count, amount: marts and convenience stores."""
    blocks = _header(receipt)
    form = receipt.template.pick("numbering", ["{:03} {}", "({:02}) {}", "{:02} {}", "{1}"])
    for place, item in enumerate(receipt.purchase.items, 1):
        price, count, amount = _numbers(receipt, item)
        code = ("*" if item.tax_free else "") + item.code
        numbers = (right(price, at=0.6), right(count, at=0.74), right(amount))
        blocks += [line(form.format(place, item.name)), row(left(code), *numbers)]
    return [*blocks, *marks(receipt)]


def simple(receipt: Receipt) -> Blocks:
    """Name, count and amount without a header, indented by a cell."""
    blocks: Blocks = []
    for item in receipt.purchase.items:
        _, count, amount = _numbers(receipt, item)
        blocks.append(row(left(f" {_starred(item)}"), right(count, at=0.7), right(amount)))
    return [*blocks, *marks(receipt)]


def cafe(receipt: Receipt) -> Blocks:
    """Name in bold, count and amount, options below."""
    blocks: Blocks = [
        row(left("메뉴"), right("수량", at=0.76), right("금액")),
        Rule(receipt.template.rule),
    ]
    style = receipt.template.pick("item style", [BOLD, BOLD, BOLD])
    for item in receipt.purchase.items:
        _, count, amount = _numbers(receipt, item)
        blocks.append(
            row(left(item.name, style=style), right(count, at=0.76), right(amount, style=style))
        )
        if receipt.chance.sub("option", item.name).happens(0.3):
            option = receipt.chance.sub("which", item.name).choice(["ㄴ매장", "ㄴ포장", "└ 연하게"])
            blocks.append(line(f"  {option}"))
    return [*blocks, *marks(receipt)]


def names_only(receipt: Receipt) -> Blocks:
    """Name and count; what they cost stands below in one sum."""
    blocks: Blocks = [row(left("상품명"), right("수량")), Rule(receipt.template.rule)]
    blocks += [row(left(item.name), right(str(item.count))) for item in receipt.purchase.items]
    return [*blocks, *marks(receipt)]


def boxed(receipt: Receipt) -> Blocks:
    """A line for each ware with × between price and count: small tills."""
    blocks: Blocks = []
    for item in receipt.purchase.items:
        price, count, amount = _numbers(receipt, item)
        blocks += [line(item.name), row(left(f"   {price} X {count}"), right(amount))]
    return [*blocks, *marks(receipt)]


def _starred(item: Item) -> str:
    return f"*{item.name}" if item.tax_free else item.name


def marks(receipt: Receipt) -> Blocks:
    """What the wares' names say of the payment."""
    words = table("wares")["prepayment"]
    names = [item.name for item in receipt.purchase.items]
    blocks: Blocks = []
    if any(name in words["items"] for name in names):
        blocks.append(Marked(MarkKind.PREPAYMENT))
    if any(name in words["part"] for name in names):
        blocks += [Marked(MarkKind.PART_PAYMENT), Trap("part_payment")]
    if any(item.tax_free for item in receipt.purchase.items) and receipt.purchase.sums.supply:
        blocks.append(Trap("tax_free_mix"))
    return blocks


def memo(receipt: Receipt) -> Blocks:
    """A line that calls the payment a prepayment, where it is one."""
    if not receipt.purchase.prepaid or not receipt.template.happens("memo", 0.5):
        return []
    text = receipt.template.pick("memo line", table("wares")["prepayment"]["memos"])
    return [Gap(0.3), line(text), Marked(MarkKind.PREPAYMENT)]
