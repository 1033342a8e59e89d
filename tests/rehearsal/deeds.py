"""What is killed: acts on a small list, what may be public after them, and how they are ended afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django_tasks_db.models import DBTaskResult

from catalog.imports import ending
from catalog.imports.importing import ImportRequest, import_file
from catalog.imports.models import ImportRun
from catalog.imports.saving.reverting import revert
from catalog.products.models import Product
from catalog.publication.models import Batch, BatchEntry, ProductLine
from catalog.publication.publishing import freezing, workflow
from catalog.publication.search import preparation
from portal.core.accounts.models import User
from portal.core.editions.models import Edition
from portal.core.files.folder import path_of
from portal.core.files.models import StoredFile
from portal.core.files.store import store
from portal.core.jobs.queue import claim, succeed
from portal.core.pages import cache
from portal.core.workflow import NotAllowed
from portal.site import safekeeping
from portal.site.safekeeping.backup import backup
from portal.site.safekeeping.restoring import restore
from tests.catalog.imports.conftest import HEADINGS, product_row, seed_facts
from tests.catalog.imports.workbooks import write_xlsx
from tests.catalog.publication.drafts import draft
from tests.make import enter, make_enterprise, make_product, make_user, publish, publish_products

ROWS = 5
Act = Callable[[], object]


def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small list goes as many steps as a large one."""
    monkeypatch.setattr(ImportRun, "step_rows", 2)
    monkeypatch.setattr(ending, "ENTERPRISES", 1)
    monkeypatch.setattr(preparation, "LINES_A_STEP", 2)
    monkeypatch.setattr(freezing, "LINES_A_STEP", 2)
    monkeypatch.setattr(freezing, "DROPPED_A_STEP", 2)


@dataclass(frozen=True)
class Deed:
    """`begun` takes the house to where the act begins and gives the act; `lines_of` names modules killed at any line."""

    name: str
    begun: Callable[[Path], Act]
    lines_of: Path | None = None


def person() -> User:
    return User.objects.get(username="publisher")


def opened() -> Batch:
    return Batch.objects.exclude(state=Batch.State.PUBLISHED).get()


def drafted(count: int = ROWS) -> Batch:
    """Something is public already; a second batch with new products and one that changed is a draft."""
    make_user(username="publisher", is_superuser=True)
    listed = make_product(brand="先前牌")
    publish_products(listed, make_product(brand="旁边牌"))
    listed.brand = "后来牌"
    listed.save()
    return enter(draft(count, ordinal=2), listed)


def _submitted() -> Batch:
    batch = drafted()
    return workflow.submit(batch, by=batch.created_by)


def approved() -> Batch:
    batch = _submitted()
    return workflow.approve(batch, by=make_user("reviewer"), digest=batch.digest)


def _submits(_folder: Path) -> Act:
    drafted()
    return lambda: workflow.submit(opened(), by=person())


def _approves(_folder: Path) -> Act:
    digest = _submitted().digest
    return lambda: workflow.approve(opened(), by=person(), digest=digest)


def _publishes(_folder: Path) -> Act:
    approved()
    return lambda: workflow.publish(opened(), by=person())


def _indexes(_folder: Path) -> Act:
    with pytest.MonkeyPatch.context() as patch:
        later = type("Later", (), {"enqueue": staticmethod(lambda pk: None)})
        patch.setattr(workflow, "prepare_index", later)
        _submitted()
    return lambda: preparation.ensure_prepared(opened())


def _rebuilds(_folder: Path) -> Act:
    publish(drafted())
    return lambda: call_command("build_index", verbosity=0)


def _workbook(folder: Path) -> Act:
    """An import into a list that is public already: new products, and new values of one that was there."""
    seed_facts()
    make_user(username="publisher", is_superuser=True)
    maker = make_enterprise()
    rows = [HEADINGS, *(product_row(maker, number, 品牌=f"第{number}牌") for number in range(ROWS))]
    request = ImportRequest("products", "national", person())
    import_file(write_xlsx(folder / "first.xlsx", {"清单": rows[:3]}), request)
    batch = Batch.objects.get()
    Batch.objects.update(notice_days=0, notice_waiver="示例")
    batch.refresh_from_db()
    publish(enter(batch))
    rows[1][4] = "新牌"
    file = write_xlsx(folder / "second.xlsx", {"清单": rows})
    return lambda: import_file(file, ImportRequest("products", "national", person()))


