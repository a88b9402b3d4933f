"""Which index shows what: receipts of their own, and relatives of earlier ones.

Indices come in blocks of twelve. Seven show receipts of their own; each of the last five shows a
relative of one of the first five. So an image never hangs on how many are made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from samples.render.chance import Chance
from samples.render.shops import COINED, FRESH
from samples.render.tables import table
from samples.render.template import Family, families

BLOCK = 12
OWN = 7
RELATED = BLOCK - OWN
SCENE_TRAPS = ("several_receipts", "sale_and_cancellation", "cut_off_total", "covered_field")


@dataclass(frozen=True)
class Plan:
    """What an index shows."""

    seed: int
    index: int
    family: Family
    trap: str | None
    split: str = "all"
    """Whose families are drawn: `train`, `test` or `all`; `fresh`, `coined`: train's, of such
    shops."""
    opens: str | None = None
    """The scenario that this image stands at the beginning of."""
    base: int | None = None
    """The index of the image that this one is a relative of."""
    scenario: str | None = None

    @property
    def chance(self) -> Chance:
        return Chance("sample", self.seed, self.index)

    @property
    def stems(self) -> str:
        """What shops are named by."""
        return self.split if self.split in (FRESH, COINED) else self.family.split

    @property
    def name(self) -> str:
        return f"s{self.seed}_{self.index:05}"


def plan(seed: int, index: int, split: str = "all") -> Plan:
    """The plan of an index."""
    block, slot = divmod(index, BLOCK)
    if slot >= OWN:
        base = plan(seed, block * BLOCK + slot - OWN, split)
        scenario = scenario_of(block, slot - OWN)
        return replace(base, index=index, base=base.index, scenario=scenario)
    start = Plan(seed, index, next(iter(families().values())), None, split)
    if slot < RELATED:
        return _base(start, scenario_of(block, slot))
    return _trapped(start, 2 * block + slot - RELATED)


def scenario_of(block: int, slot: int) -> str:
    """The scenario whose earlier image stands in a slot, and the later one in slot + 7."""
    rows = table("scenarios")
    names = [name for name, row in rows.items() if "instead_of" not in row]
    turn, place = divmod(block * RELATED + slot, len(names))
    stand_ins = {row.get("instead_of"): name for name, row in rows.items()}
    return stand_ins.get(names[place], names[place]) if turn % 3 == 2 else names[place]


def _drawn_from(split: str) -> list[Family]:
    drawn = "train" if split in (FRESH, COINED) else split
    return [family for family in families().values() if drawn in ("all", family.split)]


def _base(start: Plan, scenario: str) -> Plan:
    chance = Chance("plan", start.seed, start.index)
    family = chance.choice([each for each in _drawn_from(start.split) if fits(each, scenario)])
    calm = scenario in ("cancellation", "reprint", "merchant_copy")
    traps = sorted(family.can - {"cancellation", "reprint", "original_date", "unpaid"})
    trap = None if calm or not traps or chance.happens(0.3) else chance.choice(traps)
    return replace(start, family=family, trap=trap, opens=scenario)


def fits(family: Family, scenario: str) -> bool:
    """Whether a family's receipts can stand at the beginning of a scenario."""
    needs = table("scenarios")[scenario]["needs"]
    return {
        "any": True,
        "paper": family.medium != "screen",
        "screen": family.medium == "screen",
        "slip": "slip title" in family.sections,
        "approval": any("slip" in section for section in family.sections),
        "reprint": "reprint" in family.can,
        "cancel": "cancellation" in family.can,
    }[needs]


def _trapped(start: Plan, turn: int) -> Plan:
    """Traps in turn, each on a family that can have it."""
    traps = list(table("traps"))
    trap = traps[turn % len(traps)]
    chance = Chance("plan", start.seed, start.index)
    return replace(start, family=chance.choice(_having(trap, start.split)), trap=trap)


def _having(trap: str, split: str) -> list[Family]:
    known = _drawn_from(split)
    able = [family for family in known if trap in family.can]
    if trap in SCENE_TRAPS:
        able = [family for family in known if family.medium == "thermal"]
    if trap == "sale_and_cancellation":
        able = [family for family in able if "cancellation" in family.can]
    if trap == "printed_later":
        able = [family for family in known if "reprint" in family.can]
    return able or [family for family in known if family.medium == "thermal"]
