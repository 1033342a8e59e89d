"""Star grades as people write them, and the one value each has: '1', '2', '3', or 'green' for 绿色产品认证, which has no star."""

import re

from portal.core.text.normalise import fold

STARS = ("1", "2", "3", "green")

_NUMERALS = {
    "1": 1,
    "一": 1,
    "壹": 1,
    "i": 1,
    "one": 1,
    "2": 2,
    "二": 2,
    "贰": 2,
    "两": 2,
    "ii": 2,
    "two": 2,
    "3": 3,
    "三": 3,
    "叁": 3,
    "iii": 3,
    "three": 3,
}
_NUMERAL = "|".join(sorted(_NUMERALS, key=len, reverse=True))
_FRAME = re.compile(r"绿色建材|产品|认证|评价|标识|标志|证书|等级|[()/,;:、。.\-]")
_WORDED = re.compile(rf"({_NUMERAL})(?:星级|颗?星|级|stars?)?")
_GREEN = {"绿色产品", "绿色", "green", "greenproduct"}


def read_star(text: str) -> str:
    """三星级, 3, 3.0, 三星, 3星, ★★★, 「三星级 ★★★」 → '3'; 绿色产品 → 'green'. ValueError says what is not understood."""
    folded = re.sub(r"(?<=\d)\.0+$", "", fold(text)).replace("⭐", "★")
    if re.sub(r"[()]|认证|标识|标志", "", folded) in _GREEN:
        return "green"
    # In ★★☆ the hollow star is one that was not reached; ☆☆☆ alone is how some printers set three stars.
    drawn = folded.count("★") or folded.count("☆") or folded.count("*")
    worded = _worded(re.sub("[★☆*]", "", folded), text)
    if drawn and worded and drawn != worded:
        raise ValueError(f"星级“{text.strip()[:40]}”前后不一致，请填写一星级、二星级、三星级或绿色产品。")
    if (drawn or worded) not in (1, 2, 3):
        raise ValueError(_unknown(text))
    return str(drawn or worded)


def _worded(folded: str, text: str) -> int:
    """The number said in words, 0 when there is none."""
    rest = _FRAME.sub("", folded)
    if not rest:
        return 0
    match = _WORDED.fullmatch(rest)
    if not match:
        raise ValueError(_unknown(text))
    return _NUMERALS[match[1]]


def _unknown(text: str) -> str:
    if not text.strip():
        return "未填写星级，请填写一星级、二星级、三星级或绿色产品。"
    return f"星级“{text.strip()[:40]}”无法识别，请填写一星级、二星级、三星级或绿色产品。"
