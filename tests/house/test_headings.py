"""Whoever listens to a page goes from heading to heading: no level is left out, and there is one first one."""

import re
from itertools import pairwise

import pytest
from django.core.management import call_command

from portal.pages import cache

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
    "/notices/1/",
    "/activities/",
    "/activities/calendar/",
    "/activities/1/",
    "/activities/results/",
    "/commitments/",
    "/commitments/1/",
    "/commitments/agreements/",
    "/commitments/agreements/1/",
    "/commitments/adoptions/",
    "/commitments/templates/",
    "/commitments/templates/1/",
    "/commitments/templates/1/difference/",
    "/organisations/",
    "/organisations/14/",
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


@pytest.mark.django_db
def test_headings_of_every_public_page_go_down_by_one(client):
    cache.clear()
    call_command("seed_facts", verbosity=0)
    faults = {}
    for address in ADDRESSES:
        response = client.get(address)
        assert response.status_code == (404 if address == "/nothing/" else 200), address
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", response.content.decode())]
        jumps = [f"h{before} → h{after}" for before, after in pairwise(levels) if after > before + 1]
        if jumps or levels.count(1) != 1:
            faults[address] = jumps or levels
    assert not faults, faults
