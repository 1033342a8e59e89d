"""Which part of a register is compared: its publishers, provinces, kinds and stars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Q

from catalog.products.models import Category
from catalog.publication.exporting.columns import SAID
from catalog.publication.models import CertificateLine, EnterpriseLine, Line, ProductLine
from catalog.standing.judging import Judge
from catalog.standing.registers import CERTIFICATE, LISTING, PRODUCT

HELD = "is_held"
WAS = "was_"  # before the names of what belongs to the left side
BEFORE = "before"  # under which a line has the one that stood on the left


@dataclass(frozen=True)
class Register:
    """`thing` is whose line it is, `columns` where the judge finds what a line does not say itself, `filters` where a part
    of it is told from another."""

    model: type[Line]
    label: str
    unit: str
    thing: str
    judge: Judge
    judged: tuple[str, ...]
    held_by: tuple[str, ...] = ()
    filters: dict[str, str] = field(default_factory=dict)

    @property
    def has_certificates(self) -> bool:
        return self.model is ProductLine

    @property
    def is_by_publisher(self) -> bool:
        return self.model is not CertificateLine


REGISTERS = {
    "products": Register(
        ProductLine,
        "产品清单",
        "产品",
        "product",
        PRODUCT,
        ("listing_status", "basis"),
        ("product", "certificate", "enterprise"),
        {
            "publisher": "publisher",
            "province": "division_code",
            "category": "category_code",
            "star": f"{SAID}__star",
        },
    ),
    "enterprises": Register(
        EnterpriseLine,
        "企业名录",
        "企业",
        "enterprise",
        LISTING,
        ("listing_status",),
        ("enterprise",),
        {"publisher": "publisher", "province": "division_code"},
    ),
    "certificates": Register(
        CertificateLine,
        "证书",
        "证书",
        "certificate",
        CERTIFICATE,
        ("status", "valid_until"),
        (),
        {"publisher": "publisher", "star": "star"},
    ),
}


@dataclass(frozen=True)
class Scope:
    """`chosen` has the values of each filter; values of one are alternatives."""

    register: str = "products"
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def of(self) -> Register:
        return REGISTERS[self.register]

    @property
    def is_whole(self) -> bool:
        return not any(self.chosen.values())

    def fits(self, was: bool) -> Q:
        """Whether a line lies within; `was` the one that stood on the left."""
        fitting = Q()
        for name, values in self.chosen.items():
            if values:
                fitting &= _one_of(name, values, path(self.of.filters[name], was))
        return fitting


def path(column: str, was: bool) -> str:
    """Where a column lies of a pair: its own, of its certificate, or of either on the left."""
    if not was:
        return column
    return f"{WAS}{column}" if column.startswith((SAID, HELD)) else f"{BEFORE}__{column}"


def _one_of(name: str, values: Sequence[str], column: str) -> Q:
    if name == "category":
        kinds = Category.objects.filter(Q(code__in=values) | Q(group_code__in=values))
        return Q(**{f"{column}__in": kinds.values("code")})
    if name == "province":
        return reduce(or_, (Q(**{f"{column}__startswith": value[:2]}) for value in values))
    return Q(**{f"{column}__in": values})
