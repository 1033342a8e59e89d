"""Which addresses this site sends its readers to: https, a host that the platform was allowed, and nothing clever."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

LONGEST = 400
HOST = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
# Printable ASCII without what a browser reads as something else than we do: a backslash is a slash to it.
PLAIN = re.compile(r"[!-~]+")
UNSAFE = re.compile(r"[\\<>\"^`{|}]")


class BadAddress(ValueError):
    """The sentence says what to do."""


def host_of(url: str) -> str:
    """The host of an address that was checked before; empty for one that cannot be read."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def checked(url: str, hosts: Collection[str]) -> str:
    """`url` if a reader may be sent there. The host must be one of `hosts` exactly. Raises BadAddress."""
    if len(url) > LONGEST:
        raise BadAddress(f"网址最多 {LONGEST} 个字符，现在有 {len(url)} 个。请去掉问号后面的跟踪参数。")
    if not PLAIN.fullmatch(url) or UNSAFE.search(url):
        raise BadAddress("网址里有空格、汉字或不能用的符号。请从浏览器的地址栏原样复制。")
    if not url.startswith("https://"):
        raise BadAddress("网址须以 https:// 开头。")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress("网址写得不对。请从浏览器的地址栏原样复制。") from error
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise BadAddress("网址里不能有用户名（@ 前面的部分）。")
    if port is not None or parts.netloc.endswith(":"):
        raise BadAddress("网址里不能写端口。")
    if parts.netloc not in hosts:
        raise BadAddress(f"主机「{parts.netloc}」不在平台允许的主机里：{'、'.join(hosts)}。")
    return url


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    try:
        return bool(checked(url, hosts))
    except BadAddress:
        return False


def checked_host(host: str) -> str:
    """A host name in lower case as a platform may list it. Raises BadAddress."""
    host = host.strip().lower()
    if not HOST.fullmatch(host):
        raise BadAddress(f"「{host}」不是主机名。写成 item.jd.com 这样，不带 https:// 和斜线。")
    return host
