"""The parameters of a public address: one order, nothing ignored in silence.

Empty values (an HTML form sends them; `tidied` gives the address without) and the parameters that networks append are
left out; any other unknown parameter or value raises `BadParameter`, whose page names it and offers the address without it.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self
from unicodedata import category
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest

# What is appended when an address is shared, opened inside an app or clicked in an advertisement; in lower case.
SHARING = frozenset(
    """
    from isappinstalled nsukey scene subscene srcid chksm mpshare exportkey pass_ticket wxfid ascene clicktime enterid
    sessionid devicetype nettype tdsourcetag adtag qz_gdt gdt_vid ptag
    bd_vid bd_source bdmsid bdmstid hmsr hmpl hmcu hmkw hmci wfr qhclickid sdclkid sogouid
    spm scm unique_k vd_source from_source from_spmid weibo_id sudaref display
    tt_from tt_medium ttclid iid clickid
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid igshid igsh li_fat_id mc_cid mc_eid epik rdt_cid
    srsltid _ga _gl ref_src ref_url
    """.split()  # noqa: SIM905 - a list this long reads better as words
)
SHARING_PREFIXES = ("utm_", "share_", "sharer_", "mtm_", "pk_", "hsa_", "_hs", "gad_", "wx_")

# The order of an address and the words for its parameters.
LABELS = {
    "q": "搜索词",
    "literal": "按原文查找",
    "number": "编号",
    "kind": "栏目",
    "enterprise": "企业",
    "category": "产品类别",
    "part": "房屋部位",
    "star": "星级",
    "province": "企业所在地",
    "region": "地区",
    "batch": "批次",
    "publisher": "发布方",
    "validity": "有效状态",
    "basis": "列入依据",
    "from": "左边",
    "until": "右边",
    "ends": "证书到期月",
    "reason": "原因",
    "count": "数什么",
    "rows": "各行",
    "columns": "各列",
    "register": "名册",
    "action": "动作",
    "versus": "比较的版本",
    "older": "旧文本",
    "newer": "新文本",
    "when": "时间",
    "campaign": "活动年度",
    "state": "状态",
    "indicator": "指标",
    "period": "期间",
    "year": "年份",
    "month": "月份",
    "place": "购买地区",
    "at": "地方",
    "long": "长",
    "wide": "宽",
    "floors": "层数",
    "windows": "窗",
    "doors": "门",
    "item": "清单里的产品",
    "sort": "排序",
    "page": "页码",
    "as_of": "截至日期",
    "edition": "版号",
    "size": "字号",
    "contrast": "对比度",
    "keys": "快捷键",
    "platform": "平台",
    "about": "所指页面",
    "topic": "事项",
    "since": "起算的版号",
    "since_day": "起算的日期",
    "limit": "每次行数",
    "after": "翻页位置",
    "next": "返回地址",
}
ORDER = {name: place for place, name in enumerate(LABELS)}
LONGEST_VALUE = 200


def has_control(value: str) -> bool:
    """A control character or half a surrogate pair: no database would take it, no reader typed it."""
    return any(category(char) in ("Cc", "Cs") for char in value)


def is_sharing(name: str, value: str = "") -> bool:
    """`from` of a network is a word (`timeline`); ours is a batch, an edition or a day, and none is without a digit."""
    folded = name.lower()
    if name == "from" and any(char.isdigit() for char in value):
        return False
    return folded in SHARING or folded.startswith(SHARING_PREFIXES)


def typed_pairs(query_string: str) -> list[tuple[str, str]]:
    """Names and values as somebody typed or pasted them. Old browsers and address bars send Chinese in GBK: what is no
    UTF-8 and is sound GB 18030 is read as that, pair by pair, since a page's own links are UTF-8 beside it.
    """
    pairs = parse_qsl(query_string, keep_blank_values=True, encoding="latin-1")
    return [(_decoded(name), _decoded(value)) for name, value in pairs]


def _decoded(octets: str) -> str:
    raw = octets.encode("latin-1", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def careless(query_string: str) -> list[tuple[str, str]]:
    """Parameters without a value, or with one that stands twice: a page leaves them out, a program is told."""
    if not query_string:
        return []
    pairs = Counter((name, " ".join(value.split())) for name, value in typed_pairs(query_string))
    return [pair for pair, times in pairs.items() if not pair[1] or times > 1]


def tidied(request: HttpRequest) -> str | None:
    """The address without its empty parameters, where it has any: forms send every field that was left alone."""
    if all(value.strip() for _name, value in typed_pairs(request.META.get("QUERY_STRING", ""))):
        return None
    return Query.of(request).link(request.path)


class Query:
    """Names and values of an address: immutable, without doubles, always in the same order."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()):
        distinct = {(name, value) for name, value in pairs if value}
        last = len(ORDER)
        self.pairs = tuple(sorted(distinct, key=lambda pair: (ORDER.get(pair[0], last), *pair)))

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """What the visitor asked; runs of spaces of any width become one, sharing parameters are dropped."""
        return cls.typed(request.META.get("QUERY_STRING", ""))

    @classmethod
    def typed(cls, query_string: str) -> Self:
        """The same of the text behind the question mark."""
        pairs = typed_pairs(query_string) if query_string else []
        return cls((name, " ".join(value.split())) for name, value in pairs if not is_sharing(name, value))

    def names(self) -> list[str]:
        return list(dict.fromkeys(name for name, _ in self.pairs))

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.pairs if key == name)

    def first(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.pairs if key == name), default)

    def put(self, **changes: object) -> Self:
        """Replace the values of a parameter: a string, a number, several of them, or None for none."""
        kept = [pair for pair in self.pairs if pair[0] not in changes]
        for name, value in changes.items():
            several = value if isinstance(value, (tuple, list)) else [value]
            kept += [(name, str(one)) for one in several if one is not None]
        return type(self)(kept)

    def drop(self, *names: str) -> Self:
        return type(self)(pair for pair in self.pairs if pair[0] not in names)

    def keep(self, *names: str) -> Self:
        return type(self)(pair for pair in self.pairs if pair[0] in names)

    @property
    def moment(self) -> Self:
        """What the links of a page carry along."""
        return self.keep("as_of", "edition")

    def minus(self, name: str, value: str) -> Self:
        return type(self)(pair for pair in self.pairs if pair != (name, value))

    def encode(self) -> str:
        return urlencode(self.pairs)

    def link(self, path: str = "") -> str:
        """`path?name=value…`; without parameters the path alone, or `?`, which a browser reads as "no query"."""
        encoded = self.encode()
        return f"{path}?{encoded}" if encoded else path or "?"

    def refuse_unknown(self, *, single: Collection[str], several: Collection[str] = ()) -> None:
        """Raise one `BadParameter` that tells everything wrong with the names and the shape of the values."""
        problems = []
        for name in self.names():
            values = self.all(name)
            if name not in single and name not in several:
                if is_sharing(name):
                    continue
                problems.append(Problem(name, values[0], f"本页没有「{name}」这个参数。"))
            elif name in single and len(values) > 1:
                problems.append(Problem(name, "、".join(values), f"「{label_of(name)}」只能给一个值。"))
            elif any(len(value) > LONGEST_VALUE or has_control(value) for value in values):
                sentence = f"「{label_of(name)}」含有不能识别的字符，或超过 {LONGEST_VALUE} 个字符。"
                problems.append(Problem(name, "", sentence))
        if problems:
            raise BadParameter(self, problems)

    def __str__(self) -> str:
        return self.encode()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Query) and self.pairs == other.pairs

    def __hash__(self) -> int:
        return hash(self.pairs)


def label_of(name: str) -> str:
    return LABELS.get(name, name)


@dataclass(frozen=True)
class Problem:
    name: str
    value: str
    sentence: str


class BadParameter(BadRequest):
    """Something in the address is not understood. `mended` is the same address without it, or with a better value."""

    def __init__(self, query: Query, problems: list[Problem], mended: Query | None = None):
        self.query = query
        self.problems = problems
        self.mended = mended if mended is not None else query.drop(*(problem.name for problem in problems))
        super().__init__("; ".join(problem.sentence for problem in problems))

    @classmethod
    def one(
        cls, query: Query, name: str, value: str, sentence: str = "", mended: Query | None = None
    ) -> "BadParameter":
        sentence = sentence or f"「{label_of(name)}」没有「{value}」这个值。"
        return cls(
            query,
            [Problem(name, value, sentence)],
            mended if mended is not None else query.minus(name, value),
        )
