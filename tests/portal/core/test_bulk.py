"""Rows inserted as plain tuples: what goes wrong is told as Django tells it, on both databases."""

import pytest
from django.db import IntegrityError, transaction

from catalog.publication.models import SoughtNumber
from portal.core import bulk
from portal.core.editions import clock

pytestmark = pytest.mark.django_db


def test_a_constraint_that_is_met_is_an_error_of_django():
    row = ("CTC123456", clock.today(), 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(SoughtNumber, ("number", "day", "count"), [row, row])
    assert not SoughtNumber.objects.exists()
