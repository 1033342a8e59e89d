"""统一社会信用代码 (GB 32100-2015): 18 characters, the last of them a check character.

The first characters N, A and Y are valid (N = village collectives), which ready-made checkers refuse; hence this module.
County codes inside the number may long be withdrawn: only the two digits of the province say anything.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_VALUE = {char: value for value, char in enumerate(ALPHABET)}

_WRITTEN_PROVINCES = "11-15 21-23 31-37 41-46 50-54 61-65 71-71 81-82"
_PROVINCES = frozenset(
    str(number)
    for first, last in (part.split("-") for part in _WRITTEN_PROVINCES.split())
    for number in range(int(first), int(last) + 1)
)
_CENTRAL = "10"  # registered with a central office, no province
_STRIPPED = re.compile(r"[\s\-‐‑‒–—―−\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
# Codes of early registrations in 厦门 and 福州 (organisation part M000…) and a run of 成都 ending in Y are
# printed on licences with a check character that the standard does not give.
_REGISTERED_NONCONFORMING = re.compile(r"9135(01|02)..M000.{6}|915101.{11}Y")
_LOOKALIKES = str.maketrans(
    {"O": "0", "I": "1", "S": "5", "Z": "2", "V": "U"}
    | dict(zip("АВЕКМНРСТУХАΒΕΗΚΜΝΡΤΥΧ", "ABEKMHPCTYXABEHKMNPTYX", strict=True))
)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class Level(StrEnum):
    VALID = "valid"
    WARN = "warn"
    INVALID = "invalid"


@dataclass(frozen=True)
class Verdict:
    """What is to be said of a code. `code` is its normal form, `rule` a stable name, `reason` a sentence for the reader."""

    level: Level
    code: str
    rule: str = "ok"
    reason: str = ""

    @property
    def is_valid(self) -> bool:
        return self.level is Level.VALID

    @property
    def may_be_overridden(self) -> bool:
        """Whether a person who has seen the licence may accept the code (「证照核对一致」, audited)."""
        return self.rule in {"nonconforming_check", "bad_check", "bad_province"}


def normalise(code: str) -> str:
    """NFKC, no spaces and hyphens, upper case."""
    return _STRIPPED.sub("", unicodedata.normalize("NFKC", code)).upper()


def check_character(first17: str) -> str:
    """The 18th character to 17 characters of the alphabet; KeyError for any other character."""
    total = sum(_VALUE[char] * weight for char, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def verdict(code: str) -> Verdict:
    code = normalise(code)
    if len(code) != 18:
        return Verdict(Level.INVALID, code, "bad_length", _length_reason(code))
    if strange := [char for char in code if char not in _VALUE]:
        return Verdict(Level.INVALID, code, "bad_charset", _charset_reason(strange, code))
    expected = check_character(code[:17])
    if code[17] != expected:
        return _check_verdict(code)
    if code[2:4] not in _PROVINCES and code[2:4] != _CENTRAL:
        reason = f"统一社会信用代码第3、4位“{code[2:4]}”不是省级行政区划代码，请与营业执照核对。"
        return Verdict(Level.INVALID, code, "bad_province", reason)
    return Verdict(Level.VALID, code)


def province_of(code: str) -> str | None:
    """Six-digit code of the province that registered the unit ("350000"); None for a central office or no province at all."""
    province = normalise(code)[2:4]
    return f"{province}0000" if province in _PROVINCES else None


def _length_reason(code: str) -> str:
    if not code:
        return "未填写统一社会信用代码。"
    if re.fullmatch(r"\d{15}", code):
        return "这是15位的旧工商注册号，请改填营业执照上18位的统一社会信用代码。"
    if code in {"N/A", "NA", "无", "/", "暂无"}:
        return "未填写统一社会信用代码，请按营业执照填写18位代码。"
    return f"统一社会信用代码应为18位，现为{len(code)}位，请与营业执照核对。"


def _charset_reason(strange: list[str], code: str) -> str:
    shown = "、".join(dict.fromkeys(strange))
    if meant := _meant(code):
        return f"统一社会信用代码中不应出现“{shown}”。照校验码看应是 {meant}，请与营业执照核对后改正。"
    hint = (
        "（不使用字母I、O、S、V、Z，请检查是否误写了数字1、0、5、2）" if set(strange) & set("IOSVZ") else ""
    )
    return f"统一社会信用代码中不应出现“{shown}”{hint}，请与营业执照核对。"


def _meant(code: str) -> str:
    """The code with the characters that look like those which were typed, where its check character bears that out."""
    mended = code.translate(_LOOKALIKES)
    return mended if mended != code and verdict(mended).is_valid else ""


def _check_verdict(code: str) -> Verdict:
    if _REGISTERED_NONCONFORMING.fullmatch(code) and _organisation_part_holds(code[8:17]):
        reason = "校验码不符合国家标准，但该登记机关曾核发过此类代码，请与营业执照核对一致后再采用。"
        return Verdict(Level.WARN, code, "nonconforming_check", reason)
    reason = "统一社会信用代码的校验码不对，多为录入有误，请与营业执照逐位核对。"
    return Verdict(Level.INVALID, code, "bad_check", reason)


def _organisation_part_holds(part: str) -> bool:
    """Whether characters 9 to 17 are a sound organisation code (GB 11714) by themselves."""
    total = sum(int(char, 36) * weight for char, weight in zip(part, _ORGANISATION_WEIGHTS, strict=False))
    return part[8] == "0123456789X0"[11 - total % 11]
