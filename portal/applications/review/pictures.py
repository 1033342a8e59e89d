"""What an enterprise has asked for, on the page of its record, its products and its certificates."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse

from catalog.enterprises.models import Enterprise
from catalog.products.models import Product
from portal.applications.cases.deadlines import Deadlines
from portal.applications.cases.models import Application, Item
from portal.core.accounts.signed_in import person
from portal.core.desk.picture import SHOWN, Picture, Section, link
from portal.core.editions import clock
from portal.core.pages.templatetags.pages import day_words

from .reading import may_read
from .templatetags.review import case_status
from .words import deadline_words

HEADS = ("受理编号", "种类", "状态", "期限", "提交")


def enterprise_cases(request: HttpRequest, enterprise: Enterprise, picture: Picture) -> None:
    _add(request, models.Q(enterprise=enterprise) | models.Q(uscc=enterprise.uscc), picture)


def product_cases(request: HttpRequest, product: Product, picture: Picture) -> None:
    """Cases that name this product."""
    _add(request, models.Q(pk__in=Item.objects.filter(product=product).values("application")), picture)


def _add(request: HttpRequest, condition: models.Q, picture: Picture) -> None:
    user = person(request)
    if not may_read(user):
        return
    cases, deadlines = Application.objects.in_scope(user).filter(condition), Deadlines()
    rows = [row_of(case, deadlines) for case in cases.order_by("-pk")[:SHOWN]]
    picture.sections.append(Section("cases", "申报件", HEADS, rows, cases.count()))


def row_of(case: Application, deadlines: Deadlines) -> list[Any]:
    href = reverse("admin:desk_application_change", args=[case.pk])
    handed_in = day_words(clock.day_of(case.submitted_at)) if case.submitted_at else ""
    return [
        link(href, case.number),
        case.get_kind_display(),
        case_status(case),
        deadline_words(case, deadlines.of(case)),
        handed_in,
    ]
