"""`/log/editions.jsonl`: every edition, whole, after one, or in parts, at a cost that does not grow with the rest."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.publication.publishing.redaction import redact
from portal.core.editions import protection
from portal.core.editions.digest import EMPTY_HEAD, chain_head
from portal.core.editions.models import Edition
from tests.catalog.publication.stories import announce
from tests.make import make_enterprise, make_product, make_region, publish_products
from tests.module_rows import laid_once

pytestmark = pytest.mark.django_db
ADDRESS = "/log/editions.jsonl"


def lay():
    """Whose list went through every cause of an edition."""
    enterprise = make_enterprise(name="张叁建材经营部")
    publish_products(make_product(enterprise=enterprise))
    make_region()
    announce(make_product())
    redact(f"enterprise/{enterprise.uscc}/national", "name", basis="当事人申请")
    return enterprise


laid = laid_once(lay)


@pytest.fixture
def enterprise(laid):
    return laid()


def entries(client, address: str = ADDRESS) -> list[dict]:
    return [json.loads(line) for line in client.get(address).getvalue().splitlines()]


def cost(client, address: str, **headers) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(address, headers=headers).getvalue()
    return len(queries)


def test_every_edition_of_every_cause_is_told_and_its_head_can_be_computed(client, enterprise):
    found = entries(client)
    assert {entry["cause"] for entry in found} == set(Edition.Cause.values)
    assert [entry["number"] for entry in found] == list(range(1, Edition.objects.current_number() + 1))
    head = EMPTY_HEAD
    for entry in found:
        assert entry["previous"] == head
        head = chain_head(head, entry["root"], entry["header"])
        assert entry["head"] == head
        assert entry["word"] == Edition.Cause(entry["cause"]).label


def test_no_name_of_a_person_stands_in_it(client, enterprise):
    body = client.get(ADDRESS).getvalue().decode()
    assert "张叁" not in body
    persons = re.findall(r'"\w+_by":"([^"]*)"', body)
    assert any(persons)
    assert [said for said in persons if not re.fullmatch(r"[0-9]{8}|", said)] == []


def test_after_an_edition_come_only_later_ones(client, enterprise):
    whole = client.get(ADDRESS).getvalue()
    lines = whole.splitlines(keepends=True)
    assert client.get(f"{ADDRESS}?since=2").getvalue() == b"".join(lines[2:])
    assert client.get(f"{ADDRESS}?since={len(lines)}").getvalue() == b""


@pytest.mark.parametrize("since", ["-1", "x", "9999", "1.5", "９"])
def test_an_edition_that_is_none_is_refused_in_words(client, enterprise, since):
    assert client.get(ADDRESS, {"since": since}).status_code == 400


def test_every_part_is_the_part_of_the_whole(client, enterprise):
    for address in (ADDRESS, f"{ADDRESS}?since=1"):
        whole = client.get(address).getvalue()
        size = len(whole)
        end = whole.index(b"\n") + 1
        parts = [
            (0, 0),
            (0, size - 1),
            (1, 7),
            (end - 1, end),
            (end, end),
            (end, size - 1),
            (size - 1, size + 9),
        ]
        for first, last in parts:
            response = client.get(address, headers={"Range": f"bytes={first}-{last}"})
            assert response.status_code == 206
            assert response.getvalue() == whole[first : last + 1]
            assert response["Content-Range"] == f"bytes {first}-{min(last, size - 1)}/{size}"
        assert client.get(address, headers={"Range": "bytes=-5"}).getvalue() == whole[-5:]
        assert client.get(address, headers={"Range": f"bytes={size}-"}).status_code == 416


def test_who_has_it_is_told_so_until_something_is_published(client, enterprise):
    tag = client.get(ADDRESS)["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 304
    size = len(client.get(ADDRESS).getvalue())
    publish_products()
    later = client.get(ADDRESS, headers={"If-None-Match": tag})
    assert later.status_code == 200
    whole = later.getvalue()
    assert client.get(ADDRESS, headers={"Range": f"bytes={size}-"}).getvalue() == whole[size:]
    torn = client.get(ADDRESS, headers={"Range": "bytes=5-", "If-Range": tag})
    assert (torn.status_code, torn.getvalue()) == (200, whole)


def test_another_chain_is_measured_anew(client, enterprise):
    client.get(ADDRESS, headers={"Range": "bytes=0-9"}).getvalue()
    protection.remove()
    with connection.cursor() as cursor:
        newest = Edition.objects.order_by("-number").first()
        header = json.dumps(newest.header | {"basis": "比原来长得多的依据"})
        cursor.execute(
            "UPDATE editions_edition SET header = %s, head = %s WHERE number = %s",
            [header, "ab" * 32, newest.number],
        )
    whole = client.get(ADDRESS).getvalue()
    assert client.get(ADDRESS, headers={"Range": "bytes=10-"}).getvalue() == whole[10:]


def test_its_cost_does_not_grow_with_what_is_not_asked_for(client, enterprise):
    costs = []
    for _ in range(2):
        number = Edition.objects.current_number()
        client.get(ADDRESS, headers={"Range": "bytes=0-0"}).getvalue()
        tag = client.get(ADDRESS)["ETag"]
        costs.append(
            (
                cost(client, ADDRESS),
                cost(client, f"{ADDRESS}?since={number - 1}"),
                cost(client, ADDRESS, Range="bytes=-9"),
                cost(client, ADDRESS, **{"If-None-Match": tag}),
            )
        )
        for _ in range(3):
            publish_products()
    assert costs == [(3, 3, 4, 1)] * 2
