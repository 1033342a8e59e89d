"""Files and arguments."""

import argparse
import json
import sys
from collections.abc import Iterator

from .faults import (
    Trust,
    batch_faults,
    differing,
    fork_faults,
    log_faults,
    note_faults,
    parting_faults,
    proof_faults,
    told_of_note,
)
from .folder import folder_faults, in_folder, told_of_folder
from .rules import Unreadable
from .signatures import fingerprint, key_of, log_proof_of, note_of, unbase64

LONGEST_NOTE = 20_000


def once(pairs: list) -> dict:
    """A name that stands twice would be read in two ways."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("同一个名称写了两次")
    return found


def read(path: str) -> tuple:
    """The kind of the file, and what it holds."""
    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8")
    except (OSError, ValueError) as error:
        raise Unreadable(str(error)) from error
    return understood(text)


def understood(text: str) -> tuple:
    if "\n\n\u2014 " in text[:LONGEST_NOTE] and not text.startswith("{"):
        return "note", [note_of(text)]
    try:
        rows = [json.loads(line, object_pairs_hook=once) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    for kind, mark in (("proof", "path"), ("log", "head"), ("batch", "hashes"), ("keys", "fingerprint")):
        if rows and all(isinstance(row, dict) and mark in row for row in rows):
            return kind, [key_row(row) for row in rows] if kind == "keys" else rows
    raise Unreadable("不是本站的证明、批次文件、检查点、公钥或日志")


def key_row(row: dict) -> dict:
    """With the text that the key before it has to have signed."""
    key, endorsement = key_of(row["key"]), row["endorsement"]
    note = endorsement_of(endorsement) if endorsement else None
    said = f"{key[0]}\nsuccessor {row['key'].split('+', 2)[2]}\nfrom {row['size']}\n"
    return {"key": key, "size": row["size"], "note": note, "said": said}


def endorsement_of(text: str) -> dict:
    said, _, signed = text.rpartition("\n\n")
    name, ident_and_signature = signed.strip().split(" ")[1:]
    data = unbase64(ident_and_signature)
    return {"text": said + "\n", "signatures": [(name, data[:4].hex(), data[4:])]}


class Files:
    """Everything that was given, and what is held against what."""

    def __init__(self, given: list, known: list, keys: list, witnesses: list, heads: list):
        self.given, self.known, self.paper = given, known, heads
        both = [*given, *known]
        entries = [entry for kind, rows in self.rows_of(both) if kind == "log" for entry in rows]
        self.entries = {entry["number"]: entry for entry in entries}
        self.heads = next((heads_of(rows) for _path, kind, rows in given if kind == "log"), [])
        self.proofs = [row for _path, kind, rows in both if kind == "proof" for row in rows]
        rows = [row for _path, kind, rows in both if kind == "keys" for row in rows]
        whole = [key_of(one) for one in keys if "+" in one]
        signers = [key_of(proof["signer"]) for proof in self.proofs if proof.get("signer")]
        self.trust = Trust([as_fingerprint(one) for one in keys], rows, [*whole, *signers], witnesses)

    @staticmethod
    def rows_of(files: list) -> list:
        return [(kind, rows) for _path, kind, rows in files]

    def faults(self, kind: str, rows: list, is_known: bool) -> Iterator[str]:
        if kind == "log":
            yield from log_faults(rows)
        elif kind == "batch":
            yield from batch_faults(rows, self.entries)
        elif kind == "note":
            for note in rows:
                yield from note_faults(note, self.trust, self.heads)
        elif kind == "proof":
            for proof in rows:
                yield from proof_faults(proof, self.entries, self.trust, self.heads)
        if kind == "log" and not is_known:
            yield from parting_faults(self.known_entries(), rows)
            yield from self.paper_faults(rows)

    def known_entries(self) -> list:
        """Of kept logs, and of kept proofs one each."""
        found = [entry for kind, rows in self.rows_of(self.known) if kind == "log" for entry in rows]
        found += [
            row["edition"] for kind, rows in self.rows_of(self.known) if kind == "proof" for row in rows
        ]
        return sorted(found, key=lambda entry: entry["number"])

    def paper_faults(self, rows: list) -> Iterator[str]:
        by_number = {entry["number"]: entry for entry in rows}
        for number, head in self.paper:
            if number not in by_number:
                yield f"第{number}版：纸面上有，日志里没有"
            elif by_number[number]["head"] != head:
                yield f"第{number}版：链头与纸面不同"

    def between(self) -> Iterator[str]:
        """What no file shows by itself: a fork, and one edition told in two ways."""
        notes = [note for _path, kind, rows in [*self.given, *self.known] if kind == "note" for note in rows]
        notes += [log_proof_of(proof["log"])["note"] for proof in self.proofs if proof.get("log")]
        yield from fork_faults(notes)
        told: dict = {}
        for proof in self.proofs:
            edition = proof["edition"]
            first = told.setdefault(edition["number"], edition)
            if first != edition:
                yield f"第{edition['number']}版：两份证明说的不同（{'、'.join(differing(first, edition))}）"
        if not self.heads and self.paper:
            yield from self.paper_faults(list(told.values()))


def heads_of(entries: list) -> list:
    """Of a log from its beginning; another one has no tree."""
    whole = entries[0]["number"] == 1
    return [entry["head"] for entry in entries] if whole else []


def as_fingerprint(text: str) -> str:
    from_key = "+" in text
    found = fingerprint(key_of(text)) if from_key else "".join(text.split()).lower()
    if len(found) != 64:
        raise Unreadable(f"指纹应有 64 位：{text}")
    return found


def as_head(text: str) -> tuple:
    number, _, head = text.partition(":")
    return int(number), "".join(head.split()).lower()


def report(path: str, rows: str, faults: list) -> bool:
    for fault in faults:
        print(f"不符 {path} {fault}")
    if not faults:
        print(f"相符 {path} {rows}")
    return bool(faults)


def told(kind: str, rows: list, trust: Trust) -> str:
    if kind == "log":
        return f"第{rows[0]['number']}版至第{rows[-1]['number']}版，链头 {rows[-1]['head']}"
    if kind == "batch":
        return f"{len(rows)} 行"
    if kind == "keys":
        return f"{len(rows)} 把公钥，其中 {len([row for row in rows if row['key'] in trust.keys])} 把可信"
    if kind == "note":
        return "\n".join(told_of_note(note, trust) for note in rows)
    return "\n".join(told_of_proof(proof, trust) for proof in rows)


def told_of_proof(proof: dict, trust: Trust) -> str:
    edition = proof["edition"]
    lines = [f"{proof['key']} 于 {edition['at']} 在第{edition['number']}版公布，链头 {edition['head']}"]
    lines += [
        f"    {field}: {json.dumps(said[0], ensure_ascii=False)}" for field, said in proof["fields"].items()
    ]
    lines += [f"    {field}: （已依法隐去）" for field in proof["redacted"]]
    if proof.get("log"):
        lines.append(told_of_note(log_proof_of(proof["log"])["note"], trust))
    return "\n".join(lines)


def check(files: Files, folder: str) -> bool:
    """Whether anything was changed. Where two logs tell of the same edition, proofs are held against the kept one."""
    found = [
        report(path, told(kind, rows, files.trust), list(files.faults(kind, rows, is_known)))
        for some, is_known in ((files.given, False), (files.known, True))
        for path, kind, rows in some
    ]
    faults = list(files.between())
    found.append(bool(faults) and report("各文件之间", "", faults))
    if folder:
        faults = list(folder_faults(folder, files.trust, files.entries))
        found.append(report(folder, told_of_folder(folder, files.trust), faults))
    for words in notices(files):
        print(f"注意：{words}")
    return any(found)


def notices(files: Files) -> Iterator[str]:
    kinds = {kind for _path, kind, _rows in [*files.given, *files.known]}
    if "log" not in kinds:
        yield "没有给日志，只核对了文件自身。请取 /log/editions.jsonl 一并核对。"
    if kinds & {"note", "proof"} and not files.trust.given:
        yield "没有给公钥指纹。请把上面的指纹与打印件或「如何辨认本站」上的对照，或用 --key 给出。"


def main() -> int:
    parser = argparse.ArgumentParser(description="离线核对证明、批次文件、检查点和版次日志")
    parser.add_argument("files", nargs="*", help="证明、批次文件、检查点、公钥或日志")
    parser.add_argument("--known", action="append", default=[], help="以前留存的日志、检查点或证明")
    parser.add_argument("--key", action="append", default=[], help="核对过的公钥指纹，或公钥全文")
    parser.add_argument("--witness", action="append", default=[], help="见证方的公钥全文")
    parser.add_argument("--head", action="append", default=[], help="纸面上的版号和链头，如 41:d57429e2…")
    parser.add_argument("--folder", default="", help="整个网站的副本，逐个文件核对")
    given = parser.parse_args()
    try:
        files = Files(
            [(path, *read(path)) for path in [*given.files, *in_folder(given.folder)]],
            [(path, *read(path)) for path in given.known],
            given.key,
            [key_of(one) for one in given.witness],
            [as_head(one) for one in given.head],
        )
        return int(check(files, given.folder))
    except Unreadable as error:
        print(f"读不懂：{error}", file=sys.stderr)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        print(f"读不懂：内容残缺（{type(error).__name__}: {error}）", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
