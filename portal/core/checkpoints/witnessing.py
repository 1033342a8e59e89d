"""The other side: a body that watches a log. It keeps what it saw last, and signs only what continues it.

It needs no database. Its folder holds its key, and by log the key of the log and the checkpoint that it cosigned last.
"""

import hashlib
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from portal.core.files.folder import write_whole
from portal.core.locks import file_lock

from .keys import FileSigner
from .notes import COSIGNING, LONGEST, PLAIN, BadNote, Checkpoint, Note, VerifierKey, cosigned
from .tree import NODE, TILE_HEIGHT, TILE_WIDTH, Subtrees, is_consistent, node_hash

SECONDS = 30
LARGEST_TILE = NODE * TILE_WIDTH


class Refused(Exception):
    """Why nothing was signed, in a sentence."""


class Forked(Refused):
    """The log no longer says what it said: what was seen is kept as evidence."""


class Tiles(Subtrees):
    """The tree as the log gives it out (c2sp.org/tlog-tiles)."""

    def __init__(self, log: str, size: int):
        self.log, self.size = log, size
        self._held: dict[tuple[int, int], bytes] = {}

    def whole(self, height: int, index: int) -> bytes:
        level, above = divmod(height, TILE_HEIGHT)
        width = 1 << above
        tile = self._tile(level, index * width // TILE_WIDTH)
        start = index * width % TILE_WIDTH
        nodes = [tile[place * NODE : (place + 1) * NODE] for place in range(start, start + width)]
        while len(nodes) > 1:
            nodes = [node_hash(nodes[i], nodes[i + 1]) for i in range(0, len(nodes), 2)]
        return nodes[0]

    def _tile(self, level: int, index: int) -> bytes:
        if (level, index) not in self._held:
            width = min(TILE_WIDTH, (self.size >> (level * TILE_HEIGHT)) - index * TILE_WIDTH)
            content = fetched(f"{self.log}/{tile_path(level, index, width)}", LARGEST_TILE)
            if len(content) != width * NODE:
                raise Refused(f"日志的分块 {tile_path(level, index, width)} 长度不对。")
            self._held[level, index] = content
        return self._held[level, index]


def tile_path(level: int, index: int, width: int) -> str:
    """`tile/0/x001/234`, `tile/0/000.p/7`."""
    parts = [f"{index % 1000:03}"]
    while index := index // 1000:
        parts.insert(0, f"x{index % 1000:03}")
    end = f".p/{width}" if width < TILE_WIDTH else ""
    return f"tile/{level}/{'/'.join(parts)}{end}"


@dataclass
class Witness:
    """`log` is the address under which the log lies, as https://portal.example.cn/log."""

    name: str
    folder: Path
    log: str
    log_key: str = ""
    signer: FileSigner = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.signer = FileSigner(self.folder / "witness_key.pem")

    @property
    def key(self) -> VerifierKey:
        return VerifierKey(self.name, COSIGNING, self.signer.public)

    def witnessed(self) -> Checkpoint:
        """Look, compare with what was seen last, sign, keep, hand in. Raises Refused; Forked for a log that lies."""
        with file_lock(self.folder / ".lock") as is_ours:
            if not is_ours:
                raise Refused("另一个见证进程正在运行。")
            note = self._read(fetched(f"{self.log}/checkpoint", LONGEST))
            said = Checkpoint.read(note.text)
            self._refuse_fork(note, said)
            now = int(time.time())
            line = self.key.line(now.to_bytes(8, "big") + self.signer.sign(cosigned(note.text, now)))
            write_whole(self._file("checkpoint"), (note.written() + line).encode())
            fetched(f"{self.log}/cosign", LONGEST, (note.written() + line).encode())
            return said

    def _read(self, content: bytes) -> Note:
        try:
            note = Note.read(content)
            said, key = Checkpoint.read(note.text), self._key_of_log()
            if key.name != said.origin or not note.signed_by(key):
                raise Refused(
                    f"检查点没有用您核对过的公钥 {key.fingerprint[:16]} 签名。若已换钥匙，请核对后用 --key 给出新的。"
                )
            return note.only([key])
        except BadNote as error:
            raise Refused("日志给出的不是检查点，或签名是假的。") from error

    def _key_of_log(self) -> VerifierKey:
        file = self._file("key")
        if self.log_key:
            key = VerifierKey.read(self.log_key)
            if key.kind != PLAIN:
                raise Refused("--key 要的是日志的公钥，不是见证方的。")
            write_whole(file, str(key).encode())
        if not file.exists():
            raise Refused("第一次见证要用 --key 给出日志的公钥；请先在「如何辨认本站」和打印件上核对指纹。")
        return VerifierKey.read(file.read_text())

    def _refuse_fork(self, note: Note, said: Checkpoint) -> None:
        last = self.last()
        if last is None:
            return
        tiles = Tiles(self.log, said.size)
        if last.origin == said.origin and last.size <= said.size:
            path = tiles.consistency(last.size, said.size)
            if is_consistent(last.size, said.size, last.root, said.root, path):
                return
        evidence = self.folder / f"fork-{hashlib.sha256(note.text.encode()).hexdigest()[:16]}.txt"
        write_whole(evidence, note.written().encode())
        raise Forked(
            f"日志不再是从前的日志：见证过第{last.size}版，现在的第{said.size}版不包含它。没有签名。"
            f"两份检查点留在 {self.folder}，请向主管部门反映。"
        )

    def last(self) -> Checkpoint | None:
        """What was cosigned last; raises Refused where that cannot be read any more."""
        file = self._file("checkpoint")
        if not file.exists():
            return None
        try:
            return Checkpoint.read(Note.read(file.read_bytes()).text)
        except BadNote as error:
            raise Refused(f"{file} 读不懂，不能确认见证过什么。请从备份恢复它。") from error

    def _file(self, ending: str) -> Path:
        return self.folder / f"{hashlib.sha256(self.log.encode()).hexdigest()[:16]}.{ending}"


def fetched(address: str, most: int, sent: bytes | None = None) -> bytes:
    """What the log answers; sends, where there is something to send."""
    request = urllib.request.Request(address, sent, {"Content-Type": "text/plain; charset=utf-8"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - the command takes http(s) alone
            content: bytes = answer.read(most + 1)
    except urllib.error.HTTPError as error:
        raise Refused(f"{address} 回答 {error.code}：{error.read(500).decode(errors='replace')}") from error
    except OSError as error:
        raise Refused(f"{address} 取不到：{error}") from error
    if len(content) > most:
        raise Refused(f"{address} 的回答太长。")
    return content
