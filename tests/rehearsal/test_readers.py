"""Readers while lists are published and indexes rebuilt: no error, and each answer is of one edition, whole.

Every publication gives all products another brand and adds one, so what an answer says tells which edition it is of.
"""

import json
import os
import re

import pytest
from django.core.management import call_command

from catalog.publication.models import Batch
from tests.make import enter, make_batch, make_product, publish
from tests.running import Installation, database_of_the_test, wait_until

from .readers import Readers

pytestmark = pytest.mark.django_db(transaction=True)
PUBLICATIONS = int(os.environ.get("PUBLICATIONS", "3"))
REBUILDS = int(os.environ.get("REBUILDS", "1"))
CONNECTIONS = int(os.environ.get("CONNECTIONS", "20"))
PRODUCTS = 24
PATHS = (
    "/products/",
    "/products/?page=2",
    "/products/?q=示例品",
    "/products/?edition=1",
    "/products/export.jsonl",
    "/products/export.csv",
    "/enterprises/",
    "/",
)


def test_every_answer_is_of_one_edition(tmp_path, note):
    products = [make_product(name=f"示例品{number}", brand="第1号牌") for number in range(PRODUCTS)]
    publish(enter(make_batch(), *products))
    site = Installation(tmp_path, DATABASE_URL=database_of_the_test())
    site.start("-m", "tools.serve", "web", "--unprepared")
    try:
        wait_until(lambda: site.ask("/readyz") == 200, "the site is ready")
        with Readers(site.port, map(quoted, PATHS), mixed, connections=CONNECTIONS) as readers:
            for number in range(2, PUBLICATIONS + 2):
                another_edition(number, products)
                if REBUILDS and number % (PUBLICATIONS // REBUILDS) == 0:
                    call_command("build_index", verbosity=0)
        last = Installation.ask(site, "/products/")
    finally:
        site.stop()
    seen = readers.seen
    assert (seen.faults, seen.cut, last) == ({}, 0, 200)
    assert seen.answers > CONNECTIONS
    note(rounds=PUBLICATIONS, told=f"{seen.answers} answers on {CONNECTIONS} connections")


def quoted(path: str) -> str:
    return path.replace("示例品", "%E7%A4%BA%E4%BE%8B%E5%93%81")


def another_edition(number: int, products: list) -> None:
    products.append(make_product(name=f"示例品{len(products)}"))
    for product in products:
        product.refresh_from_db()
        product.brand = f"第{number}号牌"
        product.save()
    listed, newest = products[:-1], products[-1]
    batch = make_batch(ordinal=Batch.objects.filter(kind="batch").count() + 1)
    publish(enter(batch, *listed, newest))


def mixed(path: str, text: str) -> str:
    """What is wrong with an answer; nothing when all that it says is of the edition that it names."""
    said = set(map(int, re.findall(r"第(\d+)号牌", text)))
    if path.endswith("jsonl"):
        rows = [json.loads(line) for line in text.splitlines()]
        named, rows_wanted = {row["edition"] for row in rows if "edition" in row}, len(rows)
        wanted = PRODUCTS + max(named) - 1
        return (
            ""
            if said == named and len(named) == 1 and rows_wanted == wanted
            else f"{path}: {named} {said} {rows_wanted}"
        )
    if path.endswith("csv"):
        return "" if len(said) == 1 and text.count("号牌") == PRODUCTS + min(said) - 1 else f"{path}: {said}"
    named = set(map(int, re.findall(r"·第(\d+)版</b>", text)))
    if path.endswith("edition=1"):
        return "" if said == {1} else f"{path}: {said}"
    if path.startswith("/products/"):
        return "" if said == named and len(named) == 1 else f"{path}: edition {named} says {said}"
    return "" if len(said) <= 1 and "</html>" in text else f"{path}: {said}"
