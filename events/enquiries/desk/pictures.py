"""What people wrote about an enterprise or a product, on its page at the desk: without their words."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from catalog.enterprises.models import Enterprise
from catalog.products.models import Product
from events.enquiries.models import Enquiry
from portal.core.accounts.signed_in import person
from portal.core.desk.picture import SHOWN, Picture, Section, link
from portal.core.pages.templatetags.pages import day_words
from portal.core.text.numbers import format_number

MOST_PRODUCTS = 200  # whose pages are looked for, the newest
HEADS = ("编号", "所指内容", "状态", "收到")


def of_enterprise(request: HttpRequest, enterprise: Enterprise, picture: Picture) -> None:
    serials = Product.objects.filter(enterprise=enterprise, serial__isnull=False).order_by("-serial")
    known = serials.values_list("serial", flat=True)[:MOST_PRODUCTS]
    pages = [page_of(serial) for serial in known if serial]
    _add(request, [reverse("enterprises:detail", args=[enterprise.uscc]), *pages], picture)


def of_product(request: HttpRequest, product: Product, picture: Picture) -> None:
    _add(request, [page_of(product.serial)] if product.serial else [], picture)


def page_of(serial: int) -> str:
    return reverse("products:detail", args=[format_number(serial)])


def _add(request: HttpRequest, pages: list[str], picture: Picture) -> None:
    user = person(request)
    if not (user.may_somewhere("enquiries.read") or user.may_somewhere("enquiries.support")):
        return
    found = Enquiry.objects.in_scope(user).filter(about__in=pages).order_by("-pk")
    rows = [row_of(enquiry) for enquiry in found[:SHOWN]]
    picture.sections.append(Section("enquiries", "咨询投诉", HEADS, rows, found.count()))


def row_of(enquiry: Enquiry) -> list[Any]:
    href = reverse("admin:enquiries_enquiry_change", args=[enquiry.pk])
    words = enquiry.about_title or enquiry.get_topic_display()
    return [link(href, enquiry.number), words, enquiry.get_state_display(), day_words(enquiry.received_on)]
