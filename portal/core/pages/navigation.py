"""The entries of the header and the footer, in one place. An entry whose address does not exist yet is not shown."""

from dataclasses import dataclass
from functools import cache, lru_cache

from django.urls import NoReverseMatch, get_script_prefix, reverse


@dataclass(frozen=True)
class Entry:
    name: str
    label: str
    is_apart: bool = False


@dataclass(frozen=True)
class Link:
    href: str
    label: str
    is_apart: bool
    is_current: bool


MAIN = (
    Entry("products:list", "产品清单"),
    Entry("enterprises:list", "企业名录"),
    Entry("batches:list", "批次公示"),
    Entry("check", "证书核验"),
    Entry("regions:list", "试点地区"),
    Entry("notices:list", "通知公告"),
    Entry("activities:list", "活动日历"),
    Entry("counter:home", "企业办事", is_apart=True),
)
LOOK_UP = (
    Entry("products:list", "产品清单"),
    Entry("kinds:list", "产品类别"),
    Entry("build", "我家要用什么"),
    Entry("enterprises:list", "企业名录"),
    Entry("batches:list", "批次公示"),
    Entry("check", "证书核验"),
    Entry("notices:list", "通知公告"),
    Entry("commitments:list", "合作承诺"),
    Entry("online:list", "线上平台"),
    Entry("campaigns:list", "历年活动"),
    Entry("figures:page", "统计图表"),
    Entry("reports:list", "年度报告"),
)
DO = (
    Entry("guide", "办事指南"),
    Entry("counter:home", "企业登记"),
    Entry("enquiries:list", "咨询投诉"),
)
SITE = (
    Entry("about:recognise", "如何辨认本站"),
    Entry("about:data", "数据使用说明"),
    Entry("about:accessibility", "无障碍声明"),
    Entry("about:privacy", "隐私说明"),
    Entry("sitemap", "网站地图"),
)


@cache
def href_of(name: str) -> str | None:
    """Addresses do not change while the site runs, so each is looked up once."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def path_of(name: str, *args: object) -> str:
    """As `reverse`, remembered: a page has a dozen of them."""
    return _path_of(name, args, get_script_prefix())


@lru_cache(maxsize=5_000)
def _path_of(name: str, args: tuple[object, ...], _prefix: str) -> str:
    return reverse(name, args=args)


def links(entries: tuple[Entry, ...], path: str = "") -> tuple[Link, ...]:
    """The entries that lead somewhere; the one that `path` lies under is current."""
    return _links(entries, tuple(path.startswith(href) for href, _entry in _leading(entries)))


@cache
def _leading(entries: tuple[Entry, ...]) -> list[tuple[str, Entry]]:
    return [(href, entry) for entry in entries if (href := href_of(entry.name))]


@cache
def _links(entries: tuple[Entry, ...], current: tuple[bool, ...]) -> tuple[Link, ...]:
    leading = zip(_leading(entries), current, strict=True)
    return tuple(Link(href, entry.label, entry.is_apart, is_current) for (href, entry), is_current in leading)
