"""Drafts on their way: with some products, submitted, approved, and how many lines they have."""

from catalog.publication.models import LINE_MODELS, Batch
from catalog.publication.publishing import workflow
from tests.make import enter, make_batch, make_product, make_user

PRODUCTS = 3


def draft(count=PRODUCTS, **changes) -> Batch:
    return enter(make_batch(**changes), *(make_product(brand=f"第{number}牌") for number in range(count)))


def submitted(batch: Batch) -> Batch:
    return workflow.submit(batch, by=batch.created_by)


def approved(batch: Batch) -> Batch:
    return workflow.approve(batch, by=make_user("reviewer"), digest=batch.digest)


def lines_of(batch: Batch) -> int:
    return sum(model.objects.filter(batch=batch).count() for model in LINE_MODELS)
