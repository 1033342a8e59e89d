"""The proof of a row whose secret went with a redaction, in a third of the room that salts and hashes by name take.

`salts` is a mark and the salts of all sealed columns in their order, dashes in place of those that went. `hashes` begins with
the marks, as that of a sealed row does; behind them stand the hashes of what went, whole, in the order of `redacted`.
"""

from collections.abc import Mapping, Sequence

from .digest import MARK_DIGITS, SALT_BYTES, Seal, field_hash, row_digest

START = ":"  # of a secret it is no digit
SALT_DIGITS, HASH_DIGITS = 2 * SALT_BYTES, 64
GONE, NO_HASH = "-" * SALT_DIGITS, "0" * HASH_DIGITS


def is_opened(salts: object) -> bool:
    return isinstance(salts, str) and salts.startswith(START)


def pack(salts: Mapping[str, str], hashes: Mapping[str, str], gone: Sequence[str]) -> tuple[str, str]:
    """`hashes` has the fields in the order of the sealed columns."""
    marks = "".join(found[:MARK_DIGITS] for found in hashes.values())
    stream = "".join(salts.get(field, GONE) for field in hashes)
    return START + stream, marks + "".join(hashes[field] for field in gone if field in hashes)


def salts_of(fields: Sequence[str], salts: str) -> dict[str, str]:
    """Of the fields that stay."""
    pieces = _cut(salts[len(START) :], SALT_DIGITS)
    return {field: salt for field, salt in zip(fields, pieces, strict=False) if salt != GONE}


def seal(
    key: str, values: Mapping[str, object], salts: str, hashes: str, redacted: Sequence[str]
) -> tuple[Seal, dict[str, str]]:
    """As it was made, if nothing was altered, and the salts that are left. Raises ValueError for salts that are none."""
    fields = list(values)[: (len(salts) - len(START)) // SALT_DIGITS]
    left = salts_of(fields, salts)
    gone = [field for field in redacted if field in fields]
    kept = dict(zip(gone, _cut(hashes[len(fields) * MARK_DIGITS :], HASH_DIGITS), strict=False))
    found = {
        field: field_hash(field, values[field], left[field]) if field in left else kept.get(field, NO_HASH)
        for field in fields
    }
    return Seal("", found, row_digest(key, found)), left


def _cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]
