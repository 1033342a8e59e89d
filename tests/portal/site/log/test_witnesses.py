"""Who watches the log signs what continues it, and nothing else."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from portal.core.checkpoints.models import Cosignature, KeptCheckpoint
from portal.core.checkpoints.notes import Checkpoint, Note
from portal.core.checkpoints.witnessing import Forked, Refused
from portal.core.editions.models import Edition
from tests.make import publish_products
from tests.portal.site.log.test_attackers import recompute_heads, reseal

pytestmark = pytest.mark.django_db


def test_a_witness_signs_what_continues_the_log_and_is_shown(client, row, witness, folder):
    assert "还没有别的单位见证签名" in client.get("/log/").content.decode()
    first = witness.signs()
    publish_products()
    second = witness.signs()
    assert second.size == first.size + 1
    assert [path for path in witness.asked if "tile" in path]
    page = client.get("/log/").content.decode()
    assert "示例认证中心" in page
    assert f"第{second.size}版" in page
    assert Cosignature.objects.count() == KeptCheckpoint.objects.count() == 2
    public = str(witness.there().key)
    folder.checkpoint()
    folder.proof(row)
    folder.take("/log/keys.jsonl", "keys.jsonl")
    for name in ("checkpoint", "proof.json"):
        code, said = folder.check("--witness", public, name, "keys.jsonl")
        assert (code, "见证 示例认证中心 20" in said) == (0, True), said
    witness.signs()
    assert Cosignature.objects.count() == 2, "the newest of a size is kept"
    publish_products()
    folder.proof(row)
    note = Note.read(json.loads((folder.path / "proof.json").read_text())["log"].split("\n\n", 1)[1].encode())
    assert Checkpoint.read(note.text).size == second.size, "a proof carries the newest that somebody cosigned"


def test_a_stranger_cannot_cosign_nor_a_witness_what_is_not_ours(client, row, witness, settings):
    def handed_in(content: bytes) -> tuple[int, str]:
        answer = client.post("/log/cosign", content, content_type="text/plain")
        return answer.status_code, answer.content.decode()

    witness.signs()
    good = next(witness.folder.glob("*.checkpoint")).read_bytes()
    assert handed_in(good)[0] == 200
    assert handed_in(b"nonsense")[0] == 400
    assert handed_in(b"x" * 50_000)[0] == 400
    assert handed_in(good.replace("— 示例".encode(), "— 另外".encode()))[0] == 403
    size = Edition.objects.current_number()
    assert handed_in(good.replace(f"\n{size}\n".encode(), f"\n{size + 1}\n".encode()))[0] == 403
    settings.LOG_WITNESSES = []
    assert handed_in(good) == (403, "没有本站登记的见证方的签名。请先把公钥告诉本站。\n")
    assert client.get("/log/cosign").status_code == 405
    assert Cosignature.objects.count() == 1


def test_nobody_hands_in_without_end(client, row):
    answers = [client.post("/log/cosign", b"x", content_type="text/plain").status_code for _ in range(121)]
    assert answers == [400] * 120 + [429]


def test_a_witness_refuses_a_fork_and_keeps_the_evidence(row, witness, stolen):
    """The attacker has SQL, the code and the key: everything fits in itself, and not what was seen before."""
    seen = witness.signs()
    reseal(row)
    recompute_heads(row.from_edition_id)
    stolen(with_the_key=True)
    publish_products()
    with pytest.raises(Forked, match=f"见证过第{seen.size}版"):
        witness.signs()
    with pytest.raises(Forked):
        witness.signs()
    assert witness.there().last() == seen
    assert len(list(witness.folder.glob("fork-*.txt"))) == 1
    assert Cosignature.objects.count() == 1


def test_a_witness_refuses_a_log_that_became_shorter_and_another_key(row, witness, stolen):
    witness.signs()
    file = next(witness.folder.glob("*.checkpoint"))
    text = file.read_text()
    size = Edition.objects.current_number()
    file.write_text(text.replace(f"\n{size}\n", f"\n{size + 1}\n"))
    with pytest.raises(Forked):
        witness.signs()
    file.write_text(text)
    stolen(with_the_key=False)
    publish_products()
    with pytest.raises(Refused, match="没有用您核对过的公钥"):
        witness.signs()
    file.write_text("nonsense")
    with pytest.raises(Refused):
        witness.signs()


def test_the_first_time_a_witness_names_the_key_of_the_log(row, witness):
    witness.key = ""
    with pytest.raises(Refused, match="--key"):
        witness.signs()


def test_the_command_signs_and_refuses_in_words(row, witness, capsys):
    arguments = ["https://portal.example/", "--name", "示例认证中心", "--folder", str(witness.folder)]
    call_command("witness", *arguments, "--key", witness.key)
    assert "已见证" in capsys.readouterr().out
    call_command("witness", *arguments)
    wrongs = (
        ["ftp://portal.example", *arguments[1:]],
        [*arguments, "--name", "a b"],
        [*arguments, "--key", "x"],
    )
    for wrong in wrongs:
        with pytest.raises(CommandError):
            call_command("witness", *wrong)


def test_of_a_witness_the_longest_log_alone_is_read(client, row, witness, monkeypatch):
    read = []
    made = Cosignature.from_db.__func__
    monkeypatch.setattr(Cosignature, "from_db", classmethod(lambda *of: read.append(of) or made(*of)))
    for _ in range(3):
        witness.signs()
        publish_products()
    read.clear()
    last = Edition.objects.current_number() - 1
    assert f"第{last}版" in client.get("/log/").content.decode().partition("示例认证中心")[2][:200]
    assert len(read) == 1
