"""The fictitious makers, certificates and products of the demonstration, the same on every machine but for its dates."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.products.models import Category
from portal.core.facts import read_table, read_words
from portal.core.text.uscc import check_character

DATA = Path(__file__).parent / "data"
BODY_NAME = "示例认证中心（虚构）"
BODY_SHORT_NAME = "示例认证"
GRADES = ("3", "3", "2", "3", "1", "2")
YEARS_VALID = 5
# Days until the end of the certificates, in turn: a few end within ninety days of any day on which this runs.
DAYS_LEFT = (1460, 1130, 61, 745, 1622, 388, 980, 1299, 520, 28, 1540, 233, 866, 1710, 655, 140)


@dataclass(frozen=True)
class Maker:
    """An enterprise that does not exist: its code has DEM in it, its telephone an area code that nobody has."""

    number: int
    name: str
    brand: str
    division: str
    kinds: tuple[str, ...]

    @property
    def uscc(self) -> str:
        first17 = f"91{self.division}DEM{self.number:06d}"
        return first17 + check_character(first17)

    @property
    def factory(self) -> str:
        """Every fifth has its products made in a works of another name, as certificates often say."""
        return f"{self.brand}第二建材厂" if self.number % 5 == 0 else self.name

    @property
    def phone(self) -> str:
        return f"0000-{88000000 + self.number}"


@dataclass(frozen=True)
class Paper:
    """A certificate of the fictitious body."""

    number: str
    star: str
    issued_on: datetime.date
    valid_until: datetime.date
    standard: str

    @property
    def range(self) -> str:
        """First and last day in one cell, as many lists have it."""
        first, last = self.issued_on, self.valid_until
        return f"{first.year}.{first.month}.{first.day}-{last.year}.{last.month}.{last.day}"


@dataclass(frozen=True)
class Item:
    """One product with its maker, and its certificate or the name of a local requirement."""

    maker: Maker
    category: Category
    name: str
    models: str
    paper: Paper | None = None
    requirement: str = ""

    @property
    def category_word(self) -> str:
        """How its list writes the category: by the name, or by a short word that officials use."""
        words = [self.category.name, *self.category.aliases]
        return words[self.maker.number % 2 if len(words) > 1 else 0]


def makers() -> list[Maker]:
    return [
        Maker(
            number=int(row["number"]),
            name=row["name"],
            brand=row["brand"],
            division=row["division"],
            kinds=tuple(read_words(row["kinds"])),
        )
        for row in read_table(DATA / "enterprises.csv")
    ]


def certified(makers: list[Maker], on: datetime.date) -> list[Item]:
    """Two or three products of each kind that a maker makes, on one certificate for each kind."""
    categories = Category.objects.in_bulk()
    designs: dict[str, list[dict[str, str]]] = {}
    for row in read_table(DATA / "products.csv"):
        designs.setdefault(row["category"], []).append(row)
    items = []
    for count, (maker, kind) in enumerate(_makers_with_kinds(makers)):
        paper = _paper(count, categories[kind], on)
        for design in _some(designs[kind], count):
            items.append(Item(maker, categories[kind], design["name"], design["models"], paper))
    return items


def _makers_with_kinds(makers: list[Maker]) -> Iterator[tuple[Maker, str]]:
    for maker in makers:
        for kind in maker.kinds:
            yield maker, kind


def _some(designs: list[dict[str, str]], count: int) -> list[dict[str, str]]:
    """Two or three of the designs, beginning at another one for every certificate."""
    wanted = min(len(designs), 2 + count % 2)
    return [designs[(count + step) % len(designs)] for step in range(wanted)]


def _paper(count: int, category: Category, on: datetime.date) -> Paper:
    valid_until = on + datetime.timedelta(days=DAYS_LEFT[count % len(DAYS_LEFT)])
    issued_on = years_before(valid_until + datetime.timedelta(days=1), YEARS_VALID)
    is_green = category.scheme == Category.Scheme.GREEN_PRODUCT
    series = "LSCP" if is_green else "CGP"
    return Paper(
        number=f"SL-{series}-{issued_on.year}-{count + 101:04d}",
        star="green" if is_green else GRADES[count % len(GRADES)],
        issued_on=issued_on,
        valid_until=valid_until,
        standard=f"{category.standard_number} {category.standard_title}".strip(),
    )


def years_before(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - years, day=28)


def uncertified(makers: list[Maker]) -> list[Item]:
    """Products without a certificate, each under the local requirement that its row names."""
    by_number = {maker.number: maker for maker in makers}
    codes = {row["title"]: row["category"] for row in read_table(DATA / "local_requirements.csv")}
    categories = Category.objects.in_bulk(list(codes.values()))
    return [
        Item(
            maker=by_number[int(row["maker"])],
            category=categories[codes[row["requirement"]]],
            name=row["name"],
            models=row["models"],
            requirement=row["requirement"],
        )
        for row in read_table(DATA / "local_products.csv")
    ]
