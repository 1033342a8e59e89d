"""The inventory is public, and reached from the privacy page."""

import pytest

from portal.core.processing import all_records

pytestmark = pytest.mark.django_db


def test_everybody_reads_every_line_with_its_basis_and_time(client):
    page = client.get("/privacy/data/").content.decode()
    for record_kind in all_records():
        for words in (record_kind.label, record_kind.purpose, record_kind.keep, record_kind.seen_by):
            assert words in page


def test_the_privacy_page_leads_there(client):
    assert 'href="/privacy/data/"' in client.get("/about/privacy/").content.decode()


def test_an_unknown_parameter_is_told(client):
    assert client.get("/privacy/data/?sort=x").status_code == 400
