"""Guards a text file and finds out how it is written: in which encoding, and whether as a table of another program."""

import codecs
import re
from collections import Counter
from itertools import islice
from pathlib import Path

from .refusals import Refused

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NAMES = {"utf-8": "UTF-8", "gb18030": "GB18030（GBK）"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ORDINARY = re.compile(r"[\t\r\n -~\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
_AHEAD = re.compile(r"(?:\s|<!--.*?-->|<\?xml[^>]*\?>|<\?mso[^>]*\?>)*", re.S)
_WEB = re.compile(
    r"<(?:!doctype\s+html|html|head|body|table|div|style|meta|title|p|center|span|form|tr)\b", re.I
)
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_PADDING = "\0\x1a"  # what old programs, and copies that were broken off, leave behind the text
_SAMPLE = 4_000  # characters by which an encoding is judged
_COMMON_GB, _COMMON_BIG5 = (0xB0, 0xD7), (0xA4, 0xC6)  # first bytes of the characters in daily use
_DAMAGED = 3  # bytes of a line that may be lost before it counts as written otherwise


def decoded(path: Path) -> tuple[str, str]:
    """The text of a file and its encoding. A byte that fits nowhere becomes U+FFFD: the cell that has it is at fault,
    and so is one with a control character.

    Raises Refused for what is no text.
    """
    content = path.read_bytes()
    encoding = _encoding(content)
    text = content.decode(encoding, "replace").rstrip(_PADDING)
    if len(_CONTROL.findall(text)) > max(20, len(text) // 200):
        raise Refused("not-a-workbook", what="二进制数据")
    if not text.strip():
        raise Refused("file-empty")
    if text[:2048].lstrip().startswith("{\\rtf"):
        raise Refused("not-a-workbook", what=" RTF 文档")
    return text, encoding


def markup_of(text: str) -> str:
    """`html` for a web page, `xml` for XML Spreadsheet 2003, '' for a table of lines. Raises Refused for other markup."""
    start = _AHEAD.match(text.lstrip("\ufeff")[:65_536])
    rest = text.lstrip("\ufeff")[start.end() if start else 0 :][:65_536]
    if _WEB.match(rest):
        return "html"
    if not rest.startswith("<") and not text.lstrip("\ufeff \r\n").startswith("<?xml"):
        return ""
    if _SPREADSHEET in rest:
        return "xml"
    if text.lstrip("\ufeff \r\n").startswith("<?xml"):
        raise Refused("web-table", what=" XML 数据")
    return ""


def _encoding(content: bytes) -> str:
    if marked := next((name for mark, name in _MARKS if content.startswith(mark)), None):
        return marked
    if b"\0" in content[:4096] and (found := _without_mark(content)):
        return found
    if _decodes(content, "utf-8"):
        return "utf-8"
    if _is_big5(content):
        return "big5hkscs"
    return _of_lines(content)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _without_mark(content: bytes) -> str:
    """UTF-16 by its zeros: most stand at one side (一 is U+4E00), and what comes out is writing; '' where it is not."""
    even, odd = content[:4096:2].count(0), content[1:4096:2].count(0)
    encoding, most, least = ("utf-16-le", odd, even) if odd > even else ("utf-16-be", even, odd)
    text = content[:4096].decode(encoding, "replace")
    if (
        most > 1 + 4 * least
        and len(_ORDINARY.findall(text)) > 0.9 * len(text)
        and _decodes(content, encoding)
    ):
        return encoding
    return ""


def _is_big5(content: bytes) -> bool:
    """Both encodings decode the other's bytes, into characters that hardly anybody writes."""
    if not _decodes(content, "big5hkscs"):
        return False
    big5 = _share_in_use(content.decode("big5hkscs"), "big5hkscs", _COMMON_BIG5)
    gb = _share_in_use(content.decode("gb18030", "replace"), "gb2312", _COMMON_GB)
    return big5 > 0.8 and gb < 0.6


def _share_in_use(text: str, encoding: str, common: tuple[int, int]) -> float:
    written = list(islice((char for char in text if ord(char) > 0x2E7F), _SAMPLE))
    codes = (char.encode(encoding, "ignore") for char in written)
    return sum(1 for code in codes if code and common[0] <= code[0] <= common[1]) / max(1, len(written))


def _of_lines(content: bytes) -> str:
    """The encoding of most lines. Raises Refused where a line is written in another one."""
    told = [_of_line(line) for line in content.split(b"\n")]
    counts = Counter(name for name in told if name)
    main = max(_NAMES, key=lambda name: counts[name])
    if not counts[main]:
        raise Refused("unknown-encoding", line=next(at for at, name in enumerate(told, 1) if name is None))
    for at, name in enumerate(told, 1):
        if name and name != main:
            raise Refused("mixed-encodings", line=at, one=_NAMES[name], rest=_NAMES[main])
        if name is None and not _is_nearly(content.split(b"\n")[at - 1], main):
            raise Refused("unknown-encoding", line=at)
    return main


def _of_line(line: bytes) -> str | None:
    """'' for a line that all encodings write alike, None for one that none does."""
    if line.isascii():
        return ""
    if _decodes(line, "utf-8"):
        return "utf-8" if len(_HAN.findall(line.decode())) > 1 or not _decodes(line, "gb18030") else "gb18030"
    if _is_nearly(line, "utf-8"):
        return None
    return "gb18030" if _decodes(line, "gb18030") else None


def _is_nearly(line: bytes, encoding: str) -> bool:
    """A line of that encoding in which a character was cut."""
    text = codecs.decode(line, encoding, "replace")
    return 0 < text.count("\ufffd") <= _DAMAGED and len(_HAN.findall(text)) > 2 * text.count("\ufffd")
