"""One row of the page of a batch: a line that was frozen or composed, or an entry of a draft with the line that it would make."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse

from catalog.publication.differences.comparing import COMPARED, Change, differences, label_of, words
from catalog.publication.differences.reasons import circumstances_of, reason_of
from catalog.publication.models import Action, BatchEntry, CertificateLine, EnterpriseLine, Line, ProductLine
from portal.core.text.clauses import in_one

REGISTERS: dict[str, tuple[str, type[Line]]] = {
    "products": ("产品", ProductLine),
    "enterprises": ("企业", EnterpriseLine),
    "certificates": ("证书", CertificateLine),
}
FRESH: dict[type[Line], tuple[str, ...]] = {  # what is said of a line that is new
    ProductLine: ("brand", "category_name", "certificate_number", "requirement_title", "models_text"),
    EnterpriseLine: ("uscc", "phone"),
    CertificateLine: ("body_name", "star", "valid_until", "status"),
}
PROVINCE = re.compile(r"(?:壮族|回族|维吾尔)?自治区$|特别行政区$|省$|市$")


@dataclass(frozen=True)
class ShownLine:
    """One line of the page; `place` counts through the whole batch as it is filtered."""

    place: int
    line: Any
    register: str
    entry: BatchEntry | None = None

    @property
    def label(self) -> str:
        return REGISTERS[self.register][0]

    @property
    def action(self) -> Action:
        return Action(self.line.action)

    @property
    def name(self) -> str:
        return getattr(self.line, "name", "") or getattr(self.line, "number", "") or "（已依法隐去）"

    @property
    def enterprise(self) -> str:
        """Whose it is: of an enterprise itself nothing."""
        return getattr(self.line, "enterprise_name", "") or getattr(self.line, "maker_name", "")

    @property
    def province(self) -> str:
        """In short, as people say it: 广西."""
        return PROVINCE.sub("", getattr(self.line, "division_name", "").partition(" ")[0])

    @property
    def number(self) -> str:
        """Under which the public finds it; a product that was never frozen has none yet."""
        return getattr(self.line, "number", "") or getattr(self.line, "uscc", "")

    @cached_property
    def changes(self) -> list[Change]:
        return differences(self.line)

    @property
    def why(self) -> str:
        return in_one(reason_of(self.line), circumstances_of(self.line))

    @property
    def fresh(self) -> str:
        """What the public will read of a line that is new, in short."""
        if self.line.replaces_id:
            return ""
        return "，".join(
            words(name, value) for name in FRESH[type(self.line)] if (value := getattr(self.line, name))
        )

    @property
    def content(self) -> str:
        """Everything that the public would read of it."""
        said = ((name, getattr(self.line, name)) for name in COMPARED[type(self.line)])
        return "；".join(
            f"{label_of(self.line, name)}：{words(name, value)}" for name, value in said if value
        )

    @property
    def origin(self) -> str:
        """What put it into the batch; what came along with another line says so."""
        return self.entry.origin if self.entry else "随其他行带入"

    @property
    def href(self) -> str:
        """The frozen line with everything that is sealed; of a draft the working row that it is made of."""
        if self.line.pk:
            return reverse(f"admin:publication_{self.line._meta.model_name}_change", args=[self.line.pk])
        return working_href(self.register, getattr(self.line, f"{kind_of(self.register)}_id"))


@dataclass(frozen=True)
class ShownEntry(ShownLine):
    """An entry of a draft with the line that it would make."""

    along: str = ""  # what comes into the batch with it

    @property
    def action(self) -> Action:
        return Action(self.entry.action) if self.entry else super().action


@dataclass(frozen=True)
class Lineless:
    """An entry that would make no line as things stand: its working row, and why."""

    place: int
    register: str
    entry: BatchEntry
    why: str
    is_stopped: bool  # whether something stands in its way
    province = number = fresh = along = ""
    changes: tuple[Change, ...] = ()

    @property
    def enterprise(self) -> str:
        return self.entry.product.enterprise.name if self.entry.product else ""

    @property
    def name(self) -> str:
        return str(getattr(self.entry, kind_of(self.register)))

    @property
    def action(self) -> Action:
        return Action(self.entry.action)

    @property
    def origin(self) -> str:
        return self.entry.origin

    @property
    def href(self) -> str:
        return working_href(self.register, getattr(self.entry, f"{kind_of(self.register)}_id"))


Row = ShownLine | Lineless


def kind_of(register: str) -> str:
    """The column that names what its lines and entries are about."""
    return register.removesuffix("s")


def working_href(register: str, pk: int) -> str:
    app = "enterprises" if register == "enterprises" else "products"
    return reverse(f"admin:{app}_{kind_of(register)}_change", args=[pk])
