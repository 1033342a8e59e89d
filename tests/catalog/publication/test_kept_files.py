"""Whole files: what they say of an edition or a batch, how they are given out, and the pages that offer them."""

import hashlib

import pytest
from django.db import transaction
from pyroaring import BitMap

from catalog.publication.exporting import jobs, keeping
from catalog.publication.exporting.keeping import known
from catalog.publication.exporting.shelves import Export, root
from catalog.publication.publishing.holds import set_hold
from catalog.publication.search.documents import PRODUCTS
from catalog.publication.search.preparation import opens
from portal.core.editions.models import Edition
from portal.core.index.postings import put
from portal.core.index.state import hold_all
from tests.catalog.publication.exports import csv_of, jsonl_of, xlsx_of
from tests.catalog.publication.stories import act, announce, newest
from tests.make import make_product, make_region, make_requirement, make_user, publish_products

from .kept_files import body, lists

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


def test_the_manifest_tells_the_truth_of_every_file(client):
    publish_products(*(make_product() for _ in range(3)))
    said = client.get(f"/data/{newest()}/manifest.json").json()
    assert (said["edition"], said["head"]) == (newest(), Edition.objects.get(number=newest()).head)
    forms = {"csv": csv_of, "xlsx": xlsx_of, "jsonl": jsonl_of}
    assert len(said["files"]) == 4 * 5
    for file in said["files"]:
        content = body(client, file["href"].partition("//")[2].partition("/")[2].join(["/", ""]))
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
        if read := forms.get(file["name"].rpartition(".")[2]):
            assert len(read(content)) == file["rows"] == (1 if file["register"] == "editions" else 3)


def test_the_files_of_an_old_shelf_are_made_some_at_a_time_by_whoever_asks_again(client, monkeypatch):
    monkeypatch.setattr(keeping, "MANIFEST_SECONDS", 0)  # the time of a request is over with its first file
    publish_products()
    address, files = f"/data/{newest()}/manifest.json", list(lists().files)
    for number in range(1, len(files)):
        answer = client.get(address)
        assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
        assert sum(known(export) is not None for export in files) == number
    assert len(client.get(address).json()["files"]) == len(files)


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
        "/data/{}/persons.csv",
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
        put(PRODUCTS, {opens(batch.pk): BitMap()})
    assert len(csv_of(body(client, f"/data/{newest()}/products.csv"))) == 2


def test_a_whole_list_is_the_page_of_all_states_in_its_order(client):
    for n in range(3):
        publish_products(make_product(), publisher="350000" if n == 1 else "national")
    kept = jsonl_of(body(client, f"/data/{newest()}/products.jsonl"))
    listed = jsonl_of(body(client, f"/products/export.jsonl?validity=all&edition={newest()}"))
    assert kept == listed
    assert len(kept) == 3


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


def test_every_row_is_as_its_schema_and_every_heading_as_its_table_says(client):
    publish_products(make_product(requirement=make_requirement()), make_product(), publisher="350000")
    described = {table["url"]: table for table in client.get(f"/data/{newest()}/csvw.json").json()["tables"]}
    for register in ("products", "enterprises", "certificates", "editions"):
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
    assert client.get(f"/data/{newest()}/persons.schema.json").status_code == 404


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
