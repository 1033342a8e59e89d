"""Whole files: made once an edition, proved at each request, never with what was redacted."""

import hashlib
import os
import shutil

import pytest
from django.db import OperationalError, transaction
from pyroaring import BitMap

from catalog.publication.exporting import jobs, keeping
from catalog.publication.exporting.keeping import Made, known, sweep
from catalog.publication.exporting.shelves import Export, Shelf, list_edition, root
from catalog.publication.publishing.holds import set_hold
from catalog.publication.publishing.redaction import redact
from catalog.publication.search.documents import PRODUCTS
from catalog.publication.search.preparation import opens
from portal.core.editions.models import Edition
from portal.core.index.postings import put
from portal.core.index.state import hold_all
from portal.core.locks import file_lock
from portal.core.replicas import pinned
from tests.catalog.publication.exports import csv_of, jsonl_of, xlsx_of
from tests.catalog.publication.stories import act, announce, newest
from tests.make import (
    make_enterprise,
    make_product,
    make_region,
    make_requirement,
    make_user,
    publish_products,
)

pytestmark = pytest.mark.django_db

SECRET = "张叁建材经营部"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def lists(number: int | None = None) -> Shelf:
    edition = list_edition(number or newest())
    assert edition is not None
    return Shelf(edition)


def body(client, address: str, **headers) -> bytes:
    response = client.get(address, headers=headers)
    assert response.status_code in (200, 206), (address, response.status_code)
    return b"".join(response)


def count_made(monkeypatch) -> list[str]:
    made: list[str] = []
    real = keeping._make

    def counted(export: Export) -> Made:
        made.append(export.plain_name)
        return real(export)

    monkeypatch.setattr(keeping, "_make", counted)
    return made


def test_the_manifest_tells_the_truth_of_every_file(client):
    publish_products(*(make_product() for _ in range(3)))
    said = client.get(f"/data/{newest()}/manifest.json").json()
    assert (said["edition"], said["head"]) == (newest(), Edition.objects.get(number=newest()).head)
    assert len(said["files"]) == 6
    for file in said["files"]:
        content = body(client, file["href"].partition("//")[2].partition("/")[2].join(["/", ""]))
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
        read = {"csv": csv_of, "xlsx": xlsx_of, "jsonl": jsonl_of}[file["name"].rpartition(".")[2]]
        assert len(read(content)) == file["rows"] == 3


def test_a_whole_list_has_every_state_as_its_edition_had_it(client):
    gone = make_product(name="移出的产品")
    publish_products(gone, make_product())
    then = newest()
    act(gone)
    rows = jsonl_of(body(client, f"/data/{newest()}/products.jsonl"))
    assert {row["status"] for row in rows} == {"removed", "valid"}
    assert {row["status"] for row in jsonl_of(body(client, f"/data/{then}/products.jsonl"))} == {"valid"}


def test_an_edition_that_changed_no_list_leads_to_the_one_that_did(client):
    publish_products()
    changed = newest()
    make_region()
    response = client.get(f"/data/{newest()}/products.csv")
    assert (response.status_code, response["Location"]) == (301, f"/data/{changed}/products.csv")
    assert client.get(f"/data/{newest()}/manifest.json")["Location"] == f"/data/{changed}/manifest.json"


def test_a_hold_changes_the_list():
    product = make_product()
    publish_products(product)
    set_hold(product, reason="正在核查", by=make_user("publisher"))
    assert lists().edition.number == newest()


@pytest.mark.parametrize(
    "address",
    [
        "/data/99/products.csv",
        "/data/0/manifest.json",
        "/data/{}/certificates.csv",
        "/data/{}/products.exe",
        f"/data/{'9' * 40}/products.csv",
    ],
)
def test_what_was_never_public_is_not_there(client, address):
    publish_products()
    assert client.get(address.format(newest())).status_code == 404


def test_a_file_that_stays_is_whole_while_the_index_is_not(client):
    batch = publish_products(make_product(), make_product())
    with transaction.atomic():
        hold_all([PRODUCTS])
        put(PRODUCTS, opens(batch.pk), BitMap())
    assert len(csv_of(body(client, f"/data/{newest()}/products.csv"))) == 2


def test_a_whole_list_is_the_page_of_all_states_in_its_order(client):
    for n in range(3):
        publish_products(make_product(), publisher="350000" if n == 1 else "national")
    kept = jsonl_of(body(client, f"/data/{newest()}/products.jsonl"))
    listed = jsonl_of(body(client, f"/products/export.jsonl?validity=all&edition={newest()}"))
    assert kept == listed
    assert len(kept) == 3


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


