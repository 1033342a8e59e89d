"""Whole files are made once an edition, proved at each request, and made again from the same rows."""

import pytest

from catalog.publication.exporting import jobs, keeping
from catalog.publication.exporting.keeping import Made, known, sweep
from catalog.publication.exporting.shelves import Export, root
from portal.core.locks import file_lock
from tests.catalog.publication.exports import csv_of
from tests.catalog.publication.stories import act, newest
from tests.make import make_product, publish_products

from .kept_files import body, lists

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


def count_made(monkeypatch) -> list[str]:
    made: list[str] = []
    real = keeping._make

    def counted(export: Export) -> Made:
        made.append(export.plain_name)
        return real(export)

    monkeypatch.setattr(keeping, "_make", counted)
    return made


def test_a_file_is_made_once(client, monkeypatch):
    publish_products()
    made = count_made(monkeypatch)
    first = body(client, f"/data/{newest()}/products.csv")
    assert body(client, f"/data/{newest()}/products.csv") == first
    assert len(made) == 1


def test_a_file_that_was_taken_away_is_made_again_byte_for_byte(client):
    publish_products(make_product(), make_product())
    addresses = [f"/data/{newest()}/products.{extension}" for extension in ("csv", "xlsx", "jsonl")]
    before = [body(client, address) for address in addresses]
    keeping.forget_everything()
    assert [body(client, address) for address in addresses] == before


def test_a_damaged_file_is_not_given_out_but_made_again(client, caplog):
    publish_products()
    address = f"/data/{newest()}/products.csv"
    before = body(client, address)
    path = Export(lists(), "products", "csv").path
    path.write_bytes(before.replace("有效".encode(), "失效".encode()))
    assert body(client, address) == before
    assert "damaged" in caplog.text
    path.write_bytes(before[:-1])
    assert body(client, address) == before
    path.unlink()
    assert body(client, address) == before


def test_while_another_file_is_made_a_reader_is_told_when_to_come_again(client, monkeypatch):
    publish_products()
    monkeypatch.setattr(keeping, "TRIES", 2)
    monkeypatch.setattr(keeping, "PAUSE", 0)
    root().mkdir()
    with file_lock(root() / ".lock"):
        response = client.get(f"/data/{newest()}/products.csv")
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (
        503,
        "15",
        "no-store",
    )
    assert client.get(f"/data/{newest()}/products.csv").status_code == 200


def test_what_breaks_off_leaves_nothing_behind(client, monkeypatch):
    publish_products()

    def broken(*_args):
        yield b"half"
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(keeping, "as_bytes", broken)
        answer = client.get(f"/data/{newest()}/products.csv")
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")
    assert [path.name for path in root().rglob("*") if path.is_file()] == [".lock"]
    assert len(csv_of(body(client, f"/data/{newest()}/products.csv"))) == 1


def test_a_worker_makes_what_is_missing_and_asks_again_without_harm(monkeypatch):
    batch = publish_products()
    assert len(jobs.missing()) == 4 * 5 + 3 * 5
    jobs.make_files.func()
    made = count_made(monkeypatch)
    assert jobs.missing() == []
    jobs.make_files.func()
    assert made == []
    act(batch.product_lines.get().product)
    assert {export.plain_name for export in jobs.missing()} >= {f"products-{newest()}.csv"}


def test_beyond_the_limit_the_oldest_go_and_the_newest_lists_stay(client, settings):
    for _time in range(3):
        publish_products()
        body(client, f"/data/{newest()}/products.csv")
    (root() / ".making-old").write_text("half")
    settings.EXPORTS_MAX_BYTES = 1
    sweep(lists())
    assert [path for path in root().glob("*/*") if path.is_dir()] == [lists().folder]
    assert known(Export(lists(), "products", "csv")) is not None
