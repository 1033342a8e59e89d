"""Somebody who may write the database by SQL and knows the code, against somebody who kept what the site once gave."""

import json

import pytest
from django.db import connection

from catalog.publication.models import Batch, ProductLine
from portal.core.editions import protection
from portal.core.editions.digest import EMPTY_HEAD, chain_head, seal, tree_root
from portal.core.editions.models import Edition
from portal.core.editions.verify import public_models
from portal.core.pages import cache
from portal.site.log.checker import faults, rules
from tests.make import make_product, publish_products
from tests.module_rows import laid_once

pytestmark = pytest.mark.django_db


def lay():
    """A line whose edition is followed by others."""
    publish_products(make_product(name="自粘防水卷材"), make_product())
    row = ProductLine.objects.get(name="自粘防水卷材")
    for _ in range(2):
        publish_products()
    return row


laid = laid_once(lay)


@pytest.fixture
def row(laid, folder):
    """The log, its proof and its batch were kept."""
    row = laid()
    take(folder, row, "kept")
    assert folder.check("--known", "kept.jsonl", "kept.json", "kept-lines.jsonl")[0] == 0
    return row


def take(folder, row: ProductLine, name: str) -> None:
    cache.clear()
    folder.log(f"{name}.jsonl")
    folder.proof(row, f"{name}.json")
    folder.take(f"/batches/{row.batch.slug}/lines.jsonl", f"{name}-lines.jsonl")


def write(table: str, key: int, **values: str) -> None:
    protection.remove()
    id_name = "number" if table == "editions_edition" else "id"
    with connection.cursor() as cursor:
        for name, value in values.items():
            cursor.execute(f"UPDATE {table} SET {name} = %s WHERE {id_name} = %s", [value, key])


def reseal(row: ProductLine) -> None:
    """A false name with hashes and a digest that fit it."""
    row.name = "冒名的卷材"
    sealed = seal(row.key, row.sealed_values())
    write(
        "publication_productline",
        row.pk,
        name=row.name,
        salts=json.dumps(sealed.secret),
        hashes=json.dumps(sealed.marks),
        digest=sealed.digest,
    )


def recompute_heads(number: int) -> None:
    """Root and head of the edition, and every head after it."""
    head = Edition.objects.filter(number=number - 1).values_list("head", flat=True).first() or EMPTY_HEAD
    for edition in Edition.objects.filter(number__gte=number).order_by("number"):
        rows: list[tuple[str, str]] = []
        for model in public_models():
            rows += model.objects.filter(from_edition=edition).values_list("key", "digest")
        root = tree_root(digest for _key, digest in sorted(rows))
        head = chain_head(head, root, edition.header)
        write("editions_edition", edition.number, root=root, head=head)


def test_one_value_and_nothing_else_is_named_by_its_field(folder, row):
    write("publication_productline", row.pk, name="冒名的卷材")
    take(folder, row, "now")
    code, said = folder.check("now.jsonl", "now.json", "now-lines.jsonl")
    assert code == 1
    assert f"{row.key}（第{row.from_edition_id}版）：字段 name 被改过" in said
    assert f"{row.key}：行摘要与键、各字段不符" in said
    assert said.count("被改过") == 1


def test_a_value_with_its_digest_is_not_in_the_root(folder, row):
    reseal(row)
    take(folder, row, "now")
    code, said = folder.check("now.jsonl", "now.json", "now-lines.jsonl")
    assert code == 1
    assert f"{row.key}（第{row.from_edition_id}版）：行摘要不在这一版的根里" in said
    assert "批次文件：日志里没有哪一版的根是" in said
    assert "被改过" not in said


def test_whoever_recomputes_every_head_is_found_by_a_log_that_was_kept(folder, row):
    reseal(row)
    recompute_heads(row.from_edition_id)
    take(folder, row, "now")
    assert folder.check("now.jsonl", "now.json", "now-lines.jsonl")[0] == 0, "the attack is whole in itself"
    code, said = folder.check("--known", "kept.jsonl", "now.jsonl", "now.json")
    assert code == 1
    assert f"第{row.from_edition_id}版：从这一版起与留存的日志不同（head、root）" in said
    assert f"第{row.from_edition_id}版：与日志不同（head、root）" in said


