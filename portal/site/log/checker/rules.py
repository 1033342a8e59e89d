"""How hashes, trees and heads are computed."""

import hashlib
import json

EMPTY_HEAD = "0" * 64
MARK_DIGITS = 4


class Unreadable(Exception):
    """No file of this site, or a broken one."""


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def field_hash(field: str, value: object, salt: str) -> str:
    return sha256(bytes.fromhex(salt) + canonical([field, value]))


def row_digest(key: str, hashes: dict, schema: int = 1) -> str:
    return sha256(canonical({"schema": schema, "key": key, "hashes": hashes}))


def leaf_hash(digest: str) -> bytes:
    return hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(digests: list) -> str:
    """RFC 6962, 2.1, by its own words: split at the largest power of two that is smaller than the number of leaves."""
    leaves = [leaf_hash(digest) for digest in digests]

    def root(part):
        if len(part) == 1:
            return part[0]
        split = 1 << (len(part) - 1).bit_length() - 1
        return node_hash(root(part[:split]), root(part[split:]))

    return root(leaves).hex() if leaves else sha256(b"")


def leads_to(digest: str, index: int, size: int, path: list, root: str) -> bool:
    """RFC 9162, 2.1.3.2: whether the path leads from the leaf at `index` of `size` to the root."""
    if not 0 <= index < size:
        return False
    node, last = leaf_hash(digest), size - 1
    for neighbour in map(bytes.fromhex, path):
        if last == 0:
            return False
        if index % 2 or index == last:
            node = node_hash(neighbour, node)
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, neighbour)
        index, last = index >> 1, last >> 1
    return last == 0 and node.hex() == root


def head_of(entry: dict) -> str:
    return sha256(
        bytes.fromhex(entry["previous"]) + bytes.fromhex(entry["root"]) + canonical(entry["header"])
    )
