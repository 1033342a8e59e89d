"""No whole file gives out what was redacted, whoever was making it at that moment."""

import os
import shutil

import pytest
from django.db import OperationalError

from catalog.publication.exporting import jobs, keeping
from catalog.publication.exporting.shelves import Export, root
from catalog.publication.publishing.redaction import redact
from portal.core.replicas import pinned
from tests.catalog.publication.stories import newest
from tests.make import make_enterprise, make_product, publish_products

from .kept_files import body, lists

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
SECRET = "张叁建材经营部"


def test_a_redacted_value_is_in_no_file_of_any_edition(client, django_capture_on_commit_callbacks):
    maker = make_enterprise(name=SECRET)
    batch = publish_products(make_product(enterprise=maker))
    then = newest()
    publish_products()
    addresses = [
        f"/data/{then}/enterprises.jsonl",
        f"/data/{newest()}/enterprises.csv",
        f"/data/{newest()}/products.csv",
        f"/batches/{batch.slug}/files/enterprises.csv",
    ]
    etags = [client.get(address)["ETag"] for address in addresses]
    assert all(SECRET in body(client, address).decode() for address in addresses)
    with django_capture_on_commit_callbacks(execute=True):
        redact(f"enterprise/{maker.uscc}/national", "name", basis="当事人申请")
    assert not any(SECRET.encode() in path.read_bytes() for path in root().rglob("*") if path.is_file())
    for address, etag in zip(addresses, etags, strict=True):
        response = client.get(address, headers={"If-None-Match": etag})
        assert response.status_code == 200
        assert SECRET not in b"".join(response).decode()


def test_a_file_that_a_redaction_could_not_delete_is_found_by_nobody(client):
    maker = make_enterprise(name=SECRET)
    publish_products(make_product(enterprise=maker))
    then = newest()
    assert SECRET in body(client, f"/data/{then}/products.csv").decode()
    redact(
        f"enterprise/{maker.uscc}/national", "name", basis="当事人申请"
    )  # what follows a commit is left out here
    assert SECRET not in body(client, f"/data/{then}/products.csv").decode()


def test_a_redaction_that_comes_while_a_file_is_made_keeps_it_from_being_kept(client, monkeypatch):
    maker = make_enterprise(name=SECRET)
    publish_products(make_product(enterprise=maker))
    then, real = newest(), keeping.as_bytes

    def overtaken(*args):
        yield from real(*args)
        redact(f"enterprise/{maker.uscc}/national", "name", basis="当事人申请")

    with monkeypatch.context() as patched:
        patched.setattr(keeping, "as_bytes", overtaken)
        assert client.get(f"/data/{then}/products.csv").status_code == 503
    assert not any(SECRET.encode() in path.read_bytes() for path in root().rglob("*") if path.is_file())
    assert SECRET not in body(client, f"/data/{then}/products.csv").decode()


def test_a_file_made_from_what_a_lagging_replica_still_says_is_taken_away(client, tmp_path):
    """Its reader sees no redaction yet, and writes into the folder of before, after that was emptied."""
    maker = make_enterprise(name=SECRET)
    publish_products(make_product(enterprise=maker))
    body(client, f"/data/{newest()}/products.csv")
    stale = lists().folder
    shutil.copytree(stale, tmp_path / "made late")
    redact(f"enterprise/{maker.uscc}/national", "name", basis="当事人申请")
    keeping.forget_everything()
    jobs.make_files.func()
    shutil.copytree(tmp_path / "made late", stale)
    assert jobs.missing() == []
    jobs.order_missing()
    assert not any(SECRET.encode() in path.read_bytes() for path in root().rglob("*") if path.is_file())


def test_what_was_broken_off_while_it_was_made_is_taken_away_without_a_publication(client):
    publish_products()
    jobs.make_files.func()
    half = root() / ".making-half"
    half.write_text(SECRET)
    jobs.order_missing()
    assert half.exists()  # somebody may be writing it
    os.utime(half, (0, 0))
    jobs.order_missing()
    assert not half.exists()


def test_a_reader_of_a_replica_that_lags_leaves_no_file_behind_a_redaction(monkeypatch):
    """Its own database knows nothing of it yet, so the primary is asked; not where that is away, since nothing comes then."""
    maker = make_enterprise(name=SECRET)
    publish_products(make_product(enterprise=maker))
    export = Export(lists(), "products", "csv")
    keeping.made(export)
    with pinned("a replica that lags"):
        keeping._refuse_overtaken(export)
    redact(f"enterprise/{maker.uscc}/national", "name", basis="当事人申请")
    with monkeypatch.context() as patched, pinned("a replica that lags"):
        patched.setattr(keeping, "Shelf", raising(OperationalError("server closed the connection")))
        keeping._refuse_overtaken(export)
    with pinned("a replica that lags"), pytest.raises(keeping.Overtaken):
        keeping._refuse_overtaken(export)
    assert not export.path.exists()


def raising(error):
    def raises(*_args):
        raise error

    return raises
