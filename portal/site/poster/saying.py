"""The poster in words: for a chat group, and to be read aloud over a loudspeaker."""

from .poster import Poster

CHAT, ALOUD = 70, 200
DIGITS = "零一二三四五六七八九"
TELEPHONE = "幺二三幺五"  # 12315 as it is said


def spoken(number: int) -> str:
    """Up to ninety-nine, as it is counted aloud: 两样, 十二样, 二十四样."""
    if number == 2:
        return "两"
    tens, ones = divmod(number, 10)
    front = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return f"{front}{DIGITS[ones] if ones or not tens else ''}"


def for_chat(poster: Poster) -> str:
    """At most `CHAT` characters; what is left out first is what the poster says anyway."""
    sold = "有售、" if poster.place else ""
    parts = [
        f"绿色建材下乡：{poster.here}{sold}在清单上的{poster.shown}项，见海报。",
        "买前扫码看今天是否有效。",
        "投诉12315。",
        poster.host,
    ]
    while len("".join(parts)) > CHAT:
        parts.pop()
    return "".join(parts)


def aloud(poster: Poster) -> str:
    """At most `ALOUD` characters, no sign that cannot be said: numbers are words."""
    sold = f"厂家登记在{poster.here}有卖的" if poster.place else "在名单上的"
    front = f"乡亲们注意了！绿色建材下乡的名单贴出来了，{sold}，海报上有{spoken(poster.shown)}样。"
    paid = (
        f"里头有{spoken(poster.subsidised)}样有补贴，怎么领看海报，以窗口说的为准。"
        if poster.subsidised
        else ""
    )
    end = f"买之前，先看证书，再用手机扫一扫海报，看今天还算不算数。买到假的，打{TELEPHONE}。"
    kinds = poster.kind_names
    while kinds and len(front + _listed(kinds) + paid + end) > ALOUD:
        kinds = kinds[:-1]
    return front + _listed(kinds) + paid + end


def _listed(kinds: list[str]) -> str:
    return f"有{'、'.join(kinds)}。" if kinds else ""
