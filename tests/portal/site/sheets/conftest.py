import pytest

from tests.make import make_enterprise, make_product, publish_products


@pytest.fixture
def product():
    product = make_product(name="自粘防水卷材", enterprise=make_enterprise(name="张叁建材经营部"))
    publish_products(product)
    return product
