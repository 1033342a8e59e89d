"""Packing what was collected: each content once, and again only what does not lie there whole."""

import gzip

import brotli
import pytest

from portal.core.pages.collected import PackingOnce

WORDS = b"body { color: #123456 }\n" * 100


@pytest.fixture
def packed(monkeypatch):
    """The bytes that were packed in earnest."""
    seen: list[bytes] = []
    monkeypatch.setattr(
        brotli, "compress", lambda data, pack=brotli.compress: seen.append(data) or pack(data)
    )
    return seen


def compress(*paths) -> list[str]:
    packing = PackingOnce(quiet=True)
    return [name for path in paths for name in packing.compress(str(path))]


def test_a_file_under_two_names_is_packed_once_and_not_again_at_the_next_start(tmp_path, packed):
    one, other = tmp_path / "a.css", tmp_path / "a.0123456789ab.css"
    for path in (one, other):
        path.write_bytes(WORDS)
    names = [f"{path}{suffix}" for path in (one, other) for suffix in (".br", ".gz")]
    assert compress(one, other) == names
    assert compress(one, other) == names
    assert packed == [WORDS]
    assert brotli.decompress((tmp_path / "a.0123456789ab.css.br").read_bytes()) == WORDS
    assert gzip.decompress((tmp_path / "a.css.gz").read_bytes()) == WORDS


@pytest.mark.parametrize("suffix", [".br", ".gz"])
@pytest.mark.parametrize(
    "spoil",
    [lambda packed: packed[:-9], lambda packed: b"", lambda packed: b"no such file", None],
    ids=["cut short", "empty", "other", "absent"],
)
def test_what_does_not_lie_there_whole_is_packed_again(tmp_path, suffix, spoil):
    file = tmp_path / "a.js"
    file.write_bytes(WORDS)
    compress(file)
    lying = tmp_path / f"a.js{suffix}"
    whole = lying.read_bytes()
    lying.unlink() if spoil is None else lying.write_bytes(spoil(whole))
    compress(file)
    assert lying.read_bytes() == whole


def test_a_changed_file_is_packed_again(tmp_path):
    file = tmp_path / "a.js"
    file.write_bytes(WORDS)
    compress(file)
    file.write_bytes(WORDS + b"new")
    compress(file)
    assert brotli.decompress((tmp_path / "a.js.br").read_bytes()) == WORDS + b"new"
