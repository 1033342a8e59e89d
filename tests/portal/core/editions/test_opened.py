"""What a redaction leaves of the proof of a row: enough to prove the rest, nothing to guess what went, and little room."""

import json

import pytest

from catalog.publication.models import ProductLine
from portal.core.editions import opened


def sealed() -> ProductLine:
    line = ProductLine(
        key="product/0000001-3/national", name="甲", brand="张叁", enterprise_name="张叁经营部"
    )
    line.batch_id = line.enterprise_id = line.product_id = 1
    line.position = 1
    line.seal()
    return line


def without(line: ProductLine, *names: str) -> ProductLine:
    line.give_up(list(names))
    for name in names:
        setattr(line, name, "")
    return line


def test_the_rest_is_proved_and_what_went_keeps_its_hash_alone():
    line = sealed()
    salts, hashes = line.proof()
    without(without(line, "enterprise_name"), "brand")
    assert line.broken_fields() == []
    left, same = line.proof()
    assert same == hashes
    assert left == {name: salt for name, salt in salts.items() if name not in {"brand", "enterprise_name"}}
    assert not any(salts[name] in json.dumps([line.salts, line.hashes]) for name in line.redacted)


def test_it_takes_a_third_of_the_room_of_dictionaries():
    line = sealed()
    by_name = len(json.dumps(line.proof()))
    without(line, "enterprise_name")
    assert len(json.dumps([line.salts, line.hashes])) < by_name / 3


def test_a_row_that_was_opened_by_an_earlier_release_is_packed_when_it_loses_more():
    line = sealed()
    salts, hashes = line.proof()
    del salts["brand"]
    # As PostgreSQL gives them: keys in its own order.
    line.salts, line.hashes = dict(sorted(salts.items())), dict(sorted(hashes.items()))
    line.brand, line.redacted = "", ["brand"]
    assert line.broken_fields() == []
    without(line, "enterprise_name")
    assert line.broken_fields() == []
    assert opened.is_opened(line.salts)
    assert line.proof()[1] == hashes


@pytest.mark.parametrize("column", ["salts", "hashes"])
def test_no_sign_of_it_can_be_altered(column):
    whole = without(sealed(), "enterprise_name")
    text = getattr(whole, column)
    for place in (*range(0, len(text), 7), len(text) - 1):
        other = "0" if text[place] != "0" else "1"
        for changed in (text[:place] + other + text[place + 1 :], text[:place]):
            setattr(whole, column, changed)
            assert whole.broken_fields(), (place, changed)
    setattr(whole, column, text + "00")
    assert whole.broken_fields()
    setattr(whole, column, text)
    assert whole.broken_fields() == []


def test_a_value_that_comes_back_is_a_fault_and_so_is_a_redaction_unsaid():
    line = without(sealed(), "enterprise_name")
    line.enterprise_name = "张叁经营部"
    assert line.broken_fields() == ["enterprise_name"]
    line.enterprise_name, line.redacted = "", []
    assert line.broken_fields() == ["enterprise_name"]
