"""Workbooks that are encrypted and that Excel opens by itself: it knows the password that a protection without one uses."""

from pathlib import Path

from .refusals import Refused

_EXCELS_OWN = "VelvetSweatshop"  # [MS-OFFCRYPTO] 2.4.2.3
_SIGNS = tuple(name.encode("utf-16-le") for name in ("EncryptedPackage", "EncryptionInfo"))
_FILEPASS = b"\x2f\x00"


def opened_by_excel(path: Path, folder: Path) -> Path | None:
    """The workbook without its encryption; None where it has none. Raises Refused where somebody has to type a password."""
    content = path.read_bytes()
    if not any(sign in content for sign in _SIGNS) and _FILEPASS not in content:
        return None
    import msoffcrypto  # seldom needed, and slow to load

    target = folder / "opened"
    try:
        with path.open("rb") as stream:
            book = msoffcrypto.OfficeFile(stream)
            if not book.is_encrypted():
                return None
            book.load_key(password=_EXCELS_OWN)
            with target.open("wb") as opened:
                book.decrypt(opened)
    except Exception as error:  # the library names its refusals in many ways
        if path == target or any(sign in content for sign in _SIGNS):
            raise Refused("encrypted") from error
        return None  # the guard of the records says what it is
    return target
