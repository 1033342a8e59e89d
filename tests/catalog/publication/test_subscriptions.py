"""Feeds of lists, batches and regions, calendars of last days and notice periods, and what other catalogues are told."""

import datetime
import json
import sqlite3
import xml.etree.ElementTree as ElementTree

import duckdb
import pytest
from icalendar import Calendar

from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.publication.publishing.redaction import redact
from portal.core.editions import clock
from tests.catalog.publication.exports import jsonl_of
from tests.catalog.publication.kept_files import body
from tests.catalog.publication.stories import announce, newest
from tests.make import make_certificate, make_enterprise, make_product, make_region, publish_products

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
ATOM = "{http://www.w3.org/2005/Atom}"


def titles(client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200, address
    feed = ElementTree.fromstring(response.content)  # noqa: S314 - our own
    return [entry.findtext(f"{ATOM}title") or "" for entry in feed.iter(f"{ATOM}entry")]


def events(client, address: str) -> list:
    return list(Calendar.from_ical(client.get(address).content).walk("VEVENT"))


def test_feeds_tell_what_came_last_with_the_filters_of_the_list(client):
    publish_products(make_product(name="防水<卷材>"), make_product(name="岩棉板"))
    publish_products(make_product(name="新的卷材"))
    assert titles(client, "/products/feed.atom") == ["新的卷材", "岩棉板", "防水<卷材>"]
    assert titles(client, "/products/feed.atom?q=岩棉") == ["岩棉板"]
    assert len(titles(client, "/enterprises/feed.atom")) == 3
    assert client.get("/products/feed.atom?star=9").status_code == 400


def test_a_redacted_name_is_said_to_be_one(client):
    product = make_product(name="张叁卷材", enterprise=make_enterprise(name="张叁经营部"))
    publish_products(product)
    redact(EnterpriseLine.objects.get().key, "name", basis="当事人申请")
    redact(ProductLine.objects.get().key, "name", basis="当事人申请")
    for address in ("/products/feed.atom", "/enterprises/feed.atom"):
        assert titles(client, address) == ["（已依法隐去）"]
    assert "<summary>（已依法隐去），" in client.get("/products/feed.atom").content.decode()
    (end,) = events(client, "/products/ends.ics")
    assert str(end["DESCRIPTION"]).startswith("（已依法隐去）：（已依法隐去）。")


def test_batches_and_regions_are_followed(client):
    make_region()
    waiting = announce(make_product())
    publish_products(make_product(), publisher="350000")
    told = titles(client, "/batches/feed.atom")
    assert [title.rpartition("：")[2] for title in told] == ["已公布", "公示"]
    assert len(titles(client, f"/batches/{waiting.slug}/feed.atom")) == 1
    assert titles(client, "/regions/350000/feed.atom") == [told[0]]
    assert client.get("/regions/999999/feed.atom").status_code == 404
    (period,) = events(client, "/batches/notices.ics")
    assert period["DTSTART"].dt == clock.today()
    assert period["DTEND"].dt == clock.today() + datetime.timedelta(days=8)


def test_the_last_day_of_a_certificate_stands_once_in_the_calendar(client):
    certificate = make_certificate()
    publish_products(make_product(certificate=certificate), make_product(certificate=certificate))
    (end,) = events(client, "/products/ends.ics")
    assert end["DTSTART"].dt == certificate.valid_until
    assert certificate.number in end["SUMMARY"]


def test_each_form_of_a_file_has_the_same_rows(client, tmp_path):
    publish_products(make_product(name='引"号, 与逗号'), make_product())
    for register in ("products", "certificates", "editions"):
        rows = jsonl_of(body(client, f"/data/{newest()}/{register}.jsonl"))
        assert rows
        for extension in ("parquet", "sqlite"):
            (tmp_path / extension).write_bytes(body(client, f"/data/{newest()}/{register}.{extension}"))
        found = duckdb.connect().read_parquet(str(tmp_path / "parquet"))
        said = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
        assert json.loads(json.dumps(said, default=str)) == rows
        database = sqlite3.connect(tmp_path / "sqlite")
        database.row_factory = sqlite3.Row
        assert [dict(row) for row in database.execute("SELECT * FROM lines")] == rows
        assert dict(database.execute("SELECT name, value FROM about"))["edition"] == newest()


def test_a_day_leads_to_its_files_and_the_catalogue_names_all(client, settings):
    settings.DATA_LICENCE, settings.DATA_LICENCE_URL = "示例许可", "https://example.cn/licence"
    publish_products()
    today = clock.today().isoformat()
    assert client.get(f"/data/{today}/manifest.json")["Location"] == f"/data/{newest()}/manifest.json"
    assert client.get("/data/2020-02-30/manifest.json").status_code == 400
    assert client.get("/data/2020-02-03/manifest.json").status_code == 404
    said = client.get("/data/catalog.jsonld").json()
    assert said["dct:license"] == {"@id": "https://example.cn/licence"}
    lists = {one["@id"].rpartition("#")[2]: one for one in said["dcat:dataset"]}
    assert len(lists["certificates"]["dcat:distribution"]) == 5
    assert said["dcat:service"][0]["dcat:endpointDescription"]["@id"].endswith("/api/v1/openapi.json")
    assert client.get("/data/").content.decode().count("https://example.cn/licence")
