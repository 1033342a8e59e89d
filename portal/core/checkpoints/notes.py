"""Signed notes (c2sp.org/signed-note), checkpoints and cosignatures: how they are written, read and verified."""

import binascii
import datetime
import hashlib
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PLAIN, COSIGNING = 1, 4  # the signature types of Ed25519
KEY_ID = 4  # bytes
SIGNATURE = 64
TIME = 8
LONGEST = 20_000  # bytes of a note
DASH = "\u2014"
NAME = re.compile(r"[^\s+]{1,200}")
WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")


class BadNote(ValueError):
    """Not written as the specification says."""


@dataclass(frozen=True)
class VerifierKey:
    name: str
    kind: int
    public: bytes

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """Of `name+id+key`; raises BadNote."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        material = unbase64(encoded)
        key = cls(name, material[0] if material else 0, material[1:])
        if (
            not NAME.fullmatch(name)
            or key.kind not in (PLAIN, COSIGNING)
            or len(key.public) != 32
            or key.key_id.hex() != key_id
        ):
            raise BadNote(text[:200])
        return key

    @property
    def key_id(self) -> bytes:
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(named).digest()[:KEY_ID]

    @property
    def fingerprint(self) -> str:
        """Of the key alone, whatever it is called."""
        return hashlib.sha256(self.public).hexdigest()

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64(bytes([self.kind]) + self.public)}"

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def line(self, signature: bytes) -> str:
        return f"{DASH} {self.name} {base64(self.key_id + signature)}\n"


@dataclass(frozen=True)
class Note:
    """`text` with its last newline; `signatures` are (name, ID and signature)."""

    text: str
    signatures: tuple[tuple[str, bytes], ...]

    @classmethod
    def read(cls, content: bytes) -> "Note":
        if len(content) > LONGEST or re.search(rb"[\x00-\x09\x0b-\x1f]", content):
            raise BadNote
        try:
            text, gap, signed = content.decode().rpartition("\n\n")
        except UnicodeDecodeError as error:
            raise BadNote from error
        if not gap or not signed.endswith("\n"):
            raise BadNote
        return cls(text + "\n", tuple(map(_signature, signed.removesuffix("\n").split("\n"))))

    def written(self) -> str:
        lines = (f"{DASH} {name} {base64(signed)}\n" for name, signed in self.signatures)
        return f"{self.text}\n{''.join(lines)}"

    def only(self, keys: list[VerifierKey]) -> "Note":
        """With the signatures of these keys alone."""
        known = {(key.name, key.key_id) for key in keys}
        kept = [one for one in self.signatures if (one[0], one[1][:KEY_ID]) in known]
        return Note(self.text, tuple(kept))

    def signed_by(self, key: VerifierKey) -> bool:
        """Raises BadNote where the key is named and has not signed this."""
        found = [signed[KEY_ID:] for name, signed in self.only([key]).signatures]
        if not all(key.has_signed(self._message(key, one), one[-SIGNATURE:]) for one in found):
            raise BadNote(f"false signature of {key.name}")
        return bool(found)

    def seen_at(self, witness: VerifierKey) -> datetime.datetime | None:
        """When the witness cosigned last. Raises BadNote for a false cosignature."""
        if not self.signed_by(witness):
            return None
        last = max(_time(signed[KEY_ID:]) for _name, signed in self.only([witness]).signatures)
        try:
            return datetime.datetime.fromtimestamp(last, datetime.UTC)
        except (OverflowError, OSError, ValueError) as error:
            raise BadNote("time") from error

    def _message(self, key: VerifierKey, signed: bytes) -> bytes:
        return cosigned(self.text, _time(signed)) if key.kind == COSIGNING else self.text.encode()


def cosigned(text: str, time: int) -> bytes:
    """What a witness signs."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _time(signed: bytes) -> int:
    if len(signed) != TIME + SIGNATURE:
        raise BadNote("no timestamped signature")
    return int.from_bytes(signed[:TIME], "big")


def _signature(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    signed = unbase64(encoded)
    if dash != DASH or not NAME.fullmatch(name) or len(signed) <= KEY_ID:
        raise BadNote(line[:200])
    return name, signed


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Of the text of a note, without further lines; raises BadNote."""
        parts = text.split("\n")
        if len(parts) != 4 or parts[3] or not parts[0] or not WHOLE.fullmatch(parts[1]):
            raise BadNote(text[:200])
        root = unbase64(parts[2])
        if len(root) != 32:
            raise BadNote(text[:200])
        return cls(parts[0], int(parts[1]), root)

    @cached_property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64(self.root)}\n"


def base64(content: bytes) -> str:
    return b64encode(content).decode()


def unbase64(text: str) -> bytes:
    """Raises BadNote; what could be written otherwise is refused, too."""
    try:
        content = b64decode(text.encode("ascii", "strict"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise BadNote("base64") from error
    if base64(content) != text:
        raise BadNote("base64")
    return content
