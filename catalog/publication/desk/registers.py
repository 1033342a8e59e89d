"""What the lists of enterprises, certificates and products say of the public lists: how a row stands there, and whether it differs.

The comparison is made by the database, row by row of the list, through the key of the line: a filter over 100,000 rows looks
once into the lines of each.
"""

import datetime
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django_filters import ChoiceFilter

from catalog.enterprises.models import Enterprise
from catalog.products.models import Certificate, Product
from catalog.publication.models import CertificateLine, EnterpriseLine, Line, ListingStatus, ProductLine
from catalog.publication.publishers import publisher_names
from portal.core.desk.filters import DeskFilters
from portal.core.desk.list_parts import ListPart
from portal.core.pages.templatetags.pages import icon, status

CHANGED, NEW = "changed", "new"
PENDING = [(CHANGED, "已改未公布"), (NEW, "从未公开")]
PUBLIC = [*ListingStatus.choices, ("none", "未公开")]
LINES: dict[type[models.Model], tuple[type[Line], str]] = {
    Enterprise: (EnterpriseLine, "enterprise"),
    Certificate: (CertificateLine, "certificate"),
    Product: (ProductLine, "product"),
}
# Column of the line: column of the working row that it was made of. What is empty there may be NULL here.
SAME: dict[type[models.Model], dict[str, str]] = {
    Enterprise: {
        **{name: name for name in ("uscc", "name", "phone", "website", "sells_in")},
        "division_code": "division_id",
    },
    Certificate: {
        **{
            name: name
            for name in ("number", "star", "applicant_name", "maker_name", "factory_name", "standard")
        },
        **{name: name for name in ("issued_on", "valid_until", "status", "status_reason", "status_on")},
        "renews_number": "renews__number",
    },
    Product: {
        **{name: name for name in ("name", "models_text", "brand")},
        "category_code": "category_id",
        "certificate_id": "certificate_id",
        "requirement_title": "requirement__title",
        "requirement_version": "requirement__version",
    },
}
NO_DAY = (Value(datetime.date.min), models.DateField())
NOTHING: dict[str, tuple[Value, models.Field]] = {
    **dict.fromkeys(("issued_on", "status_on", "valid_until"), NO_DAY),
    "certificate_id": (Value(0), models.BigIntegerField()),
}


def current_lines(model: type[models.Model]) -> models.QuerySet:
    """Of the row outside, whatever publisher."""
    lines, column = LINES[model]
    return lines._default_manager.filter(
        **{column: OuterRef("pk")}, from_edition__isnull=False, until_edition__isnull=True
    ).order_by("-from_edition_id")


def differing_lines(model: type[models.Model]) -> models.QuerySet:
    """Public lines of the row outside that say something else than the row. A removed one says what it said."""
    differs = Q()
    for column, own in SAME[model].items():
        nothing, kind = NOTHING.get(column, (Value(""), models.TextField()))
        sides = (Coalesce(side, nothing, output_field=kind) for side in (F(column), OuterRef(own)))
        differs |= ~Q(Exact(*sides))
    lines = current_lines(model).filter(differs)
    return lines.exclude(listing_status=ListingStatus.REMOVED) if model is not Certificate else lines


def with_public(rows: models.QuerySet) -> models.QuerySet:
    """`public_status` and `is_changed` for the columns."""
    model = rows.model
    said = "status" if model is Certificate else "listing_status"
    return rows.annotate(
        public_status=Subquery(current_lines(model).values(said)[:1]),
        is_changed=Exists(differing_lines(model)),
    )


@admin.display(description="公开状态")
def public_state(row: Any) -> SafeString | str:
    if row.public_status is None:
        return status("draft", "未公开")
    if isinstance(row, Certificate):
        return status("listed", "已公开")
    return status("listed" if row.public_status == ListingStatus.LISTED else row.public_status, words_of(row))


def words_of(row: Any) -> str:
    return {"listed": "已列入", "suspended": "暂停", "removed": "已移出"}[row.public_status]


@admin.display(description="未公布", empty_value="")
def unpublished(row: Any) -> SafeString | str:
    if row.public_status is None:
        return "新建"
    return format_html("{} 已改", icon("pen")) if row.is_changed else ""


class PublicFilters(DeskFilters):
    """How the row stands on the public lists."""

    public = ChoiceFilter(label="公开", choices=PUBLIC, method="public_so")
    publisher = ChoiceFilter(label="发布方", choices=lambda: publisher_names().items(), method="published_by")
    pending = ChoiceFilter(label="未公布", choices=PENDING, method="waiting")

    def public_so(self, rows: models.QuerySet, _name: str, value: str) -> models.QuerySet:
        lines = current_lines(rows.model)
        if value == "none":
            return rows.filter(~Exists(lines))
        return rows.filter(Exists(lines.filter(listing_status=value)))

    def published_by(self, rows: models.QuerySet, _name: str, value: str) -> models.QuerySet:
        return rows.filter(Exists(current_lines(rows.model).filter(publisher=value)))

    def waiting(self, rows: models.QuerySet, _name: str, value: str) -> models.QuerySet:
        if value == NEW:
            return rows.filter(~Exists(current_lines(rows.model)))
        return rows.filter(Exists(differing_lines(rows.model)))


class CertificatePublicFilters(PublicFilters):
    """A certificate is public or not; no list names it by itself."""

    public = ChoiceFilter(
        label="公开", choices=[("public", "已公开"), ("none", "未公开")], method="public_so"
    )

    def public_so(self, rows: models.QuerySet, _name: str, value: str) -> models.QuerySet:
        is_public = Exists(current_lines(rows.model))
        return rows.filter(~is_public if value == "none" else is_public)


VIEWS = (("已改未公布", f"pending={CHANGED}"), ("从未公开", f"pending={NEW}"))
COLUMNS = (public_state, unpublished)
FILTERS: dict[type[models.Model], type[PublicFilters]] = {
    Enterprise: PublicFilters,
    Product: PublicFilters,
    Certificate: CertificatePublicFilters,
}


def changed_elsewhere(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    """What differs of the other registers: a change is looked for in all three."""
    return tuple(
        (
            f"已改的{other._meta.verbose_name}",
            format_lazy(
                "{}?pending={}",
                reverse_lazy(f"admin:{other._meta.app_label}_{other._meta.model_name}_changelist"),
                CHANGED,
            ),
        )
        for other in FILTERS
        if other is not model
    )


PARTS = {
    model: ListPart(filters, COLUMNS, with_public, (*VIEWS, *changed_elsewhere(model)))
    for model, filters in FILTERS.items()
}
