"""The checkpoint of now: the tree over the heads of all editions, signed.

Publication adds nothing for it: an edition's leaf is its head, and the tree grows where it is read. What was signed last
is kept outside the database, beside the key: a database whose first editions give another root is never signed.
"""

import logging
from pathlib import Path
from threading import Lock

from django.conf import settings

from portal.core.editions.digest import EMPTY_HEAD
from portal.core.editions.models import Edition
from portal.core.files.folder import write_whole
from portal.core.forgetting import forgets
from portal.core.locks import file_lock, tried
from portal.core.schedule.acts import Report

from . import keys
from .keys import CannotSign
from .notes import BadNote, Checkpoint, Note
from .tree import Tree

AT_A_TIME = 5_000

logger = logging.getLogger(__name__)


class Grown:
    """The tree over the heads, as far as this process has read them. It holds for the chain that ends in `head`."""

    def __init__(self) -> None:
        self.tree, self.head = Tree(), EMPTY_HEAD
        self._lock = Lock()

    def upto(self, size: int, head: str) -> Tree:
        """With at least so many leaves; raises CannotSign where the chain is broken."""
        with self._lock:
            known = self.tree.size
            if (known, self.head) == (size, head):
                return self.tree
            if known > size or (known and self._head_of(known) != self.head):
                self.tree, self.head, known = Tree(), EMPTY_HEAD, 0
            self._grow(known, size)
            if self.head != head:
                raise CannotSign(f"链头在读取时变了，第{size}版。请再试一次。")
            return self.tree

    def _grow(self, known: int, size: int) -> None:
        rows = Edition.objects.filter(number__gt=known, number__lte=size).order_by("number")
        for number, head in rows.values_list("number", "head").iterator(chunk_size=AT_A_TIME):
            if number != self.tree.size + 1:
                raise CannotSign(f"第{self.tree.size + 1}版不见了。")
            self.tree.append(_content(number, head))
            self.head = head
        if size == 0:
            self.head = EMPTY_HEAD

    def _head_of(self, number: int) -> str | None:
        return Edition.objects.filter(number=number).values_list("head", flat=True).first()


def _content(number: int, head: str) -> bytes:
    try:
        return bytes.fromhex(head)
    except ValueError as error:
        raise CannotSign(f"第{number}版的链头不是散列。") from error


_grown = Grown()
_signed: dict[str, str] = {}  # by key and text, the newest alone


def tree_of_now() -> tuple[Tree, int]:
    """The tree and how many of its leaves this request reads. Raises CannotSign.

    Never over what a rehearsal takes back: once signed, the log that is published afterwards would be another one.
    """
    if forgets():
        raise CannotSign("这是预演，还没有公布，不签名。")
    newest = Edition.objects.order_by("-number").values_list("number", "head").first()
    size, head = newest or (0, EMPTY_HEAD)
    return _grown.upto(size, head), size


def checkpoint() -> str:
    """The signed note over everything that is published. Raises CannotSign, with the reason, rather than sign a fork."""
    return checkpoint_over(*tree_of_now())


def checkpoint_over(tree: Tree, size: int) -> str:
    said = Checkpoint(settings.LOG_ORIGIN, size, tree.root(size))
    key = f"{keys.current()}\n{said.text}"
    try:
        note = _signed.get(key) or _newly_signed(said, tree)
    except OSError as error:
        logger.exception("LOG_SIGNED_FILE cannot be written")
        raise CannotSign("写不下签过什么，所以没有签，原因见运行日志。") from error
    if Note.read(note.encode()).text == said.text:
        _signed.clear()
        _signed[key] = note
    return note


def _newly_signed(said: Checkpoint, tree: Tree) -> str:
    file = Path(settings.LOG_SIGNED_FILE)
    with tried(lambda: file_lock(file.with_suffix(".lock")), pause=0.05, times=100) as is_ours:
        if not is_ours:
            raise CannotSign("另一个进程正在签名。请再试一次。")
        last = last_signed()
        if last and Checkpoint.read(last.text).size > said.size:
            return last.written()  # a replica is behind, or editions were lost: what was signed stays said
        if last:
            _refuse_fork(Checkpoint.read(last.text), said, tree)
        note = f"{said.text}\n{keys.signature_of(said.text)}"
        write_whole(file, note.encode())
        return note


def _refuse_fork(last: Checkpoint, said: Checkpoint, tree: Tree) -> None:
    if last.origin != said.origin:
        raise CannotSign(f"日志名称由 {last.origin} 改成了 {said.origin}。请改回 LOG_ORIGIN。")
    if last.root != tree.root(last.size):
        raise CannotSign(f"数据库里前{last.size}版与本站签过名的不同，有一版被改写过。")


def last_signed() -> Note | None:
    """Raises CannotSign where the file holds something else: an attacker would like it to be taken for none."""
    file = Path(settings.LOG_SIGNED_FILE)
    if not file.exists():
        return None
    try:
        note = Note.read(file.read_bytes())
        Checkpoint.read(note.text)
    except (BadNote, OSError) as error:
        raise CannotSign(f"{file.name} 读不懂，不能确认签过什么。") from error
    return note


def disagreement() -> str:
    """How the editions of now differ from what this node has signed; empty where they do not. Signs nothing."""
    try:
        last, (tree, size) = last_signed(), tree_of_now()
        if last is None:
            return ""
        signed = Checkpoint.read(last.text)
        if signed.size > size:
            return _lost(signed.size, size)
        _refuse_fork(signed, Checkpoint(settings.LOG_ORIGIN, size, tree.root(size)), tree)
    except CannotSign as refusal:
        return str(refusal)
    return ""


def _lost(signed: int, size: int) -> str:
    return f"已签名到第{signed}版，数据库里只有{size}版。"


def trouble() -> str:
    """Why the newest edition has no signature; empty where it has."""
    try:
        note = Note.read(checkpoint().encode())
    except CannotSign as refusal:
        return str(refusal)
    size = Edition.objects.current_number()
    said = Checkpoint.read(note.text)
    return _lost(said.size, size) if said.size > size else ""


def look_after() -> Report:
    """Every night: note which key signs, and tell an administrator what keeps it from signing."""
    from .succession import note_current

    fault = trouble()
    if fault:
        return Report(f"日志没有签名：{fault}", is_good=False)
    note_current()
    return Report(f"日志已签名到第{Checkpoint.read(Note.read(checkpoint().encode()).text).size}版。")
