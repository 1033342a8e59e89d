"""`/proof/`: one public line, provable by itself, small, and without a salt of what was redacted."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from catalog.publication.models import CertificateLine, EnterpriseLine, ProductLine
from catalog.publication.publishing.redaction import redact
from portal.core.editions.digest import tree_levels, tree_root
from portal.core.editions.verify import public_models
from portal.core.pages import cache
from portal.site.log.checker import rules as check
from portal.site.log.proofs import Tree
from tests.catalog.publication.stories import announce, change, newest
from tests.make import make_enterprise, make_product, publish_products

digests = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=40, unique=True)


def tree_of(leaves: list[str]) -> Tree:
    return Tree(tuple(b"".join(level) for level in tree_levels(leaves)))


@given(digests)
def test_every_leaf_has_a_path_to_the_root(leaves):
    tree, root = tree_of(leaves), tree_root(leaves)
    assert check.tree_root(leaves) == root
    for index, leaf in enumerate(leaves):
        assert tree.index_of(leaf) == index
        assert check.leads_to(leaf, index, tree.size, tree.path(index), root)


@given(digests, st.data())
def test_no_flipped_byte_leads_to_the_root(leaves, data):
    tree, root = tree_of(leaves), tree_root(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    said = [leaves[index], root, *tree.path(index)]
    place = data.draw(st.integers(0, len(said) - 1))
    octets = bytearray.fromhex(said[place])
    octets[data.draw(st.integers(0, 31))] ^= data.draw(st.integers(1, 255))
    leaf, top, *path = [*said[:place], octets.hex(), *said[place + 1 :]]
    assert not check.leads_to(leaf, index, tree.size, path, top)


@given(digests, st.data())
def test_no_other_place_and_no_other_length_lead_to_the_root(leaves, data):
    tree, root = tree_of(leaves), tree_root(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    leaf, path = leaves[index], tree.path(index)
    assert not check.leads_to(leaf, index, tree.size, [*path, path[0] if path else leaf], root)
    assert not path or not check.leads_to(leaf, index, tree.size, path[:-1], root)
    assert not check.leads_to(leaf, tree.size, tree.size, path, root)
    assert not check.leads_to(leaf, -1, tree.size, path, root)


def test_a_digest_that_is_in_no_leaf_has_no_place():
    leaves = ["11" * 32, "22" * 32]
    assert tree_of(leaves).index_of("33" * 32) is None


@pytest.fixture
def product(db):
    product = make_product(name="自粘防水卷材", enterprise=make_enterprise(name="张叁建材经营部"))
    publish_products(product, *(make_product() for _ in range(6)))
    return product


@pytest.mark.django_db
def test_product_enterprise_and_certificate_are_proved_in_6_kb(folder, product):
    folder.log()
    for model in (ProductLine, EnterpriseLine, CertificateLine):
        for row in model.objects.all():
            name = folder.proof(row)
            assert (folder.path / name).stat().st_size <= 6000
            code, said = folder.check("log.jsonl", name)
            assert code == 0, said
            assert row.key in said
    assert json.dumps(row.number) in said


@pytest.mark.django_db
def test_a_line_with_a_predecessor_is_proved_and_the_old_one_by_its_edition(folder, product):
    then = newest()
    change(product, name="改名后的卷材")
    folder.log()
    old, new = ProductLine.objects.filter(product=product).order_by("pk")
    folder.proof(new, "new.json")
    folder.take(f"/proof/{old.key}?edition={then}", "old.json")
    assert folder.read("new.json")["fields"]["name"][0] == "改名后的卷材"
    assert folder.read("new.json")["fields"]["replaces"][0] == folder.read("old.json")["digest"]
    assert folder.read("old.json")["fields"]["name"][0] == "自粘防水卷材"
    assert folder.check("log.jsonl", "old.json", "new.json")[0] == 0


@pytest.mark.django_db
def test_a_redacted_field_leaves_no_salt_and_says_so(folder, product):
    row = EnterpriseLine.objects.get(enterprise=product.enterprise)
    secret = row.salts
    folder.proof(row, "before.json")
    salt = folder.read("before.json")["fields"]["name"][1]
    folder.log("early.jsonl")
    redact(row.key, "name", basis="当事人申请")
    folder.log()
    text = (folder.path / folder.proof(row)).read_text()
    assert not [word for word in ("张叁", salt, secret) if word in text]
    assert list(folder.read("proof.json")["redacted"]) == ["name"]
    code, said = folder.check("log.jsonl", "proof.json")
    assert (code, "name: （已依法隐去）" in said) == (0, True)
    code, said = folder.check("early.jsonl", "proof.json")
    assert (code, "字段 name 说是已依法隐去，日志里没有这一次" in said) == (1, True)


@pytest.mark.django_db
def test_what_is_not_public_has_no_proof(client, product):
    row = ProductLine.objects.get(product=product)
    draft = announce(make_product(name="公示中的卷材"))
    hidden = ProductLine.objects.get(batch=draft)
    later = publish_products(make_product(name="后来的"))
    assert client.get(f"/proof/{hidden.key}").status_code == 404
    after = ProductLine.objects.get(batch=later)
    assert client.get(f"/proof/{after.key}?edition={row.from_edition_id}").status_code == 404
    for key in ("", "product/", "product/x", "hold/product/1", "a%00b", "product/%00", "产品/一", "x" * 900):
        assert client.get(f"/proof/{key}").status_code == 404
    assert client.get(f"/proof/{row.key}?edition=999").status_code == 400
    assert client.get(f"/proof/{row.key}?x=1").status_code == 400


@pytest.mark.django_db
def test_the_tree_of_an_edition_is_read_once(client, product):
    costs = []
    for row in ProductLine.objects.all()[:2]:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/proof/{row.key}").status_code == 200
        costs.append(len(queries))
    assert costs[1] == 6
    assert costs[0] == 6 + 1 + len(public_models())  # the tree of the edition, and that of the log


@pytest.mark.django_db
def test_the_pages_lead_to_the_proofs(client, product):
    row = ProductLine.objects.get(product=product)
    enterprise = EnterpriseLine.objects.get(enterprise=product.enterprise)
    certificate = CertificateLine.objects.get(certificate=product.certificate)
    page = client.get(f"/products/{row.number}/").content.decode()
    assert f'href="/proof/{row.key}"' in page
    assert f'href="/proof/{certificate.key}"' in page
    assert (
        f'href="/proof/{enterprise.key}"' in client.get(f"/enterprises/{enterprise.uscc}/").content.decode()
    )
    page = client.get(f"/products/{row.number}/?edition={row.from_edition_id}").content.decode()
    assert f'href="/proof/{row.key}?edition={row.from_edition_id}"' in page
