import pytest

from tests.make import make_enterprise, make_product, publish_products
from tests.module_rows import laid_once


def lay():
    product = make_product(name="自粘防水卷材", enterprise=make_enterprise(name="张叁建材经营部"))
    publish_products(product)
    return product


laid = laid_once(lay)


@pytest.fixture
def product(laid):
    return laid()
