"""The signed tree over the editions: its addresses, its witnesses, and who is caught by them."""

import json
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.checkpoints import keys
from portal.core.checkpoints.models import Cosignature, KeptCheckpoint
from portal.core.checkpoints.notes import Checkpoint, Note
from portal.core.checkpoints.tree import leaf_hash
from portal.core.editions.models import Edition
from tests.make import publish_products
from tests.portal.site.log.test_attackers import recompute_heads, reseal, take

pytestmark = pytest.mark.django_db


def heads() -> list[bytes]:
    return [bytes.fromhex(head) for head in Edition.objects.order_by("number").values_list("head", flat=True)]


def test_checkpoint_tiles_and_entries_tell_of_the_same_tree(client, row, settings):
    size = Edition.objects.current_number()
    answer = client.get("/log/checkpoint")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    said = Checkpoint.read(Note.read(answer.content).text)
    assert (said.origin, said.size) == (settings.LOG_ORIGIN, size)
    tile = client.get(f"/log/tile/0/000.p/{size}")
    assert tile.content == b"".join(map(leaf_hash, heads()))
    assert "immutable" in tile["Cache-Control"]
    bundle = client.get(f"/log/tile/entries/000.p/{size}").content
    assert bundle == b"".join(b"\x00\x20" + head for head in heads())


@pytest.mark.parametrize(
    "path",
    [
        "0/000",
        "0/000.p/9",
        "0/000.p/0",
        "0/000.p/256",
        "0/x000/000.p/1",
        "64/000.p/1",
        "1/000.p/1",
        "0/1",
        "-1/000",
    ],
)
def test_what_the_tree_has_not_got_is_not_there(client, row, path):
    assert client.get(f"/log/tile/{path}").status_code == 404


def test_a_proof_leads_to_the_signed_checkpoint_in_6_kb(folder, row):
    folder.log()
    folder.checkpoint()
    folder.take("/log/keys.jsonl", "keys.jsonl")
    name = folder.proof(row)
    assert (folder.path / name).stat().st_size <= 6000
    mine = keys.current().fingerprint
    code, said = folder.check("--key", mine, "log.jsonl", "checkpoint", "keys.jsonl", name)
    assert code == 0, said
    assert "注意" not in said
    assert said.count(f"指纹 {mine}") == 2
    code, said = folder.check("--key", "00" * 32, name)
    assert (code, "没有已核对的公钥的有效签名" in said) == (1, True)
    code, said = folder.check(name)
    assert (code, "没有给公钥指纹" in said) == (0, True)


def test_the_largest_proof_has_room_for_witnesses(folder, row):
    """What a path costs in an edition of 100,000 lines and a log of 20,000 editions, with three witnesses."""
    proof = json.loads((folder.path / folder.proof(row)).read_text())
    longest = len(json.dumps(proof, ensure_ascii=False, separators=(",", ":")).encode())
    longest += (
        67 * (17 - len(proof["path"])) + 46 * (15 - proof["log"].split("\n\n")[0].count("\n") + 1) + 3 * 140
    )
    assert longest <= 7000


def test_an_altered_signature_path_or_place_is_named(folder, row):
    proof = json.loads((folder.path / folder.proof(row)).read_text())
    index = f"index {row.from_edition_id - 1}"
    wrongs = {
        "这一版的链头不在检查点里": proof["log"].replace(index, "index 1"),
        "没有已核对的公钥的有效签名": re.sub(
            r"(\n— \S+ \S{20})(.)", lambda m: m[1] + ("A" if m[2] != "A" else "B"), proof["log"]
        ),
        "读不懂": proof["log"].replace("tlog-proof@v1", "tlog-proof@v2"),
    }
    for words, log in wrongs.items():
        folder.put("altered.json", json.dumps(proof | {"log": log}).encode())
        code, said = folder.check("altered.json")
        assert (code > 0, words in said) == (True, True), said


def test_whoever_has_sql_and_the_code_but_no_key_is_caught_offline(folder, row, stolen):
    mine = keys.current().fingerprint
    reseal(row)
    recompute_heads(row.from_edition_id)
    stolen(with_the_key=False)
    take(folder, row, "now")
    folder.checkpoint("now-checkpoint")
    assert folder.check("now.jsonl", "now.json", "now-checkpoint")[0] == 0, "whole in itself"
    code, said = folder.check("--key", mine, "now.jsonl", "now.json", "now-checkpoint")
    assert code == 1
    assert said.count("没有已核对的公钥的有效签名") == 2


