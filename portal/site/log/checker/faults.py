"""What was changed: each of these gives sentences."""

from collections.abc import Iterator

from .rules import EMPTY_HEAD, MARK_DIGITS, field_hash, head_of, leads_to, row_digest, tree_root
from .signatures import fingerprint, log_proof_of, moment, signed_by


def entry_faults(entry: dict) -> Iterator[str]:
    """One edition by itself."""
    name, header = f"第{entry['number']}版", entry["header"]
    for field, said in (("number", "edition"), ("at", "at"), ("cause", "cause")):
        if header.get(said) != entry[field]:
            yield f"{name}：{field} 与头信息不符"
    if head_of(entry) != entry["head"]:
        yield f"{name}：链头与前一链头、根、头信息不符，其中至少一项被改过"


class Trust:
    """Which keys are the site's: those that were compared with paper, and what such a key signed as its successor.

    With none given everything that calls itself the site's is taken, and told. `ends` is the size up to which a key signed.
    """

    def __init__(self, given: list, rows: list, signers: list, witnesses: list):
        self.given, self.witnesses, self.ends = given, witnesses, {}
        keys = [row["key"] for row in rows]
        self.ends = {one[:2]: after["size"] for one, after in zip(keys, rows[1:], strict=False)}
        self.keys = [
            key for key in {key[:2]: key for key in [*keys, *signers]}.values() if self.is_known(key)
        ]
        for row in rows:
            if row["key"] not in self.keys and self.is_endorsed(row):
                self.keys.append(row["key"])

    def is_known(self, key: tuple) -> bool:
        return not self.given or fingerprint(key) in self.given

    def is_endorsed(self, row: dict) -> bool:
        note, said = row["note"], row["said"]
        return bool(note) and note["text"] == said and any(self.good(note, key) for key in self.keys)

    def good(self, note: dict, key: tuple) -> bool:
        found = signed_by(note, key)
        return bool(found) and all(is_good for is_good, _at in found)


def note_faults(note: dict, trust: Trust, heads: list) -> Iterator[str]:
    """A checkpoint: who signed it, and, with a log from its beginning, whether it is over that log."""
    name = f"检查点（到第{note['size']}版）"
    signing = [key for key in trust.keys if trust.good(note, key)]
    if not signing:
        yield f"{name}：没有已核对的公钥的有效签名"
    if signing and all(note["size"] > trust.ends.get(key[:2], note["size"]) for key in signing):
        yield f"{name}：用已经停用的公钥签名"
    for witness in trust.witnesses:
        if signed_by(note, witness) and not trust.good(note, witness):
            yield f"{name}：见证方 {witness[0]} 的签名是假的"
    if heads and note["size"] > len(heads):
        yield f"{name}：日志只有{len(heads)}版"
    elif heads and tree_root(heads[: note["size"]]) != note["root"]:
        yield f"{name}：与日志前{note['size']}版的根不同，其中有一版被改写过"


def told_of_note(note: dict, trust: Trust) -> str:
    lines = [f"{note['origin']} 到第{note['size']}版，根 {note['root']}"]
    lines += [f"    签名 {key[0]} 指纹 {fingerprint(key)}" for key in trust.keys if trust.good(note, key)]
    seen = [
        (key, max(at for _good, at in signed_by(note, key)))
        for key in trust.witnesses
        if trust.good(note, key)
    ]
    return "\n".join(lines + [f"    见证 {key[0]} {moment(at)}" for key, at in seen])


def log_path_faults(proof: dict, trust: Trust, heads: list) -> Iterator[str]:
    """From the head of the edition to the checkpoint."""
    edition, logged = proof["edition"], log_proof_of(proof["log"])
    note, index = logged["note"], edition["number"] - 1
    path_fits = leads_to(edition["head"], index, note["size"], logged["path"], note["root"])
    if logged["index"] != index or not path_fits:
        yield f"{proof['key']}（第{edition['number']}版）：这一版的链头不在检查点里"
    yield from note_faults(note, trust, heads)


def fork_faults(notes: list) -> Iterator[str]:
    """Two checkpoints over as many editions with other roots."""
    roots: dict = {}
    for note in notes:
        if roots.setdefault((note["origin"], note["size"]), note["root"]) != note["root"]:
            yield f"检查点（到第{note['size']}版）：有两份，根不同，日志分了岔"


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


def proof_faults(proof: dict, entries: dict, trust: Trust, heads: list) -> Iterator[str]:
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
    if proof.get("log"):
        yield from log_path_faults(proof, trust, heads)
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
