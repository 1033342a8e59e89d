"""Product numbers (清单编号): seven digits, a hyphen and a check digit, such as 0000127-5.

The check digit is Damm's (H. M. Damm, 2004): a quasigroup of order 10 that is totally anti-symmetric, so every single wrong digit
and every exchange of two neighbours is found. (ISO 7064 MOD 11,10 misses one exchange in ten of ours.)
"""

import re
import unicodedata

HIGHEST = 9_999_999

_TABLE = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_WRITTEN = re.compile(r"([0-9]{7})-?([0-9])")
_IGNORED = re.compile(r"\s")
_DASHES = re.compile(r"[‐‑‒–—―−]")


def format_number(serial: int) -> str:
    """127 → "0000127-5"; ValueError below 1 and above seven digits."""
    if not 1 <= serial <= HIGHEST:
        raise ValueError(f"产品编号应在1至{HIGHEST}之间，不能是{serial}。")
    digits = f"{serial:07d}"
    return f"{digits}-{_check_digit(digits)}"


def parse_number(text: str) -> int | None:
    """The serial in what a person wrote: spaces, full width, any dash or none. None when it is no product number."""
    digits = _digits_of(text)
    if not digits or _check_digit(digits[:7]) != digits[7]:
        return None
    return int(digits[:7]) or None


def mended_numbers(text: str) -> list[str]:
    """What may have been meant where a product number is written with a wrong check digit: every number that one wrong digit
    or one exchange of neighbours turns into it, the one with the same seven digits first. [] where nothing is wrong.
    """
    digits = _digits_of(text)
    if not digits or _check_digit(digits[:7]) == digits[7]:
        return []
    wrong = {digits[:at] + other + digits[at + 1 :] for at in range(8) for other in "0123456789"}
    exchanged = {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(7)}
    same = digits[:7] + _check_digit(digits[:7])
    meant = sorted(wrong | exchanged, key=lambda one: (one != same, one))
    return [format_number(serial) for one in meant if (serial := parse_number(one))]


def _digits_of(text: str) -> str:
    """The eight digits of what has the shape of a product number, else nothing."""
    written = _DASHES.sub("-", _IGNORED.sub("", unicodedata.normalize("NFKC", text)))
    match = _WRITTEN.fullmatch(written)
    return match[1] + match[2] if match else ""


def _check_digit(digits: str) -> str:
    interim = 0
    for digit in digits:
        interim = int(_TABLE[interim][int(digit)])
    return str(interim)
