"""Two people import at the same moment: proved where rows are really locked."""

from functools import partial

import pytest

from catalog.imports.importing import ImportRequest, import_file
from catalog.products.models import Certificate, Product
from catalog.publication.models import Batch, BatchEntry
from tests.catalog.publication.test_two_at_once import at_once
from tests.make import make_enterprise, make_user

from .conftest import HEADINGS, product_row, seed_facts
from .workbooks import write_xlsx

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]


def test_the_same_new_products_imported_twice_at_once_are_there_once(tmp_path):
    seed_facts()
    maker = make_enterprise()
    rows = [HEADINGS, *(product_row(maker, number) for number in range(20))]
    files = [write_xlsx(tmp_path / f"{name}.xlsx", {"清单": rows}) for name in ("甲", "乙")]
    acts = [
        partial(import_file, file, ImportRequest("products", "national", make_user("editor")))
        for file in files
    ]

    outcomes = at_once(*acts)

    assert sorted(outcome.outcome.preview.counts["new"] for outcome in outcomes) == [0, 20]
    assert sorted(outcome.outcome.preview.counts["unchanged"] for outcome in outcomes) == [0, 20]
    assert Product.objects.count() == Certificate.objects.count() == BatchEntry.objects.count() == 20
    assert Batch.objects.count() == 1
