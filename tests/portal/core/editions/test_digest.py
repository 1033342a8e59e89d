"""The hashes are the published ones: anyone's own program finds the same."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.editions.digest import canonical, chain_head, field_hash, row_digest, seal, tree_root

# Leaves and roots of the Certificate Transparency reference tests for RFC 6962.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

values = st.dictionaries(
    st.text(min_size=1, max_size=8),
    st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text(max_size=5), max_size=3)),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_tree_is_that_of_rfc_6962(size):
    assert tree_root(LEAVES[:size]) == ROOTS[size]


def test_the_field_hash_can_be_computed_by_hand():
    salt = "00ff" * 8
    text = '["name","示例防水卷材"]'
    assert (
        field_hash("name", "示例防水卷材", salt)
        == hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()
    )


def test_the_head_can_be_computed_by_hand():
    previous, root, header = "11" * 32, "22" * 32, {"b": "乙", "a": 1}
    text = '{"a":1,"b":"乙"}'
    expected = hashlib.sha256(bytes.fromhex(previous + root) + text.encode()).hexdigest()
    assert chain_head(previous, root, header) == expected


@given(values)
def test_a_seal_holds_for_its_values_and_for_no_others(fields):
    sealed = seal("product/1", fields)
    for name, value in fields.items():
        assert field_hash(name, value, sealed.salts[name]) == sealed.hashes[name]
        assert field_hash(name, [value, "x"], sealed.salts[name]) != sealed.hashes[name]
    assert row_digest("product/1", sealed.hashes) == sealed.digest
    assert row_digest("product/2", sealed.hashes) != sealed.digest


@given(values)
def test_equal_values_have_different_hashes_in_different_rows(fields):
    assert not set(seal("a", fields).hashes.values()) & set(seal("a", fields).hashes.values())


@given(values)
def test_what_is_hashed_does_not_depend_on_the_order_of_fields(fields):
    assert canonical(fields) == canonical(dict(reversed(fields.items())))
    assert json.loads(canonical(fields)) == fields


@given(values)
def test_the_secret_of_a_row_gives_its_salts_and_seal_back(fields):
    sealed = seal("product/1", fields)
    assert seal("product/1", fields, sealed.secret) == sealed
    assert len(set(sealed.salts.values())) == len(fields)
    assert sealed.marks == "".join(found[:4] for found in sealed.hashes.values())


def test_the_salts_are_cut_from_one_stream():
    sealed = seal("product/1", {"name": "示例", "brand": ""}, "00" * 16)
    noise = hashlib.shake_256(bytes(16)).hexdigest(32)
    assert sealed.salts == {"name": noise[:32], "brand": noise[32:]}
