"""The proof of one public line: its values with their salts, and the path of its digest to the root of its edition."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog.publication.models import LINE_MODELS, Line
from portal.core.checkpoints import keys
from portal.core.checkpoints.cosigning import best_note
from portal.core.checkpoints.keys import CannotSign
from portal.core.checkpoints.notes import Checkpoint, Note, base64
from portal.core.checkpoints.signing import checkpoint_over, tree_of_now
from portal.core.editions.digest import MARK_DIGITS, SCHEMA, mark_at, tree_levels
from portal.core.editions.models import Edition, PublicRow
from portal.core.editions.verify import published_with
from portal.core.pages.memory import MEGABYTE, Memory

from .editions import entry_of, head_before

FORMAT = "proof/2"  # 1 had no `log` and no `signer`
NODE = 32  # bytes


@dataclass(frozen=True)
class Tree:
    """Over the digests of everything published with one edition; each level is the nodes behind one another."""

    levels: tuple[bytes, ...]

    @classmethod
    def of(cls, edition: int) -> "Tree":
        return cls(tuple(b"".join(level) for level in tree_levels(published_with(edition).digests)))

    @property
    def size(self) -> int:
        """How many leaves."""
        return len(self.levels[0]) // NODE

    @property
    def weight(self) -> int:
        return sum(map(len, self.levels))

    def index_of(self, digest: str) -> int | None:
        leaf = next(tree_levels([digest]))[0]
        place = self.levels[0].find(leaf)
        while place % NODE and place >= 0:  # the last bytes of one node with the first of the next
            place = self.levels[0].find(leaf, place + 1)
        return place // NODE if place >= 0 else None

    def path(self, index: int) -> list[str]:
        """RFC 6962, 2.1.1: the neighbour at each level, from the leaf up."""
        found = []
        for level in self.levels[:-1]:
            if neighbour := level[(index ^ 1) * NODE : ((index ^ 1) + 1) * NODE]:
                found.append(neighbour.hex())
            index //= 2
        return found


# What was published with an edition never changes, nor do its digests: a redaction leaves them.
trees: Memory[Tree] = Memory(16 * MEGABYTE)


def public_line(key: str, edition: int) -> Line | None:
    """The line that is public under this key in that edition."""
    model = next((model for model in LINE_MODELS if key.startswith(_front(model))), None)
    if model is None:
        return None
    lines = model.objects.public(edition).filter(key=key).select_related("replaces")
    return lines.order_by("-from_edition_id").first()


def _front(model: type[Line]) -> str:
    return model.__name__.removesuffix("Line").lower() + "/"


def proof_of(line: Line) -> dict[str, Any]:
    edition = Edition.objects.get(number=line.from_edition_id)
    tree, index = _place_of(line, edition)
    return {
        "format": FORMAT,
        "key": line.key,
        "schema": SCHEMA,
        **_said(line),
        "digest": line.digest,
        "index": index,
        "size": tree.size,
        "path": tree.path(index),
        "edition": entry_of(edition, head_before(edition.number)),
        **_signed(edition.number),
    }


def _signed(edition: int) -> dict[str, str]:
    """The path of the edition to a signed checkpoint (c2sp.org/tlog-proof), and the key that signs now; nothing while the
    log cannot be signed."""
    try:
        tree, newest = tree_of_now()
        note = best_note(edition, checkpoint_over(tree, newest))
        size = Checkpoint.read(Note.read(note.encode()).text).size
        if size > newest:
            return {}
        path = "".join(base64(node) + "\n" for node in tree.inclusion(edition - 1, size))
        return {
            "log": f"c2sp.org/tlog-proof@v1\nindex {edition - 1}\n{path}\n{note}",
            "signer": str(keys.current()),
        }
    except CannotSign:
        return {}


def _place_of(line: Line, edition: Edition) -> tuple[Tree, int]:
    key = edition.number, edition.token, edition.root
    tree = trees.get(key)
    index = tree.index_of(line.digest) if tree else None
    if (
        tree is None or index is None
    ):  # a digest that was altered behind our back stands only in the tree of now
        tree = Tree.of(edition.number)
        index = tree.index_of(line.digest) or 0
        trees.put(key, tree, tree.weight)
    return tree, index


def _said(line: PublicRow) -> dict[str, Any]:
    """By field: value, salt, and the first digits of the hash, which name the field that was altered. Of a redacted one
    only the hash; one that came later than the seal is not proved."""
    values, (salts, hashes) = line.sealed_values(), line.proof()
    marks = _marks(line, list(hashes))
    open_fields = {name: [values[name], salts[name], marks[name]] for name in hashes if name in salts}
    return {
        "fields": open_fields,
        "redacted": {name: found for name, found in hashes.items() if name not in salts},
    }


def _marks(line: PublicRow, fields: Sequence[str]) -> dict[str, str]:
    """As they were sealed: those of a hash computed now would fit whatever stands there now."""
    if isinstance(line.hashes, str):
        return {name: mark_at(line.hashes, place) for place, name in enumerate(fields)}
    return {name: line.hashes[name][:MARK_DIGITS] for name in fields}
