#!/usr/bin/env python3
"""Checks proofs, batch files and the log of editions, offline. One file, Python 3.9 or newer, nothing else.

    python3 check.py editions.jsonl proof.json lines.jsonl
    python3 check.py --known old-editions.jsonl editions.jsonl

`--known` is a copy of the log that was kept earlier: whoever rewrote the chain since is found by it. The exit code is 0
where everything fits, 1 where something was changed, 2 where a file cannot be read. It imports nothing of the portal, so
that it is a second reading of the same rules.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator

EMPTY_HEAD = "0" * 64
MARK_DIGITS = 4


class Unreadable(Exception):
    """No file of this site, or a broken one."""


# -- the rules -------------------------------------------------------------------------------------------------------------


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


# -- what was changed: each of these gives sentences -----------------------------------------------------------------------


def entry_faults(entry: dict) -> Iterator[str]:
    """One edition by itself."""
    name, header = f"第{entry['number']}版", entry["header"]
    for field, said in (("number", "edition"), ("at", "at"), ("cause", "cause")):
        if header.get(said) != entry[field]:
            yield f"{name}：{field} 与头信息不符"
    if head_of(entry) != entry["head"]:
        yield f"{name}：链头与前一链头、根、头信息不符，其中至少一项被改过"


def log_faults(entries: list) -> Iterator[str]:
    """The chain; a log that was asked for with `since` begins with the head that it names."""
    number = entries[0]["number"]
    previous = EMPTY_HEAD if number == 1 else entries[0]["previous"]
    for entry in entries:
        if entry["number"] != number:
            yield f"第{number}版：缺少，后面紧接着第{entry['number']}版"
        if entry["previous"] != previous:
            yield f"第{entry['number']}版：没有接在前一版的链头上"
        yield from entry_faults(entry)
        number, previous = entry["number"] + 1, entry["head"]


def parting_faults(known: list, entries: list) -> Iterator[str]:
    """Where the log no longer says what a copy of it said: the first edition, for all later ones follow from it."""
    by_number = {entry["number"]: entry for entry in entries}
    for old in known:
        new = by_number.get(old["number"])
        if old["number"] < entries[0]["number"]:
            continue
        if new is None:
            yield f"第{old['number']}版：留存的日志里有，现在没有了"
            return
        if new != old:
            yield f"第{old['number']}版：从这一版起与留存的日志不同（{'、'.join(differing(old, new))}）"
            return


def differing(old: dict, new: dict) -> list:
    """Names of what differs, those of the header one by one."""
    said = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    one, two = old["header"], new["header"]
    inside = [f"header.{name}" for name in sorted(one.keys() | two.keys()) if one.get(name) != two.get(name)]
    return [name for name in said if name != "header"] + inside


def proof_faults(proof: dict, entries: dict) -> Iterator[str]:
    edition = proof["edition"]
    name = f"{proof['key']}（第{edition['number']}版）"
    hashes = dict(proof["redacted"])
    for field, (value, salt, mark) in proof["fields"].items():
        hashes[field] = field_hash(field, value, salt)
        if hashes[field][:MARK_DIGITS] != mark:
            yield f"{name}：字段 {field} 被改过"
    if row_digest(proof["key"], hashes, proof["schema"]) != proof["digest"]:
        yield f"{name}：行摘要与键、各字段不符"
    if not leads_to(proof["digest"], proof["index"], proof["size"], proof["path"], edition["root"]):
        yield f"{name}：行摘要不在这一版的根里"
    yield from entry_faults(edition)
    if entries:
        yield from against_log(edition, entries)
        yield from unlawful_redactions(proof, entries)


def against_log(edition: dict, entries: dict) -> Iterator[str]:
    said = entries.get(edition["number"])
    if said is None:
        yield f"第{edition['number']}版：日志里没有，不能核对"
    elif said != edition:
        yield f"第{edition['number']}版：与日志不同（{'、'.join(differing(said, edition))}）"


def unlawful_redactions(proof: dict, entries: dict) -> Iterator[str]:
    """Whoever hands a proof on could hide a field and call it redacted."""
    headers = [entry["header"] for entry in entries.values() if entry["cause"] == "redaction"]
    for field in proof["redacted"]:
        if not any([proof["key"], field] in header["redacted"] for header in headers):
            yield f"{proof['key']}：字段 {field} 说是已依法隐去，日志里没有这一次"


def batch_faults(lines: list, entries: dict) -> Iterator[str]:
    """All lines of a batch; with a log, also that one of its editions has their root."""
    for line in lines:
        for field, value in line["values"].items():
            if not fits(line, field, value):
                yield f"{line['key']}：字段 {field} 被改过"
        if row_digest(line["key"], line["hashes"]) != line["digest"]:
            yield f"{line['key']}：行摘要与键、各字段不符"
    root = tree_root([line["digest"] for line in lines])
    if entries and root not in {entry["root"] for entry in entries.values()}:
        yield f"批次文件：日志里没有哪一版的根是 {root}"


def fits(line: dict, field: str, value: object) -> bool:
    if field in line["redacted"]:
        return not value and field not in line["salts"]
    if field not in line["hashes"]:  # a column that came later than the seal says nothing
        return not value
    return field_hash(field, value, line["salts"][field]) == line["hashes"][field]


# -- files -----------------------------------------------------------------------------------------------------------------


def once(pairs: list) -> dict:
    """A name that stands twice would be read in two ways."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("同一个名称写了两次")
    return found