def _takes_back(folder: Path) -> Act:
    _workbook(folder)()
    newest = ImportRun.objects.latest("pk").pk
    return lambda: revert(ImportRun.objects.get(pk=newest), by=person())


def _restores(folder: Path) -> Act:
    make_user(username="publisher", is_superuser=True)
    publish_products(make_product(brand="备份里的牌"))
    file = store(b"scan", name="a.pdf", media_type="application/pdf")
    backup(folder / "backup")
    publish_products(make_product(brand="备份后的牌"), ordinal=2)
    damaged = path_of(file.root, file.sha256)

    def bring_back() -> None:
        damaged.write_bytes(b"scam")
        restore(folder / "backup", replacing=True)

    return bring_back


DEEDS = (
    Deed("import", _workbook),
    Deed("submit", _submits),
    Deed("approve", _approves),
    Deed("publish", _publishes),
    Deed("index job", _indexes),
    Deed("rebuild", _rebuilds),
    Deed("restore", _restores, Path(safekeeping.__file__).parent),
    Deed("take-back", _takes_back),
)


def again(act: Act) -> None:
    """What a person does afterwards, and a worker with the jobs that wait. Whoever is late is told so in a sentence."""
    try:
        act()
    except NotAllowed as refused:
        if "。" not in refused.sentence:
            raise
    except Batch.DoesNotExist:  # nothing is left to press a button of
        if Batch.objects.exclude(state=Batch.State.PUBLISHED).exists():
            raise
    work_waiting_jobs()


def work_waiting_jobs() -> None:
    while job := claim("rehearsal"):
        job.task.call(*job.task_result.args)
        succeed(job, None)


def public() -> list[Any]:
    """The brands of each edition as the tables have them, and of the newest as the page and the file show them."""
    newest = Edition.objects.current_number()
    editions = [_names(number) for number in range(1, newest + 1)]
    for shown in (_on_page(), _in_file()):
        assert shown == editions[-1], f"edition {newest}: {shown} instead of {editions[-1]}"
    return editions


def _names(edition: int) -> list[str]:
    return sorted(ProductLine.objects.public(edition).values_list("brand", flat=True))


def _on_page() -> list[str]:
    cache.clear()
    return _shown(Client().get("/products/").content.decode())


def _in_file() -> list[str]:
    answer: Any = Client().get("/products/export.jsonl")
    pieces = answer.streaming_content if answer.streaming else [answer.content]
    return _shown(b"".join(pieces).decode())


def _shown(text: str) -> list[str]:
    return sorted(
        brand for brand in set(ProductLine.objects.values_list("brand", flat=True)) if brand in text
    )


def matters() -> dict[str, Any]:
    """Everything that people see of it inside."""
    batches = Batch.objects.order_by("pk")
    return {
        "batches": [
            (one.slug, one.state, bool(one.digest), one.submitted_by_id, one.approved_by_id)
            for one in batches
        ],
        "entries": _rows(BatchEntry, "batch__slug", "product__name", "action"),
        "products": _rows(Product, "name", "brand", "models_text", "certificate__number", "serial"),
        "lines": [
            ProductLine.objects.filter(batch=one).count() for one in batches if one.state != Batch.State.DRAFT
        ],
        "runs": [
            row
            for row in _rows(ImportRun, "file__name", "state")
            if "check" not in row and "upload" not in row
        ],
        "files that nobody names": _unnamed_files(),
        "jobs that wait": DBTaskResult.objects.ready().count(),
        "public": public(),
    }


def _unnamed_files() -> int:
    runs = ImportRun.objects.all()
    return StoredFile.objects.exclude(
        pk__in=[pk for pair in runs.values_list("file", "marked") for pk in pair if pk]
    ).count()


def _rows(model: Any, *columns: str) -> list[str]:
    return sorted(map(str, model.objects.values_list(*columns)))
