"""Ed25519 (RFC 8032), signed notes, checkpoints and keys (C2SP), as far as they are read here."""

import base64
import hashlib
import time

from .rules import Unreadable

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT = pow(2, (PRIME - 1) // 4, PRIME)  # of -1
KINDS = {1: 64, 4: 72}  # how long a signature is: plain, and a witness's with its time


# -- Ed25519: points are (x, y, z, x * y / z) ------------------------------------------------------------------------------


def added(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * D % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(number, point):
    sum_ = (0, 1, 1, 0)
    while number:
        if number & 1:
            sum_ = added(sum_, point)
        point, number = added(point, point), number >> 1
    return sum_


def same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % PRIME == 0 and (p[1] * q[2] - q[1] * p[2]) % PRIME == 0


def point_of(data):
    """None where these 32 bytes are no point."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    x = PRIME - x if x & 1 != sign else x
    return x, y, 1, x * y % PRIME


BASE = point_of((4 * pow(5, PRIME - 2, PRIME) % PRIME).to_bytes(32, "little"))


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    key, nonce = point_of(public), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or len(signature) != 64 or scalar >= ORDER:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    return same(times(scalar, BASE), added(nonce, times(digest, key)))


# -- keys: (name, ID in hex, kind, public) ---------------------------------------------------------------------------------


def unbase64(text: str) -> bytes:
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, UnicodeEncodeError) as error:
        raise Unreadable("base64 写得不对") from error
    if base64.b64encode(data).decode() != text:
        raise Unreadable("base64 写得不对")
    return data


def key_of(text: str) -> tuple:
    name, _, rest = text.partition("+")
    said, _, encoded = rest.partition("+")
    data = unbase64(encoded)
    ident = hashlib.sha256(name.encode() + b"\n" + data).hexdigest()[:8]
    if not name or len(data) != 33 or data[0] not in KINDS or ident != said:
        raise Unreadable(f"不是公钥：{text}")
    return name, ident, data[0], data[1:]


def fingerprint(key: tuple) -> str:
    return hashlib.sha256(key[3]).hexdigest()


# -- notes -----------------------------------------------------------------------------------------------------------------


def note_of(text: str) -> dict:
    """A checkpoint with its signatures."""
    said, gap, signed = text.rpartition("\n\n")
    lines = said.split("\n")
    if not gap or not signed.endswith("\n") or len(lines) != 3 or not lines[1].isdecimal():
        raise Unreadable("不是检查点")
    signatures = [signature_of(line) for line in signed[:-1].split("\n")]
    return {
        "text": said + "\n",
        "origin": lines[0],
        "size": int(lines[1]),
        "root": unbase64(lines[2]).hex(),
        "signatures": signatures,
    }


def signature_of(line: str) -> tuple:
    dash, name, encoded = (*line.split(" "), "", "")[:3]
    data = unbase64(encoded)
    if dash != "\u2014" or not name or len(data) < 5:
        raise Unreadable("检查点的签名写得不对")
    return name, data[:4].hex(), data[4:]


def signed_by(note: dict, key: tuple) -> list:
    """Each signature that names this key: whether it is good, and when it was given, where it says so."""
    name, ident, kind, public = key
    found = [data for one, other, data in note["signatures"] if (one, other) == (name, ident)]
    return [one_signature(note["text"], kind, public, data) for data in found]


def one_signature(text: str, kind: int, public: bytes, data: bytes) -> tuple:
    if len(data) != KINDS[kind]:
        return False, 0
    at = int.from_bytes(data[:8], "big") if kind == 4 else 0
    message = f"cosignature/v1\ntime {at}\n{text}" if kind == 4 else text
    return is_signed(public, message.encode(), data[-64:]), at


def moment(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def log_proof_of(text: str) -> dict:
    """c2sp.org/tlog-proof: place, path, checkpoint."""
    first, _, note = text.partition("\n\n")
    lines = first.split("\n")
    index = lines[1].partition("index ")[2] if len(lines) > 1 else ""
    if lines[0] != "c2sp.org/tlog-proof@v1" or not index.isdecimal():
        raise Unreadable("证明里到检查点的路径写得不对")
    return {"index": int(index), "path": [unbase64(line).hex() for line in lines[2:]], "note": note_of(note)}
