"""Digests that anyone can recompute: salted field hashes, a row digest, an RFC 6962 tree, a chain.

All values are hashed as UTF-8 JSON with sorted keys and no spaces; days are ISO dates; there are no floats.
A field hash is SHA-256(salt || JSON([field, value])): without its salt a removed value cannot be guessed back.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SCHEMA = 1  # of the digest of a row
HEADER_SCHEMA = 2  # of the header of an edition: 2 says the acts (portal.core.editions.acts), 1 did not
SALT_BYTES = 16
EMPTY_HEAD = "0" * 64


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def field_hash(field: str, value: object, salt: str) -> str:
    """Hex SHA-256 of one salted field; `salt` is hex."""
    return hashlib.sha256(bytes.fromhex(salt) + canonical([field, value])).hexdigest()


def row_digest(key: str, hashes: Mapping[str, str]) -> str:
    return hashlib.sha256(canonical({"schema": SCHEMA, "key": key, "hashes": hashes})).hexdigest()


@dataclass(frozen=True)
class Seal:
    """`salts` and `hashes` by field (hex), and the digest over key and hashes."""

    salts: dict[str, str]
    hashes: dict[str, str]
    digest: str


def seal(key: str, values: Mapping[str, object]) -> Seal:
    noise = secrets.token_hex(SALT_BYTES * len(values))
    width = SALT_BYTES * 2
    salts = {field: noise[i * width : (i + 1) * width] for i, field in enumerate(values)}
    hashes = {field: field_hash(field, value, salts[field]) for field, value in values.items()}
    return Seal(salts, hashes, row_digest(key, hashes))


def tree_root(digests: Iterable[str]) -> str:
    """RFC 6962 Merkle tree hash over row digests (hex) in the order given; SHA-256 of nothing for no rows."""
    level = [hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest() for digest in digests]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    # Pairing level by level and carrying an odd node up gives the same tree as RFC 6962's recursive split.
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)
        ]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0].hex()


def chain_head(previous: str, root: str, header: Mapping[str, object]) -> str:
    """Head of the chain after an edition: SHA-256(previous head || root || JSON(header))."""
    return hashlib.sha256(bytes.fromhex(previous) + bytes.fromhex(root) + canonical(header)).hexdigest()
