"""The words that the site knows, each with what it means."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from portal.core.text.han import is_han
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

    @property
    def is_county(self) -> bool:
        return self.facet == "division" and not self.value.endswith("00")


LEADS = ("star", "province", "division", "validity")  # what may be glued to a word that is not known itself
_TWO_OR_MORE = ("二星以上", "二星级以上", "二星及以上", "二星级及以上", "两星以上", "2星以上", "2星级以上")
STARS = {
    "1": ("一星级", ("一星", "一星级", "1星", "1星级", "一颗星", "1star", "onestar")),
    "2": (
        "二星级",
        (
            "二星",
            "二星级",
            "两星",
            "两星级",
            "2星",
            "2星级",
            "二颗星",
            "两颗星",
            "2star",
            "twostar",
            *_TWO_OR_MORE,
        ),
    ),
    "3": (
        "三星级",
        ("三星", "三星级", "3星", "3星级", "三颗星", "最高星级", "3star", "threestar", *_TWO_OR_MORE),
    ),
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
# By name: a pattern for any nationality would eat the name of the place in front of it.
_PEOPLES = (
    "(?:柯尔克孜|达斡尔|哈萨克|土家|蒙古|朝鲜|布依|哈尼|傈僳|拉祜|纳西|景颇|东乡|仫佬|布朗|撒拉|毛南|仡佬|锡伯|塔吉克|普米"
    "|鄂温克|保安|裕固|独龙)族?|[各壮回藏苗彝满侗瑶白傣黎佤畲水土羌怒]族"
)
_SUFFIX = re.compile(rf"(?:(?:{_PEOPLES})+自治州|(?:壮族|回族|维吾尔)?自治区|特别行政区|省|市|地区|盟)$")
_COUNTY_SUFFIX = re.compile(rf"(?:(?:{_PEOPLES})+自治[县旗]|自治[县旗]|(?<=神农架)林区|特区|区|县|市|旗)$")
_SHORTEST_INITIALS = 4  # of a kind: three letters mean anything
_BATCH = re.compile(r"(?:(?P<year>\d{4})年)?.*?(?P<ordinal>第[一二三四五六七八九十\d]+批)")


def squeeze(text: str) -> str:
    """A word as search compares it."""
    return "".join(segments(text))


@dataclass(frozen=True)
class Vocabulary:
    """`phrases` by squeezed word; `standards` by their digits: how they are printed; `written` by pinyin and by initials: the
    word for a kind that is spelled so.
    """

    phrases: Mapping[str, tuple[Meaning, ...]] = field(default_factory=dict)
    standards: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)

    def meanings(self, word: str) -> tuple[Meaning, ...]:
        return self.phrases.get(squeeze(word), ())

    def leads(self, word: str) -> bool:
        return any(meaning.facet in LEADS for meaning in self.phrases.get(word, ())[:1])

    @cached_property
    def in_order(self) -> list[str]:
        return sorted(self.phrases)

    @cached_property
    def of_kinds(self) -> list[str]:
        """Chinese words for kinds, the shortest first."""
        words = (word for word, found in self.phrases.items() if found[0].facet == "category")
        return sorted((word for word in words if not word.isascii()), key=len)

    @cached_property
    def mendable(self) -> Mapping[int, list[str]]:
        """Words that may have been meant by others, by their length. Names of counties are near to everything."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        for word, meanings in self.phrases.items():
            if len(word) > 1 and not any(one.is_county for one in meanings) and not word.isdecimal():
                found[len(word)].append(word)
        return found


@dataclass(frozen=True)
class Kind:
    code: str
    name: str
    words: tuple[str, ...] = ()
    standard: str = ""


@dataclass(frozen=True)
class Place:
    """A province, a prefecture or a county; its code says which."""

    code: str
    name: str

    @property
    def is_province(self) -> bool:
        return self.code.endswith("0000")

    @property
    def is_county(self) -> bool:
        return not self.code.endswith("00")


def vocabulary_of(
    kinds: Iterable[Kind], places: Iterable[Place], batches: Iterable[tuple[str, str]]
) -> Vocabulary:
    """`batches`: code and title."""
    kinds = list(kinds)
    phrases: defaultdict[str, dict[Meaning, None]] = defaultdict(dict)
    places = list(places)
    large = [place for place in places if not place.is_county]
    for word, meaning in (*_star_words(), *_kind_words(kinds), *_place_words(large), *_batch_words(batches)):
        phrases[squeeze(word)][meaning] = None
    _add_counties(phrases, [place for place in places if place.is_county])
    phrases.pop("", None)
    standards = {
        key: kind.standard for kind in kinds for key in standards_in(kind.standard) if key.isdecimal()
    }
    written = {
        spelling: squeeze(word)
        for kind in reversed(kinds)
        for word in reversed((kind.name, *kind.words))
        for spelling in spellings(word)
    }
    return Vocabulary({word: tuple(found) for word, found in phrases.items()}, standards, written)


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
        for word in (kind.name, *kind.words):
            yield word, meaning
            yield from ((spelling, meaning) for spelling in spellings(word))
        yield from ((key, meaning) for key in standards_in(kind.standard))


def _place_words(places: Iterable[Place]) -> Iterable[tuple[str, Meaning]]:
    for place in places:
        meaning = Meaning("province" if place.is_province else "division", place.code, place.name)
        names = {place.name, _short(place.name, _SUFFIX)}
        letters = ABBREVIATIONS.get(place.code, "") if place.is_province else ""
        for word in (*names, *map(spelled, names), *letters, *SPELLED.get(place.code, ())):
            yield word, meaning


def _add_counties(phrases: defaultdict[str, dict[Meaning, None]], counties: list[Place]) -> None:
    """Their whole names, and their short ones where these say nothing else: 海南区 is not what 海南 means."""
    taken = set(phrases)
    for place in counties:
        meaning, short = Meaning("division", place.code, place.name), _short(place.name, _COUNTY_SUFFIX)
        words = {squeeze(short), spelled(short)} - taken
        for word in {squeeze(place.name), *words}:
            phrases[word][meaning] = None


def _short(name: str, suffix: re.Pattern[str]) -> str:
    short = suffix.sub("", name)
    return short if len(short) > 1 else name


@lru_cache(maxsize=16_384)  # all kinds, synonyms and divisions: spelling them takes a third of a second
def sounds(word: str) -> tuple[tuple[str, ...], ...]:
    """The syllables of a Chinese word, each with the ways to read it, the likeliest first."""
    return tuple(readings(word)) if all(map(is_han, word)) else ()


def spellings(word: str) -> set[str]:
    """Its pinyin, and its initials where they are enough to mean it."""
    syllables = sounds(squeeze(word))
    initials = "".join(read[0][0] for read in syllables if read)
    return {spelled(word), initials if len(initials) >= _SHORTEST_INITIALS else ""} - {""}


def spelled(word: str) -> str:
    """A Chinese word of two characters or more in pinyin, otherwise empty."""
    syllables = sounds(squeeze(word))
    return "".join(read[0] for read in syllables if read) if len(syllables) > 1 else ""


def _batch_words(batches: Iterable[tuple[str, str]]) -> Iterable[tuple[str, Meaning]]:
    for code, title in batches:
        meaning = Meaning("batch", code, title)
        yield code, meaning
        if match := _BATCH.search(title):
            yield match["ordinal"], meaning
            if match["year"]:
                yield f"{match['year']}年{match['ordinal']}", meaning
