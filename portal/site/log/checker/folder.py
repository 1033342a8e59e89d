"""A copy of the whole site: each file against the manifest, the manifest against its signature."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from .faults import Trust
from .rules import Unreadable, sha256
from .signatures import fingerprint, signature_of

MANIFEST, NOTE = "manifest.json", "manifest.note"
LOG = ("log/editions.jsonl", "log/checkpoint", "log/keys.jsonl")


def in_folder(folder: str) -> list:
    """What of a copy is checked as if it had been given by itself."""
    return [str(path) for path in map(Path(folder).joinpath, LOG) if folder and path.is_file()]


def manifest_of(folder: str) -> tuple:
    try:
        content = (Path(folder) / MANIFEST).read_bytes()
        said = json.loads(content)
        return content, {**said, "files": dict(said["files"])}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Unreadable(f"{folder} 里没有可读的 {MANIFEST}") from error


def folder_faults(folder: str, trust: Trust, entries: dict) -> Iterator[str]:
    content, said = manifest_of(folder)
    yield from copy_note_faults(folder, said, sha256(content), trust)
    if entries.get(said["edition"], {}).get("head") != said["head"]:
        yield f"{MANIFEST}：第{said['edition']}版的链头与日志不同"
    present = {str(path.relative_to(folder).as_posix()) for path in Path(folder).rglob("*") if path.is_file()}
    for name in sorted(said["files"].keys() - present):
        yield f"{name}：缺少"
    for name in sorted(present - said["files"].keys() - {MANIFEST, NOTE}):
        yield f"{name}：清单里没有"
    for name in sorted(said["files"].keys() & present):
        if digest_of(Path(folder) / name) != said["files"][name]:
            yield f"{name}：被改过"


def copy_note_faults(folder: str, said: dict, digest: str, trust: Trust) -> Iterator[str]:
    path = Path(folder) / NOTE
    if not path.is_file():
        yield f"没有签名（{NOTE}），看不出是谁做的"
        return
    note = copy_note_of(path.read_text(encoding="utf-8"))
    fits = note["lines"][1:] == [f"edition {said['edition']}", f"day {said['day']}", f"manifest {digest}"]
    signing = [key for key in trust.keys if trust.good(note, key) and note["lines"][0] == f"{key[0]}/mirror"]
    if not fits:
        yield f"{NOTE}：签的是另一份清单"
    if not signing:
        yield f"{NOTE}：没有已核对的公钥的有效签名"
    elif all(said["edition"] > trust.ends.get(key[:2], said["edition"]) for key in signing):
        yield f"{NOTE}：用已经停用的公钥签名"


def copy_note_of(text: str) -> dict:
    said, gap, signed = text.rpartition("\n\n")
    if not gap or not signed.endswith("\n") or said.count("\n") != 3:
        raise Unreadable(f"{NOTE} 写得不对")
    signatures = [signature_of(line) for line in signed[:-1].split("\n")]
    return {"text": said + "\n", "lines": said.split("\n"), "signatures": signatures}


def digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def told_of_folder(folder: str, trust: Trust) -> str:
    _content, said = manifest_of(folder)
    lines = [f"{said['site']} 第{said['edition']}版 {said['day']} 的副本，{len(said['files'])} 个文件"]
    return "\n".join(lines + [f"    签名 {key[0]} 指纹 {fingerprint(key)}" for key in trust.keys])
