"""A site that has published nothing yet: its log, its figures and its sheets say so."""

import pytest

from tests.catalog.publication.stories import text_of

pytestmark = pytest.mark.django_db
LOG = "/log/editions.jsonl"


def test_an_empty_site_has_an_empty_log(client):
    assert client.get(LOG).getvalue() == b""
    assert client.get(LOG, headers={"Range": "bytes=0-"}).status_code == 200
    assert "还没有公布过内容" in client.get("/log/").content.decode()


def test_nothing_is_drawn_of_an_empty_site_and_nothing_breaks(client):
    assert "没有可数的" in client.get("/figures/").content.decode()
    assert client.get("/figures/all.csv").status_code == 200
    assert client.get("/figures/?as_of=2020-01-01&count=certificates").status_code == 200


def test_an_empty_site_has_no_sheets(client):
    response = client.post("/v/new/", {"numbers": "SL-CGP-00001"})
    assert (response.status_code, "还没有公布过内容" in text_of(response)) == (400, True)
