"""Asks `/check/`, and reads its verdict."""

from catalog.products.models import Product
from tests.catalog.publication.stories import text_of
from tests.make import make_certificate, make_product, publish_products

NUMBER = "CABR-01(02)-(2025)-CGP-035"


def ask(client, number: str, more: str = "") -> str:
    response = client.get(f"/check/?number={number}{more}")
    assert response.status_code == 200
    return text_of(response)


def verdict(page: str) -> str:
    """The status over the answer."""
    return page.split('class="st ')[1].split("</svg>")[1].split("<")[0]


def listed() -> Product:
    """A product whose certificate has that number, published."""
    product = make_product(name="自粘防水卷材", certificate=make_certificate(number=NUMBER))
    publish_products(product)
    return product
