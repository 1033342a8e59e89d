"""Whoever listens to a page goes from heading to heading: no level is left out, and there is one first one."""

import re
from itertools import pairwise

import pytest
from django.core.management import call_command

from portal.core.pages import cache

ADDRESSES = [
    "/",
    "/products/",
    "/enterprises/",
    "/batches/",
    "/check/",
    "/regions/",
    "/regions/350000/",
    "/campaigns/",
    "/campaigns/2022/",
    "/notices/",
    "/activities/",
    "/activities/calendar/",
    "/activities/results/",
    "/commitments/",
    "/commitments/agreements/",
    "/commitments/adoptions/",
    "/commitments/templates/",
    "/organisations/",
    "/online/",
    "/enquiries/",
    "/enquiries/new/complaint/",
    "/enquiries/follow/",
    "/search/?q=福建",
    "/guide/",
    "/guide/register/",
    "/about/data/",
    "/about/recognise/",
    "/sitemap/",
    "/nothing/",
]
FIRST_ROWS = {  # a list, and what a page of one of its rows adds to its address
    "/notices/": r"/notices/\d+/",
    "/activities/": r"/activities/\d+/",
    "/commitments/": r"/commitments/\d+/",
    "/commitments/agreements/": r"/commitments/agreements/\d+/",
    "/commitments/templates/": r"/commitments/templates/\d+/",
    "/organisations/": r"/organisations/\d+/",
}


@pytest.mark.django_db
def test_headings_of_every_public_page_go_down_by_one(client):
    cache.clear()
    call_command("seed_facts", verbosity=0)
    rows = [first_row(client, address) for address in FIRST_ROWS]
    template = next(row for row in rows if row.startswith("/commitments/templates/"))
    faults = {}
    for address in [*ADDRESSES, *rows, f"{template}difference/"]:
        response = client.get(address)
        assert response.status_code == (404 if address == "/nothing/" else 200), address
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", response.content.decode())]
        jumps = [f"h{before} → h{after}" for before, after in pairwise(levels) if after > before + 1]
        if jumps or levels.count(1) != 1:
            faults[address] = jumps or levels
    assert not faults, faults


def first_row(client, address: str) -> str:
    """The address of a row: which number it has is the database's matter."""
    found = re.search(rf'href="({FIRST_ROWS[address]})"', client.get(address).content.decode())
    assert found, address
    return found[1]
