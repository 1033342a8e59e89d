"""Digests that anyone can recompute: salted field hashes, a row digest, an RFC 6962 tree, a chain.

All values are hashed as UTF-8 JSON with sorted keys and no spaces; days are ISO dates; there are no floats.
A field hash is SHA-256(salt || JSON([field, value])): without its salt a removed value cannot be guessed back.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from json.encoder import encode_basestring

SCHEMA = 1  # of the digest of a row
HEADER_SCHEMA = 2  # of the header of an edition: 2 says the acts (portal.core.editions.acts), 1 did not
SALT_BYTES = 16
MARK_DIGITS = (
    4  # of a field hash: enough to name the column that was altered; that one was, the digest of the row says
)
EMPTY_HEAD = "0" * 64

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(value: object) -> bytes:
    return _encode(value).encode()


def field_hash(field: str, value: object, salt: str) -> str:
    """Hex SHA-256 of one salted field; `salt` is hex."""
    return _field_hash(field, value, bytes.fromhex(salt))


def row_digest(key: str, hashes: Mapping[str, str]) -> str:
    return hashlib.sha256(canonical({"schema": SCHEMA, "key": key, "hashes": hashes})).hexdigest()


@dataclass(frozen=True)
class Seal:
    """Of one row: its secret, from which all salts are made; the hashes by field (hex), and the digest over key and hashes."""

    secret: str
    hashes: dict[str, str]
    digest: str

    @property
    def salts(self) -> dict[str, str]:
        return salts_of(self.secret, list(self.hashes))

    @cached_property
    def marks(self) -> str:
        """The first digits of each hash, in the order of the fields."""
        return "".join(found[:MARK_DIGITS] for found in self.hashes.values())


def seal(key: str, values: Mapping[str, object], secret: str | None = None) -> Seal:
    """With a secret that is known, the seal that was made with it, as long as key and values are the same."""
    secret = secrets.token_hex(SALT_BYTES) if secret is None else secret
    salts = _salts(secret, len(values))
    hashes = {
        field: _field_hash(field, value, salt)
        for (field, value), salt in zip(values.items(), salts, strict=True)
    }
    return Seal(secret, hashes, row_digest(key, hashes))


def mark_at(marks: str, place: int) -> str:
    return marks[place * MARK_DIGITS : (place + 1) * MARK_DIGITS]


def salts_of(secret: str, fields: Sequence[str]) -> dict[str, str]:
    """The salts (hex) of a row whose fields were sealed in this order."""
    return {field: salt.hex() for field, salt in zip(fields, _salts(secret, len(fields)), strict=True)}


def _salts(secret: str, count: int) -> list[bytes]:
    """Cut from one stream: a salt tells neither the secret nor another salt, and a longer row begins with the same ones."""
    noise = hashlib.shake_256(bytes.fromhex(secret)).digest(SALT_BYTES * count)
    return [noise[at : at + SALT_BYTES] for at in range(0, len(noise), SALT_BYTES)]


def _field_hash(field: str, value: object, salt: bytes) -> str:
    # Most values are text, for which this is canonical([field, value]) in a third of the time.
    if type(value) is str:
        said = f"[{encode_basestring(field)},{encode_basestring(value)}]".encode()
    else:
        said = canonical([field, value])
    return hashlib.sha256(salt + said).hexdigest()


def tree_levels(digests: Iterable[str]) -> Iterator[list[bytes]]:
    """The RFC 6962 tree over row digests (hex) in the order given, from the hashes of the leaves up to the root."""
    level = [hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest() for digest in digests]
    yield level
    # Pairing level by level and carrying an odd node up gives the same tree as RFC 6962's recursive split.
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)
        ]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
        yield level


def tree_root(digests: Iterable[str]) -> str:
    """RFC 6962 Merkle tree hash; SHA-256 of nothing for no rows."""
    for level in tree_levels(digests):
        top = level
    return top[0].hex() if top else hashlib.sha256(b"").hexdigest()


def chain_head(previous: str, root: str, header: Mapping[str, object]) -> str:
    """Head of the chain after an edition: SHA-256(previous head || root || JSON(header))."""
    return hashlib.sha256(bytes.fromhex(previous) + bytes.fromhex(root) + canonical(header)).hexdigest()
