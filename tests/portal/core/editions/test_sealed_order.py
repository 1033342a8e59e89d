"""A packed row knows its sealed columns by their order: what was sealed once keeps its place for ever."""

import json
from pathlib import Path

import pytest

from portal.core.editions.verify import public_models

ORDER = json.loads((Path(__file__).parent / "sealed_order.json").read_text())


@pytest.mark.parametrize("model", public_models(), ids=lambda model: model._meta.label_lower)
def test_new_columns_come_last(model):
    """Whoever adds a column writes it at the end here too; whoever renames one must unpack the rows sealed before."""
    assert list(model.SEALED) == ORDER[model._meta.label_lower]