def test_whoever_has_the_key_as_well_is_caught_by_a_witness_or_any_old_sheet(folder, row, stolen, witness):
    mine = ("--key", keys.current().fingerprint)
    edition = Edition.objects.get(pk=row.from_edition_id)
    sheet = f"{edition.number}:{edition.head}"
    witness.signs()
    take(folder, row, "kept")
    folder.checkpoint("kept-checkpoint")
    reseal(row)
    recompute_heads(row.from_edition_id)
    KeptCheckpoint.objects.all()._raw_delete("default") if not Cosignature.objects.all().delete() else None
    stolen(with_the_key=True)
    take(folder, row, "now")
    folder.checkpoint("now-checkpoint")
    assert folder.check(*mine, "now.jsonl", "now.json", "now-checkpoint")[0] == 0, "whole in itself"
    code, said = folder.check(*mine, "--head", sheet, "now.jsonl")
    assert (code, f"第{edition.number}版：链头与纸面不同" in said) == (1, True)
    code, said = folder.check(*mine, "--head", sheet, "now.json")
    assert (code, f"第{edition.number}版：链头与纸面不同" in said) == (1, True)
    code, said = folder.check(*mine, "--known", "kept.json", "now.jsonl")
    assert (code, "从这一版起与留存的日志不同（head、root）" in said) == (1, True)
    code, said = folder.check(*mine, "--known", "kept.json", "now.json")
    assert (code, "两份证明说的不同" in said) == (1, True)
    code, said = folder.check(
        *mine, "--known", "kept-checkpoint", "--witness", str(witness.there().key), "now.jsonl"
    )
    assert (code, "其中有一版被改写过" in said) == (1, True)
    code, said = folder.check(*mine, "--known", "kept-checkpoint", "now-checkpoint")
    assert (code, "根不同，日志分了岔" in said) == (1, True)


def test_a_replaced_key_is_followed_and_signs_no_more(folder, row, settings):
    old = keys.current().fingerprint
    folder.checkpoint("old-checkpoint")
    stale = keys.signer()
    call_command("log_key", replace="机器更换")
    publish_products()
    folder.log()
    folder.checkpoint()
    folder.take("/log/keys.jsonl", "keys.jsonl")
    known = ("--key", old, "log.jsonl", "keys.jsonl")
    assert folder.check(*known, "checkpoint", "old-checkpoint")[0] == 0
    assert folder.check("--key", old, "checkpoint")[0] == 1, "without keys.jsonl nobody knows the new one"
    lines = (folder.path / "keys.jsonl").read_bytes().splitlines()
    bare = json.loads(lines[1]) | {"endorsement": ""}
    folder.put("bare.jsonl", lines[0] + b"\n" + json.dumps(bare).encode() + b"\n")
    assert folder.check("--key", old, "bare.jsonl", "checkpoint")[0] == 1
    note = Note.read((folder.path / "checkpoint").read_bytes())
    former = Note.read((folder.path / "old-checkpoint").read_bytes())
    signature = stale.sign(note.text.encode())
    forged = Note(note.text, ((former.signatures[0][0], former.signatures[0][1][:4] + signature),))
    folder.put("forged", forged.written().encode())
    code, said = folder.check(*known, "forged")
    assert (code, "用已经停用的公钥签名" in said) == (1, True)


def test_a_proof_of_now_needs_no_former_key(folder, row, witness):
    witness.signs()
    call_command("log_key", replace="机器更换")
    code, said = folder.check("--key", keys.current().fingerprint, folder.proof(row))
    assert code == 0, said


def test_the_cost_of_page_and_checkpoint_does_not_grow(client, row, witness):
    counts = []
    for _ in range(2):
        witness.signs()
        with CaptureQueriesContext(connection) as queries:
            client.get("/log/checkpoint")
            client.get("/log/")
        counts.append(len(queries))
        publish_products()
        publish_products()
    assert counts[0] == counts[1]