def test_a_kept_proof_or_batch_finds_him_as_well(folder, row):
    reseal(row)
    recompute_heads(row.from_edition_id)
    take(folder, row, "now")
    code, said = folder.check("now.jsonl", "kept.json", "kept-lines.jsonl")
    assert code == 1
    assert f"第{row.from_edition_id}版：与日志不同（head、root）" in said
    assert "批次文件：日志里没有哪一版的根是" in said


def test_an_act_that_is_put_on_somebody_else_is_named(folder, row):
    batch = Batch.objects.get(pk=row.batch_id)
    edition = Edition.objects.get(pk=batch.edition_id)
    write("editions_edition", edition.number, header=json.dumps(edition.header | {"basis": "另一份文件"}))
    cache.clear()
    code, said = folder.check(folder.log("now.jsonl"))
    assert (code, f"第{edition.number}版：链头与前一链头、根、头信息不符" in said) == (1, True)
    recompute_heads(edition.number)
    folder.log("now.jsonl")
    assert folder.check("now.jsonl")[0] == 0
    code, said = folder.check("--known", "kept.jsonl", "now.jsonl")
    assert (code, "（head、header.basis）" in said) == (1, True)


def test_editions_that_are_gone_are_named(folder, row):
    entries = (folder.path / "kept.jsonl").read_bytes().splitlines(keepends=True)
    folder.put("shorter.jsonl", b"".join(entries[:-1]))
    folder.put("gap.jsonl", b"".join([*entries[:1], *entries[2:]]))
    folder.put("later.jsonl", b"".join(entries[1:]))
    code, said = folder.check("--known", "kept.jsonl", "shorter.jsonl")
    assert (code, f"第{len(entries)}版：留存的日志里有，现在没有了" in said) == (1, True)
    code, said = folder.check("gap.jsonl")
    assert (code, "第2版：缺少" in said) == (1, True)
    assert folder.check("later.jsonl")[0] == 0
    assert folder.check("--known", "kept.jsonl", "later.jsonl")[0] == 0


def test_every_field_that_is_altered_in_a_file_is_named(folder, row):
    proof = folder.read("kept.json")
    for field in proof["fields"]:
        altered = json.loads(json.dumps(proof))
        altered["fields"][field][0] = "改过的"
        folder.put("altered.json", json.dumps(altered).encode())
        code, said = folder.check("altered.json") if field in ("name", "number") else told(altered)
        assert (code, f"字段 {field} 被改过" in said) == (1, True)


def told(proof: dict) -> tuple[int, str]:
    """Without a process of its own."""
    found = list(faults.proof_faults(proof, {}, faults.Trust([], [], [], []), []))
    return int(bool(found)), "\n".join(found)


def test_a_field_that_is_called_redacted_is_named_by_the_log(folder, row):
    proof = folder.read("kept.json")
    value, salt, _mark = proof["fields"].pop("reason")
    proof["redacted"]["reason"] = rules.field_hash("reason", value, salt)
    folder.put("hidden.json", json.dumps(proof).encode())
    code, said = folder.check("kept.jsonl", "hidden.json")
    assert (code, "字段 reason 说是已依法隐去，日志里没有这一次" in said) == (1, True)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"path": 1}',
        b'{"head": "x", "number": 1}',
        b'{"a": 1, "a": 2}',
        b"[" * 99999,
    ],
)
def test_what_is_no_file_of_the_site_is_refused_in_words(folder, content):
    code, said = folder.check(folder.put("strange.json", content))
    assert code == 2
    assert "读不懂" in said
    assert "Traceback" not in said


def test_the_checker_is_given_out_as_it_stands(client):
    response = client.get("/log/check.py")
    assert response["Content-Type"] == "text/x-python; charset=utf-8"
    assert response.content.startswith(b"#!/usr/bin/env python3")
