"""Whether the desk is as quick with many as with few: `manage.py benchmark desk`."""

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from catalog.enterprises.models import Enterprise
from catalog.products.models import Product
from catalog.publication.models import NATIONAL, Action, Batch, BatchEntry
from portal.applications.cases.models import Application, ApplicationKind, ApplicationState
from portal.core.accounts.models import User
from portal.core.editions import clock

from .imports import insert, register_makers
from .imports import prepare as seed
from .indexing import middle
from .table import Line, at_most

FEW = 50
GOAL = 1.2


def measure_desk(cases: int, entries: int) -> Iterator[Line]:
    """Pages with so many rows behind them, beside the same pages with fifty."""
    by = seed()
    User.objects.filter(pk=by.pk).update(is_staff=True)
    register_makers(entries)
    client = Client(headers={"host": "localhost"})
    client.force_login(by)
    with override_settings(STAFF_NEEDS_SECOND_FACTOR=False):
        yield from _queue(client, by, cases)
        yield from _draft(client, by, entries)


def _queue(client: Client, by: User, cases: int) -> Iterator[Line]:
    address = reverse("admin:desk_application_changelist")
    _hand_in(range(FEW), by)
    few = _cost_of(client, address)
    _hand_in(range(FEW, cases), by)
    yield at_most(f"queue of {cases:,} cases / of {FEW}", few, _cost_of(client, address), GOAL)


def _hand_in(numbers: range, by: User) -> None:
    makers = list(Enterprise.objects.order_by("pk")[: len(numbers)])
    now, today = timezone.now(), clock.today()
    Application.objects.bulk_create(
        Application(
            number=f"{n:012d}",
            kind=ApplicationKind.PRODUCT,
            target=str(n),
            state=ApplicationState.SUBMITTED,
            enterprise=makers[n % len(makers)],
            uscc=makers[n % len(makers)].uscc,
            created_by=by,
            submitted_by=by,
            submitted_at=now,
            clock_on=today,
        )
        for n in numbers
    )


def _draft(client: Client, by: User, entries: int) -> Iterator[Line]:
    insert(entries, by)
    draft = Batch.objects.get(state=Batch.State.DRAFT)
    kept = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    addresses = {
        f"page of a draft of {entries:,} entries / of {FEW}": "admin:publication_batch_change",
        f"its entries, {entries:,} / {FEW}": "admin:publication_batch_entries",
    }
    links = {what: reverse(name, args=[draft.pk]) for what, name in addresses.items()}
    many = {what: _cost_of(client, link) for what, link in links.items()}
    _leave(draft, kept[:FEW])
    for what, link in links.items():
        yield at_most(what, _cost_of(client, link), many[what], GOAL)


@transaction.atomic
def _leave(draft: Batch, products: list[int]) -> None:
    draft.entries.all().delete()
    BatchEntry.objects.bulk_create(
        BatchEntry(batch=draft, publisher=NATIONAL, product_id=pk, action=Action.LIST) for pk in products
    )


def _cost_of(client: Client, address: str) -> float:
    def read() -> None:
        response = client.get(address, secure=settings.IS_HTTPS)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}.")

    return middle(read)
