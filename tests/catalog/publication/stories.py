"""Short ways to the states in which the public pages are read."""

import datetime

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.products.models import Certificate, Product
from catalog.publication.compiling import compile
from catalog.publication.compiling.compile import Reason
from catalog.publication.models import Action, Batch, ProductLine
from catalog.publication.publishing import workflow
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.index import collections
from portal.core.pages import cache
from tests.make import enter, make_batch, make_user, publish

BAD = Reason(
    reason_code="quality",
    reason="监督检验不合格",
    fact_on=datetime.date(2023, 7, 20),
    authority="示例省市场监督管理局",
    document="示例函〔2023〕1号",
)


def cost_of(client, address: str) -> int:
    """Queries of a page that is not in the page cache, once what a process remembers has been read."""
    for _ in range(2):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
    return len(queries)


def text_of(response) -> str:
    return response.content.decode()


def next_ordinal() -> int:
    return Batch.objects.count() + 1


def act(target, action: str = Action.REMOVE, reason: Reason = BAD) -> Batch:
    """Suspend, resume or remove, published."""
    batch = make_batch(kind="adjustment", ordinal=next_ordinal())
    compile.act_on(batch, target, action, by=batch.created_by, reason=reason)
    return publish(batch)


def change(product: Product, *, kind: str = "adjustment", **values) -> Batch:
    """Change a listed product, published."""
    product.refresh_from_db()
    for name, value in values.items():
        setattr(product, name, value)
    product.save()
    return publish(enter(make_batch(kind=kind, ordinal=next_ordinal()), product))


def change_certificate(certificate: Certificate, **values) -> Batch:
    for name, value in values.items():
        setattr(certificate, name, value)
    certificate.save()
    batch = make_batch(kind="adjustment", ordinal=next_ordinal())
    compile.enter_certificates(batch, [certificate], by=batch.created_by)
    return publish(batch)


def announce(*products: Product, days: int = 7) -> Batch:
    """A batch in its notice period."""
    batch = enter(make_batch(ordinal=next_ordinal(), notice_days=days, notice_waiver=""), *products)
    batch = workflow.submit(batch, by=batch.created_by)
    batch = workflow.approve(batch, by=make_user("reviewer"), digest=batch.digest)
    return workflow.open_notice(batch, by=make_user("publisher"))


def newest() -> int:
    return Edition.objects.current_number()


def public_products(edition: int | None = None):
    """The lines of products that an edition shows; the newest by default."""
    return ProductLine.objects.public(newest() if edition is None else edition)


def on(days_from_now: int):
    """Noon in Shanghai, some days from now."""
    day = clock.today() + datetime.timedelta(days=days_from_now)
    noon = datetime.datetime.combine(day, datetime.time(12), clock.SHANGHAI)
    return time_machine.travel(noon, tick=False)


def index_faults() -> list[str]:
    """Where any collection's index differs from its rows."""
    return [fault for room in collections.kept() for fault in room.faults()]
