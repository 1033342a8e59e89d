"""The words that the site knows, each with what it means."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from portal.core.text.pinyin import readings
from portal.core.text.runs import segments

from .standards import standards_in


@dataclass(frozen=True)
class Meaning:
    """One value of a facet: `term` is its term in the index."""

    facet: str
    value: str
    label: str

    @property
    def term(self) -> str:
        return f"{self.facet}:{self.value}"


STARS = {
    "1": ("一星级", ("一星", "一星级", "1星", "1星级")),
    "2": ("二星级", ("二星", "二星级", "两星", "两星级", "2星", "2星级")),
    "3": ("三星级", ("三星", "三星级", "3星", "3星级")),
    "green": ("绿色产品", ("绿色产品", "绿色产品认证", "绿标")),
}
GREEN_MATERIAL = ("绿色建材", "绿色建材产品", "绿色建材认证", "有星级")
STATUSES = {
    "current": ("现行", "现行有效", "有效的"),
    "ending": ("即将到期", "快到期", "临期"),
    "expired": ("过期", "已过期", "已到期", "失效"),
    "suspended": ("暂停", "已暂停"),
    "revoked": ("撤销", "已撤销"),
    "cancelled": ("注销", "已注销"),
    "removed": ("移出", "已移出", "除名"),
    "checking": ("核查中", "核查"),
}
ABBREVIATIONS = {
    "110000": "京", "120000": "津", "130000": "冀", "140000": "晋", "150000": "蒙", "210000": "辽",
    "220000": "吉", "230000": "黑", "310000": "沪", "320000": "苏", "330000": "浙", "340000": "皖",
    "350000": "闽", "360000": "赣", "370000": "鲁", "410000": "豫", "420000": "鄂", "430000": "湘",
    "440000": "粤", "450000": "桂", "460000": "琼", "500000": "渝", "510000": "川蜀", "520000": "黔贵",
    "530000": "滇云", "540000": "藏", "610000": "陕秦", "620000": "甘陇", "630000": "青", "640000": "宁",
    "650000": "新", "710000": "台", "810000": "港", "820000": "澳",
}  # fmt: skip
SPELLED = {"610000": ("shaanxi",), "540000": ("tibet",), "810000": ("hongkong",), "820000": ("macau",)}
_SUFFIX = re.compile(
    r"(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|(?:[^省市]{1,12}族)?自治州|省|市|地区|盟)$",
)
_BATCH = re.compile(r"(?:(?P<year>\d{4})年)?.*?(?P<ordinal>第[一二三四五六七八九十\d]+批)")


def squeeze(text: str) -> str:
    """A word as search compares it."""
    return "".join(segments(text))


@dataclass(frozen=True)
class Vocabulary:
    """`phrases` by squeezed word; `standards` by their digits: how they are printed."""

    phrases: Mapping[str, tuple[Meaning, ...]] = field(default_factory=dict)
    standards: Mapping[str, str] = field(default_factory=dict)

    def meanings(self, word: str) -> tuple[Meaning, ...]:
        return self.phrases.get(squeeze(word), ())


@dataclass(frozen=True)
class Kind:
    code: str
    name: str
    words: tuple[str, ...] = ()
    standard: str = ""


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    is_province: bool


def vocabulary_of(
    kinds: Iterable[Kind], places: Iterable[Place], batches: Iterable[tuple[str, str]]
) -> Vocabulary:
    """`batches`: code and title."""
    kinds = list(kinds)
    phrases: defaultdict[str, dict[Meaning, None]] = defaultdict(dict)
    for word, meaning in (*_star_words(), *_kind_words(kinds), *_place_words(places), *_batch_words(batches)):
        phrases[squeeze(word)][meaning] = None
    phrases.pop("", None)
    standards = {
        key: kind.standard for kind in kinds for key in standards_in(kind.standard) if key.isdecimal()
    }
    return Vocabulary({word: tuple(found) for word, found in phrases.items()}, standards)


def _star_words() -> Iterable[tuple[str, Meaning]]:
    for value, (label, words) in STARS.items():
        yield from ((word, Meaning("star", value, label)) for word in words)
        if value != "green":
            yield from ((word, Meaning("star", value, label)) for word in GREEN_MATERIAL)
    for status, words in STATUSES.items():
        yield from ((word, Meaning("validity", status, words[0])) for word in words)


def _kind_words(kinds: list[Kind]) -> Iterable[tuple[str, Meaning]]:
    for kind in kinds:
        meaning = Meaning("category", kind.code, kind.name)
        yield from ((word, meaning) for word in (kind.name, *kind.words))
        yield from ((key, meaning) for key in standards_in(kind.standard))


def _place_words(places: Iterable[Place]) -> Iterable[tuple[str, Meaning]]:
    for place in places:
        meaning = Meaning("province" if place.is_province else "division", place.code, place.name)
        short = _SUFFIX.sub("", place.name)
        names = {place.name, short} if len(short) > 1 else {place.name}
        spelled = {"".join(syllables[0] for syllables in readings(squeeze(name))) for name in names}
        letters = ABBREVIATIONS.get(place.code, "") if place.is_province else ""
        for word in (*names, *spelled, *letters, *SPELLED.get(place.code, ())):
            yield word, meaning


def _batch_words(batches: Iterable[tuple[str, str]]) -> Iterable[tuple[str, Meaning]]:
    for code, title in batches:
        meaning = Meaning("batch", code, title)
        yield code, meaning
        if match := _BATCH.search(title):
            yield match["ordinal"], meaning
            if match["year"]:
                yield f"{match['year']}年{match['ordinal']}", meaning
