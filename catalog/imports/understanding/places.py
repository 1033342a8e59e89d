"""From the names of places that people write to the division they mean: 浙江 + 金华, 浙江省金华市婺城区, 330700."""

import re
from collections import defaultdict
from collections.abc import Iterable

from catalog.fields.invalid import InvalidValue
from catalog.regions.models import Division
from portal.core.text.normalise import fold

from .old_places import OLD_COUNTIES, OLD_PREFECTURES, PEOPLES, SHORT_PREFECTURES

_SEPARATORS = re.compile(r"[\s/·、,，;；.。\-—_>|()]+")
_ETHNIC = re.compile(rf"(?:{'|'.join(PEOPLES)})*自治(?:区|州|县|旗)$")
_BY_ITSELF = 2  # characters of the shortest name that stands without its ending
_ENDING = re.compile(r"(?:特别行政区|自治区|省|市|地区|盟|林区|新区|特区|矿区|县|区|旗)$")
_NO_PLACE = frozenset(["市辖区", "本级", "市本级", "省本级", "省直", "省直辖", "县", "全国", "国家"])
_HEADINGS = re.compile(r"直辖县级行政区划$")
_CODE = re.compile(r"(\d{2})(\d{2})?(\d{2})?0*")


class Places:
    """All divisions, read once; answers are kept, because lists repeat them."""

    def __init__(self, divisions: Iterable[tuple[str, str, str, str | None]] | None = None):
        if divisions is None:
            divisions = Division.objects.values_list("code", "name", "level", "parent_id")
        rows = [row for row in divisions if not _HEADINGS.search(row[1])]
        self.names = {code: name for code, name, _level, _parent in rows}
        self.levels = {code: level for code, _name, level, _parent in rows}
        self.parents = {code: parent for code, _name, _level, parent in rows}
        self.full: dict[str, list[str]] = defaultdict(list)
        self.short: dict[str, list[str]] = defaultdict(list)
        for code, name, _level, _parent in rows:
            folded = fold(name)
            self.full[folded].append(code)
            for short in _shorter(folded):
                self.short[short].append(code)
        self._learn_old_names()
        self.known: dict[tuple[str, ...], str | InvalidValue] = {}
        self.rests: dict[tuple[str, ...], str] = {}

    def _learn_old_names(self) -> None:
        for line in OLD_COUNTIES:
            above, old, now = map(fold, line.split())
            for code in self.full.get(now, ()):
                inside = [place for place in self.full.get(above, ()) if self._is_in(code, place)]
                if inside and not any(self._is_in(known, inside[0]) for known in self.full.get(old, ())):
                    self.full[old].append(code)
                    self.short[_ENDING.sub("", old)].append(code)
        for line in OLD_PREFECTURES:
            above, old, now = map(fold, line.split())
            province = self.full.get(above, [""])[0]
            self.full[old] += [code for code in self.full.get(now, ()) if self._is_in(code, province)]
        for short, name in SHORT_PREFECTURES.items():
            self.full[short] += self.full.get(fold(name), [])

    def nearest(self, *parts: str) -> tuple[str, InvalidValue | None]:
        """As far as the parts name a place, and why not farther."""
        try:
            return self.find(*parts), None
        except InvalidValue as unfit:
            told = unfit
        for count in range(len(parts) - 1, 0, -1):
            try:
                return self.find(*parts[:count]), told
            except InvalidValue as unfit:
                told = unfit
        return "", told

    def find(self, *parts: str) -> str:
        """The code of the smallest place that the parts (province, city, county, in this order) name together.

        '' when all are empty. Raises InvalidValue for a part that names nothing in the place before it.
        """
        if parts not in self.known:
            try:
                self.known[parts] = self._find(parts)
            except InvalidValue as bad:
                self.known[parts] = bad
        answer = self.known[parts]
        if isinstance(answer, InvalidValue):
            raise answer
        return answer

    def rest_of(self, *parts: str) -> str:
        """What parts that name a place say besides it: a park, a street, a note."""
        return self.rests.get(parts, "")

    def _find(self, parts: tuple[str, ...]) -> str:
        place = ""
        rests = []
        for part in parts:
            text = _SEPARATORS.sub("", fold(part))
            if not text or text in _NO_PLACE:
                continue
            if text.isdigit():
                place = self._by_code(text)
                continue
            place, rest = self._descend(place, text, part)
            rests += [rest] if rest and rest not in _NO_PLACE else []
        if rests:
            self.rests[parts] = "、".join(rests)
        return place

    def _by_code(self, text: str) -> str:
        match = _CODE.fullmatch(text)
        code = "".join(group or "00" for group in match.groups()) if match else ""
        if code not in self.names:
            raise InvalidValue("division-unknown", value=text, within="现行")
        return code

    def _descend(self, place: str, text: str, written: str) -> tuple[str, str]:
        """The place that a text leads to from another one, and what is left of the text."""
        rest = text
        while rest:
            found, length = self._first(place, rest)
            if not found:
                break
            place, rest = found, rest[length:]
        if rest == text:
            within = self.names.get(place, "中国")
            raise InvalidValue("division-unknown", value=written, within=within)
        return place, rest

    def _first(self, place: str, text: str) -> tuple[str, int]:
        """The place whose name `text` begins with, and how long that name is; longest names first."""
        for length in range(min(len(text), 16), 1, -1):
            for names in (self.full, self.short):
                if found := self._only(
                    [code for code in names.get(text[:length], ()) if self._is_in(code, place)], text
                ):
                    return found, length
            if self._is_name_of(place, text[:length]):
                return place, length
        if len(text) > 1:
            begun = [code for name, codes in self.full.items() if name.startswith(text) for code in codes]
            if found := self._only([code for code in begun if self._is_in(code, place)], text):
                return found, len(text)
        return "", 0

    def _only(self, codes: list[str], text: str) -> str:
        """The one place meant: of several the only one of the highest level."""
        if not codes:
            return ""
        for level in ("province", "prefecture", "county"):
            here = [code for code in codes if self.levels[code] == level]
            if len(here) == 1:
                return here[0]
            if here:
                raise InvalidValue(
                    "division-ambiguous", value=text, places="、".join(self.path(code) for code in here[:4])
                )
        return ""

    def _is_in(self, code: str, place: str) -> bool:
        if not place:
            return True
        above = self.parents.get(code)
        while above:
            if above == place:
                return True
            above = self.parents.get(above)
        return False

    def _is_name_of(self, place: str, text: str) -> bool:
        """北京市 in the column for cities, when 北京市 is the province already."""
        return bool(place) and (place in self.full.get(text, ()) or place in self.short.get(text, ()))

    def path(self, code: str) -> str:
        names: list[str] = []
        while code in self.names:
            names.insert(0, self.names[code])
            code = self.parents.get(code) or ""
        return "".join(names)


def _shorter(name: str) -> set[str]:
    """恩施土家族苗族自治州 is 恩施 and 恩施州; 金华市 is 金华."""
    plain = _ETHNIC.sub("", name)
    shorts = {_ENDING.sub("", name), plain}
    if plain != name and name.endswith("自治州"):
        shorts.add(f"{plain}州")
    return {short for short in shorts - {name} if len(short) >= _BY_ITSELF}
