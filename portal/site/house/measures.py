"""How much a house needs of a kind, by simple measures. Each rule is shown with its numbers; where there is none, none is guessed."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal

from portal.core.pages.parameters import BadParameter, Query
from portal.core.text.digits import whole

MOST = 99
HEIGHT, OPENING = 3, 2  # metres of a floor, square metres of a window or a door
OPENINGS = ("windows", "doors")
LABELS = {
    "long": "长（米）",
    "wide": "宽（米）",
    "floors": "层数",
    "windows": "窗（樘）",
    "doors": "门（樘）",
}


@dataclass(frozen=True)
class House:
    long: int = 12
    wide: int = 9
    floors: int = 2
    windows: int = 14
    doors: int = 6

    @classmethod
    def asked(cls, query: Query) -> "House":
        return cls(**{one.name: _measure(query, one.name) for one in fields(cls) if query.first(one.name)})

    @property
    def ground(self) -> tuple[tuple[str, Decimal], ...]:
        return ("长", Decimal(self.long)), ("宽", Decimal(self.wide))

    @property
    def outside(self) -> int:
        """Square metres of the outer walls, without openings; never below nothing."""
        walls = 2 * (self.long + self.wide) * HEIGHT * self.floors
        return max(0, walls - OPENING * (self.windows + self.doors))

    @property
    def outside_words(self) -> str:
        walls = f"（长 {self.long} + 宽 {self.wide}）× 2 × 层高 {HEIGHT} × {self.floors} 层"
        return f"{walls} − 门窗 {self.windows + self.doors} 樘 × {OPENING} m² = {self.outside}"


def _measure(query: Query, name: str) -> int:
    given = query.first(name)
    number = whole(given, 2)
    least = 0 if name in OPENINGS else 1
    if number is None or not least <= number <= MOST:
        raise BadParameter.one(query, name, given, f"「{LABELS[name]}」请填 {least} 到 {MOST} 的整数。")
    return number


@dataclass(frozen=True)
class Amount:
    """`unit` as subsidy rules name it."""

    number: int
    unit: str
    how: str

    @property
    def words(self) -> str:
        signs = {"平方米": "m²", "米": "m"}
        return f"{self.number:,} {signs.get(self.unit, self.unit)}"


Rule = Callable[[House], Amount]


def _product(house: House, *more: tuple[str, str]) -> Amount:
    """Long times wide times what else is said."""
    factors = [*house.ground, *((label, Decimal(value)) for label, value in more)]
    exact = Decimal(1)
    for _label, value in factors:
        exact *= value
    said = " × ".join(f"{label} {value}" for label, value in factors)
    number = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    rounded = "" if exact == number else f"，取 {number}"
    return Amount(number, "平方米", f"{said} = {exact.normalize():f}{rounded}。")


def rolled(house: House) -> Amount:
    return _product(house, ("坡屋面", "1.25"), ("搭接", "1.15"))


def roof(house: House) -> Amount:
    return _product(house, ("坡屋面", "1.25"))


def floors(house: House) -> Amount:
    return _product(house, ("层数", str(house.floors)), ("损耗", "1.05"))


def ceilings(house: House) -> Amount:
    return _product(house, ("层数", str(house.floors)))


def outer_walls(house: House) -> Amount:
    return Amount(house.outside, "平方米", f"外墙面积：{house.outside_words}。")


def panes(house: House) -> Amount:
    number = OPENING * house.windows
    return Amount(number, "平方米", f"{house.windows} 樘窗，每樘按 {OPENING} m²。")


def windows(house: House) -> Amount:
    return Amount(house.windows, "樘", "按您填的窗数，不另加。")


def doors(house: House) -> Amount:
    return Amount(house.doors, "樘", "按您填的门数，不另加。")


def pipes(house: House) -> Amount:
    return Amount(30 * house.floors, "米", f"每层 30 m × {house.floors} 层；从水表量起更准。")


RULES: dict[str, Rule] = {
    **dict.fromkeys(("302", "35609"), rolled),
    "303": roof,
    "214": ceilings,
    **dict.fromkeys(("104", "105", "35608", "304", "305", "35602"), outer_walls),
    **dict.fromkeys(("208", "212", "35601", "35610"), floors),
    **dict.fromkeys(("203", "35604"), panes),
    "201": windows,
    "206": doors,
    "403": pipes,
}


def amount_of(kind: str, house: House) -> Amount | None:
    rule = RULES.get(kind)
    return rule(house) if rule else None
