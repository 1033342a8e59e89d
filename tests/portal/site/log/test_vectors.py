"""The vectors in `docs/vectors/`: what they say is what the checker says, so another checker can be held against them."""

import json
import shutil
from pathlib import Path

import pytest

from portal.site.log.checker.rules import field_hash, row_digest, tree_root
from tests.portal.site.log.files import Folder

VECTORS = Path(__file__).parents[4] / "docs/vectors"
CASES = json.loads((VECTORS / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(case["arguments"]))
def test_every_case_ends_as_it_says(folder: Folder, case: dict):
    shutil.copytree(VECTORS, folder.path, dirs_exist_ok=True)
    code, said = folder.check(*case["arguments"])
    assert code == case["code"], said
    for words in case["names"]:
        assert words in said


def test_the_vectors_are_worked_by_hand_as_well():
    lines = [json.loads(line) for line in (VECTORS / "lines.jsonl").read_text(encoding="utf-8").splitlines()]
    entries = [
        json.loads(line) for line in (VECTORS / "editions.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    proof = json.loads((VECTORS / "proof.json").read_text(encoding="utf-8"))
    line = next(line for line in lines if line["key"] == proof["key"])
    for field, (value, salt, mark) in proof["fields"].items():
        assert field_hash(field, value, salt) == line["hashes"][field]
        assert line["hashes"][field].startswith(mark)
    assert row_digest(line["key"], line["hashes"]) == line["digest"] == proof["digest"]
    assert tree_root([line["digest"] for line in lines]) == entries[proof["edition"]["number"] - 1]["root"]
