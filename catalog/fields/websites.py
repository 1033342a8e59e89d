"""Addresses of public websites: what a browser anywhere opens, and nothing that leads into a network or carries a password."""

import re

from catalog.fields.invalid import InvalidValue

ASSUMED = "http"  # where none is typed: a site that has both sends its visitors on, one without https opens
HIGHEST_PORT = 65535

_HALF_WIDTH = str.maketrans("：／．。？＃＆＝－＿", ":/..?#&=-_")
_LABEL = r"[a-z0-9\u3400-\u9fff](?:[a-z0-9\u3400-\u9fff-]{0,61}[a-z0-9\u3400-\u9fff])?"
_CHINESE_ENDINGS = "中国|中國|公司|企业|集团|商城|商店|网店|购物|网址|网站|网络|在线|中文网|信息|移动|手机|机构|政务|公益|世界|广东|佛山|香港|台湾|澳门"
_ADDRESS = re.compile(
    rf"(?:(https?)://)?((?:{_LABEL}\.)+([a-z]{{2,20}}|xn--[a-z0-9-]{{2,58}}|{_CHINESE_ENDINGS})"
    r"(?::([0-9]{1,5}))?(?:[/?#][^\s<>\"'\\^`{|}]*)?)",
    re.IGNORECASE,
)
_INSIDE = frozenset(
    {"localhost", "local", "localdomain", "internal", "intranet", "lan", "corp", "home", "invalid", "onion"}
)


def website(text: str) -> str:
    """The address with its scheme. Raises InvalidValue for any other scheme, numbers in place of a name, a name inside a network."""
    match = _ADDRESS.fullmatch(text.translate(_HALF_WIDTH))
    if match is None:
        raise InvalidValue("website")
    scheme, rest, ending, port = match.groups()
    if ending.lower() in _INSIDE or (port and not 0 < int(port) <= HIGHEST_PORT):
        raise InvalidValue("website")
    return f"{(scheme or ASSUMED).lower()}://{rest}"