def read(path: str) -> tuple:
    """The kind of the file, and what it holds."""
    try:
        with open(path, encoding="utf-8") as file:
            rows = [json.loads(line, object_pairs_hook=once) for line in file if line.strip()]
    except (OSError, ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    for kind, mark in (("proof", "path"), ("log", "head"), ("batch", "hashes")):
        if rows and all(isinstance(row, dict) and mark in row for row in rows):
            return kind, rows
    raise Unreadable("不是本站的证明、批次文件或日志")


def report(path: str, rows: str, faults: list) -> bool:
    for fault in faults:
        print(f"不符 {path} {fault}")
    if not faults:
        print(f"相符 {path} {rows}")
    return bool(faults)


def told(kind: str, rows: list) -> str:
    if kind == "log":
        return f"第{rows[0]['number']}版至第{rows[-1]['number']}版，链头 {rows[-1]['head']}"
    if kind == "batch":
        return f"{len(rows)} 行"
    return "\n".join(map(told_of_proof, rows))


def told_of_proof(proof: dict) -> str:
    edition = proof["edition"]
    lines = [f"{proof['key']} 于 {edition['at']} 在第{edition['number']}版公布，链头 {edition['head']}"]
    lines += [
        f"    {field}: {json.dumps(said[0], ensure_ascii=False)}" for field, said in proof["fields"].items()
    ]
    return "\n".join(lines + [f"    {field}: （已依法隐去）" for field in proof["redacted"]])


def faults_of(kind: str, rows: list, entries: dict, known: list) -> Iterator[str]:
    if kind == "log":
        yield from log_faults(rows)
        yield from parting_faults(known, rows)
    elif kind == "batch":
        yield from batch_faults(rows, entries)
    else:
        for proof in rows:
            yield from proof_faults(proof, entries)


def check(paths: list, known_path: str) -> bool:
    """Whether anything was changed. Where two logs tell of the same edition, proofs are held against the kept one."""
    files = [(path, *read(path)) for path in paths]
    known = read(known_path)[1] if known_path else []
    if known:
        files.append((known_path, "log", known))
    entries = {entry["number"]: entry for _path, kind, rows in files if kind == "log" for entry in rows}
    found = [
        report(path, told(kind, rows), list(faults_of(kind, rows, entries, known)))
        for path, kind, rows in files
    ]
    if not entries:
        print("注意：没有给日志，只核对了文件自身。请取 /log/editions.jsonl 一并核对。")
    return any(found)


def main() -> int:
    parser = argparse.ArgumentParser(description="离线核对证明、批次文件和版次日志")
    parser.add_argument("files", nargs="+", help="证明、批次文件或日志")
    parser.add_argument("--known", default="", help="以前留存的日志")
    given = parser.parse_args()
    try:
        return int(check(given.files, given.known))
    except Unreadable as error:
        print(f"读不懂：{error}", file=sys.stderr)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        print(f"读不懂：内容残缺（{type(error).__name__}: {error}）", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
