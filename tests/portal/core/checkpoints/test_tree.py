"""The tree over the editions against RFC 6962 by its own words, and tiles against C2SP tlog-tiles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.checkpoints.tree import NODE, Tree, includes, is_consistent, leaf_hash, node_hash
from portal.core.checkpoints.witnessing import Tiles, tile_path
from portal.core.editions.digest import tree_root
from portal.site.log.checker import rules

LEAVES = [number.to_bytes(32, "big") for number in range(700)]


def grown(size: int) -> Tree:
    tree = Tree()
    for leaf in LEAVES[:size]:
        tree.append(leaf)
    return tree


WHOLE = grown(len(LEAVES))


def roots(size: int) -> str:
    return tree_root([leaf.hex() for leaf in LEAVES[:size]])


@given(st.integers(0, len(LEAVES)))
def test_every_size_has_the_root_of_its_leaves(size):
    assert WHOLE.root(size).hex() == roots(size)
    assert grown(size).root(size) == WHOLE.root(size)


@given(st.integers(1, len(LEAVES)), st.data())
def test_every_leaf_is_proved_in_every_size_and_nowhere_else(size, data):
    index = data.draw(st.integers(0, size - 1))
    path, root = WHOLE.inclusion(index, size), WHOLE.root(size)
    assert includes(leaf_hash(LEAVES[index]), index, size, path, root)
    assert rules.leads_to(LEAVES[index].hex(), index, size, [node.hex() for node in path], root.hex())
    assert not includes(leaf_hash(LEAVES[index]), index, size, [*path, root], root)
    assert not includes(leaf_hash(b"other"), index, size, path, root)
    assert len(path) <= 10


@given(st.integers(0, len(LEAVES)), st.integers(0, len(LEAVES)), st.data())
def test_any_two_sizes_are_consistent_and_no_altered_proof_says_so(one, other, data):
    old, new = sorted([one, other])
    path = WHOLE.consistency(old, new)
    assert is_consistent(old, new, WHOLE.root(old), WHOLE.root(new), path)
    assert not is_consistent(old, new, WHOLE.root(old), WHOLE.root(new), [*path, WHOLE.root(1)])
    assert old == 0 or not is_consistent(old, new, leaf_hash(b"other"), WHOLE.root(new), path)
    assert not is_consistent(old, new, WHOLE.root(old), leaf_hash(b"other"), path) or old == 0 < new
    if path:
        place = data.draw(st.integers(0, len(path) - 1))
        path[place] = leaf_hash(b"other")
        assert not is_consistent(old, new, WHOLE.root(old), WHOLE.root(new), path)


def test_a_larger_tree_is_no_beginning_of_a_smaller_one():
    assert not is_consistent(9, 5, WHOLE.root(9), WHOLE.root(5), [])
    assert not is_consistent(5, 5, WHOLE.root(5), WHOLE.root(4), [])


def test_tiles_are_the_hashes_of_the_specification():
    assert WHOLE.tile(0, 0, 256) == b"".join(map(leaf_hash, LEAVES[:256]))
    assert WHOLE.tile(0, 2, 188) == b"".join(map(leaf_hash, LEAVES[512:700]))
    assert WHOLE.tile(1, 0, 2) == WHOLE.over(0, 256) + WHOLE.over(256, 512)
    assert len(WHOLE.tile(0, 2, 256)) == 188 * NODE
    assert WHOLE.tile(2, 0, 1) == WHOLE.tile(0, 3, 1) == b""
    assert WHOLE.over(0, 2) == node_hash(leaf_hash(LEAVES[0]), leaf_hash(LEAVES[1]))


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (1, 5, 7, "tile/1/005.p/7"),
        (0, 1234067, 256, "tile/0/x001/x234/067"),
        (3, 1000, 1, "tile/3/x001/000.p/1"),
    ],
)
def test_a_tile_has_the_address_of_the_specification(level, index, width, path):
    assert tile_path(level, index, width) == path


@given(st.integers(1, len(LEAVES)), st.data())
def test_from_tiles_alone_come_the_same_proofs(size, data):
    """As a witness reads them: each whole subtree out of the tile that holds it."""
    tiles = Tiles("", size)
    tiles._tile = lambda level, index: WHOLE.tile(  # type: ignore[method-assign]
        level, index, min(256, (size >> (8 * level)) - index * 256)
    )
    old = data.draw(st.integers(0, size))
    assert tiles.root(size) == WHOLE.root(size)
    assert tiles.consistency(old, size) == WHOLE.consistency(old, size)
