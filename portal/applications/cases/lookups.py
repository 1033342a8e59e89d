"""Registers of their own that an answer names: places, categories, activities, the texts that are signed."""

from collections import Counter, defaultdict
from functools import cached_property

from catalog.campaigns.models import Campaign
from catalog.enterprises.selling import NATIONWIDE, NATIONWIDE_WORDS, SEPARATOR, words_of
from catalog.fields.invalid import InvalidValue
from catalog.products.models import Category, CertificationBody
from catalog.regions.desk_fields import division_named
from catalog.regions.models import Division
from events.commitments.models import TemplateVersion
from portal.core.text.digits import whole
from portal.core.text.normalise import fold

UNCHOSEN = ("", "请选择")


def _refused(reason: str) -> InvalidValue:
    return InvalidValue("not-offered", reason=reason)


def division(text: str) -> str:
    found: Division | None = division_named(text)
    if found is None:
        raise _refused("没有这个行政区划，或同名的不止一个，请从省级写起，或写六位代码。")
    return found.code


def selling_range(text: str) -> str:
    words = words_of(text)
    if any(fold(word) in NATIONWIDE_WORDS for word in words):
        return NATIONWIDE
    found = {word: division_named(word) for word in words}
    unknown = [word for word, place in found.items() if place is None]
    if unknown:
        raise _refused(f"里没有这个地区，或同名的不止一个：{SEPARATOR.join(unknown)[:60]}。请从省级写起。")
    return SEPARATOR.join(dict.fromkeys(row.code for row in found.values() if row))


def template(text: str) -> int:
    key = whole(text)
    if key is None:
        raise _refused("不对，请重新打开承诺书页面。")
    if not TemplateVersion.objects.current().filter(pk=key).exists():
        raise _refused("已有新的文本，请阅读现行的条款后重新填写。")
    return key


def bodies() -> list[tuple[str, str]]:
    return [UNCHOSEN, *CertificationBody.objects.order_by("name").values_list("code", "name")]


def campaigns() -> list[tuple[str, str]]:
    return [UNCHOSEN, *Campaign.objects.order_by("-from_on").values_list("slug", "name")]


class Categories:
    """The catalogue of categories, read when it is first asked, and once: one for each form, never for the process."""

    @cached_property
    def _rows(self) -> list[tuple[str, str, str]]:
        found = Category.objects.order_by("group_code", "position")
        return list(found.values_list("group_name", "code", "name"))

    @cached_property
    def _codes(self) -> dict[str, str]:
        named = Counter(name for _group, _code, name in self._rows)
        codes = {name: code for _group, code, name in self._rows if named[name] == 1}
        return codes | {code: code for _group, code, _name in self._rows}

    def code_of(self, text: str) -> str:
        """By its code, or by its name where only one bears it."""
        if text not in self._codes:
            raise _refused("不在品类目录里，请从目录中选择。")
        return self._codes[text]

    def choices(self) -> list[tuple[str, str | list[tuple[str, str]]]]:
        groups = defaultdict(list)
        for group, code, name in self._rows:
            groups[group].append((code, name))
        return [UNCHOSEN, *groups.items()]