def test_the_answer_says_who_it_is_and_gives_parts_of_itself(client):
    publish_products(*(make_product() for _ in range(20)))
    address = f"/data/{newest()}/products.csv"
    response = client.get(address)
    whole = b"".join(response)
    etag = f'"{hashlib.sha256(whole).hexdigest()}"'
    assert (response["ETag"], response["Accept-Ranges"]) == (etag, "bytes")
    said = response["Content-Disposition"]
    assert f'filename="products-{newest()}.csv"' in said
    assert "filename*=UTF-8''%E4%BA%A7%E5%93%81" in said
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    half = body(client, address, Range="bytes=0-999")
    assert half + body(client, address, **{"Range": "bytes=1000-", "If-Range": etag}) == whole
    assert client.get(address, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    assert client.get(f"{address}?page=2").status_code == 400
    assert client.post(address).status_code == 405


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
        with pytest.raises(OSError, match="no space"):
            client.get(f"/data/{newest()}/products.csv")
    assert [path.name for path in root().rglob("*") if path.is_file()] == [".lock"]
    assert len(csv_of(body(client, f"/data/{newest()}/products.csv"))) == 1


def test_every_row_is_as_its_schema_and_every_heading_as_its_table_says(client):
    publish_products(make_product(requirement=make_requirement()), make_product(), publisher="350000")
    described = {table["url"]: table for table in client.get(f"/data/{newest()}/csvw.json").json()["tables"]}
    for register in ("products", "enterprises"):
        schema = client.get(f"/data/{newest()}/{register}.schema.json").json()
        rows = jsonl_of(body(client, f"/data/{newest()}/{register}.jsonl"))
        assert schema["required"] == list(rows[0])
        for row in rows:
            for name, value in row.items():
                allowed = schema["properties"][name]["type"]
                kind = "null" if value is None else "integer" if isinstance(value, int) else "string"
                assert kind in allowed, (register, name, value)
        table = described[f"{register}.csv"]["tableSchema"]
        headings = list(csv_of(body(client, f"/data/{newest()}/{register}.csv"))[0])
        assert [column["titles"] for column in table["columns"]] == headings
    assert client.get(f"/data/{newest()}/certificates.schema.json").status_code == 404


# -- batches ---------------------------------------------------------------------------------------------------------------


def test_a_batch_is_given_out_with_its_acts_and_reasons(client):
    product = make_product()
    publish_products(product)
    batch = act(product)
    said = client.get(f"/batches/{batch.slug}/files/manifest.json").json()
    assert (said["batch"], said["edition"]) == (batch.slug, batch.edition_id)
    row = jsonl_of(body(client, f"/batches/{batch.slug}/files/products.jsonl"))[0]
    assert (row["action"], row["action_word"], row["reason"]) == ("remove", "移出", "监督检验不合格")
    table = csv_of(body(client, f"/batches/{batch.slug}/files/products.csv"))[0]
    assert (table["动作"], table["事实日期"], table["版号"]) == ("移出", "2023-07-20", str(batch.edition_id))
    assert client.get(f"/batches/{batch.slug}/files/certificates.csv").status_code == 404


def test_a_batch_in_notice_is_given_out_and_a_draft_is_not(client):
    batch = announce(make_product())
    assert client.get(f"/batches/{batch.slug}/files/certificates.xlsx").status_code == 200
    assert client.get("/batches/2020-9/files/products.csv").status_code == 404


# -- redaction -------------------------------------------------------------------------------------------------------------


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
    assert not jobs.has_work()
    shutil.copytree(tmp_path / "made late", stale)
    assert jobs.missing() == []
    assert jobs.has_work()
    jobs.make_files.func()
    assert not any(SECRET.encode() in path.read_bytes() for path in root().rglob("*") if path.is_file())
    assert not jobs.has_work()


def test_what_was_broken_off_while_it_was_made_is_taken_away_without_a_publication(client):
    publish_products()
    jobs.make_files.func()
    half = root() / ".making-half"
    half.write_text(SECRET)
    assert not jobs.has_work()  # somebody may be writing it
    os.utime(half, (0, 0))
    assert jobs.has_work()
    jobs.make_files.func()
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


# -- made ahead, and taken away ---------------------------------------------------------------------------------------------


def test_a_worker_makes_what_is_missing_and_asks_again_without_harm(monkeypatch):
    batch = publish_products()
    assert len(jobs.missing()) == 6 + 9
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


def test_a_backup_leaves_them_out(client, tmp_path, settings):
    publish_products()
    body(client, f"/data/{newest()}/products.csv")
    from portal.site.safekeeping import backup

    stored = [name for _path, name in backup._stored()]
    assert not any("exports" in name for name in stored)


def test_behind_nginx_the_bytes_are_left_to_it(client, settings):
    publish_products()
    address = f"/data/{newest()}/products.csv"
    settings.ACCEL_PREFIX = "/exports-inside/"
    response = client.get(address, headers={"Range": "bytes=0-9"})
    path = Export(lists(), "products", "csv").path
    assert response["X-Accel-Redirect"] == f"/exports-inside/{path.relative_to(root()).as_posix()}"
    assert (response.content, response["ETag"]) == (b"", known(Export(lists(), "products", "csv")).etag)
    assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304


# -- pages -----------------------------------------------------------------------------------------------------------------


def test_the_pages_offer_the_files_with_rows_size_and_digest(client):
    batch = publish_products(make_product(), make_product())
    assert "首次取用时生成" in client.get("/data/").content.decode()
    jobs.make_files.func()
    page = client.get("/data/").content.decode()
    made = known(Export(lists(), "products", "csv"))
    assert made.sha256[:8] in page
    assert "2 行" in page
    assert f'"sha256": "{made.sha256}"' in page
    of_batch = client.get(f"/batches/{batch.slug}/").content.decode()
    assert f"/batches/{batch.slug}/files/products.xlsx" in of_batch
    assert "在浏览器打开" in of_batch
    assert 'href="/data/' in client.get("/products/").content.decode()


def test_before_anything_was_published_there_are_no_files(client):
    assert "还没有公布过清单" in client.get("/data/").content.decode()
    assert jobs.missing() == []
