"""Reading the public pages from end to end, as a visitor: dead links and attachments, empty columns, undated articles.

Pages are asked of the views in this process, not over the network. Every address without parameters is opened; of
records that are all drawn by one template, and of each kind of filter, only the first ones, so that a reading of a
site of 60,000 products ends. Ten filters join in a thousand ways: of three and more together, too, only the first ones,
or they would be all that a reading gets to see.
"""

import logging
from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, reverse

from events.notices.models import NoticeVersion
from portal.core.editions.models import Edition
from portal.core.pages.links import Answer, answer_to
from portal.core.pages.navigation import DO, LOOK_UP, MAIN, SITE, href_of

from .checks import Check, Finding
from .models import Reading
from .page_links import PageFacts, facts_of

MOST_PAGES = 3000
MOST_OF_A_FILTER = 6
MOST_OF_A_PAIR = 1
MOST_OF_A_RECORD = {"products:detail": 40, "enterprises:detail": 40}

logger = logging.getLogger(__name__)


def columns() -> dict[str, str]:
    """Address and name of everything that the site offers as a column."""
    entries = {href: entry.label for entry in (*MAIN, *LOOK_UP, *DO, *SITE) if (href := href_of(entry.name))}
    notices = reverse("notices:list")
    kinds = {f"{notices}?kind={code}": f"通知公告·{label}" for code, label in NoticeVersion.Kind.choices}
    return entries | kinds


@dataclass
class Crawl:
    """`found_on` tells on which page an address was first met; `skipped` counts addresses left out as samples do."""

    pages: dict[str, PageFacts] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    found_on: dict[str, str] = field(default_factory=dict)
    opened: int = 0
    skipped: int = 0
    outside: set[str] = field(default_factory=set)

    def run(self) -> "Crawl":
        families: Counter[tuple] = Counter()
        waiting = deque(["/", *columns()])
        self.found_on = dict.fromkeys(waiting, "导航")
        offered = set(waiting)
        while waiting:
            address = waiting.popleft()
            family, most = family_of(address)
            families[family] += 1
            if (address not in offered and families[family] > most) or self.opened >= MOST_PAGES:
                self.skipped += 1
                continue
            for link in self._open(address):
                if link not in self.found_on:
                    self.found_on[link] = address
                    waiting.append(link)
        return self

    def _open(self, address: str) -> list[str]:
        """The own addresses that the page leads to."""
        self.opened += 1
        answer = _answer(address)
        if answer.fault:
            self.faults[address] = answer.fault
            return []
        if answer.response is None:
            return []
        if answer.response.headers.get("Location"):
            return [path_of(answer.response.headers["Location"])]
        facts = _facts(address, answer.response)
        if facts is None:
            return []
        self.pages[address] = facts
        self.outside.update(facts.outside)
        return [path_of(link) for link in facts.links]


def _answer(address: str) -> Answer:
    """A view that breaks is the gravest of dead links."""
    try:
        return answer_to(address)
    except Exception:
        logger.exception("inspection: %s broke", address)
        return Answer("本站出错（500）")


def _facts(address: str, response: HttpResponseBase) -> PageFacts | None:
    """None for what is no page: files, feeds, exports."""
    if not isinstance(response, HttpResponse) or not response.headers["Content-Type"].startswith("text/html"):
        return None
    return facts_of(address, response.content.decode(response.charset or "utf-8"))


def path_of(address: str) -> str:
    """An own address without its host."""
    return address.removeprefix(settings.SITE_URL) or "/"


def family_of(address: str) -> tuple[tuple, int]:
    """Addresses drawn by one template in one way, and how many of them are opened."""
    parts = urlsplit(address)
    names = tuple(sorted({name for name, _value in parse_qsl(parts.query)}))
    try:
        match = resolve(parts.path)
    except Resolver404:
        return (parts.path, names), MOST_PAGES
    if len(names) > 2:
        return (match.route, "together"), MOST_OF_A_FILTER
    if names:
        return (match.route, names), MOST_OF_A_FILTER if len(names) == 1 else MOST_OF_A_PAIR
    return (match.route, names), MOST_OF_A_RECORD.get(match.view_name, MOST_PAGES)


def read_site() -> Reading:
    """Read all of it and keep the outcome."""
    edition = Edition.objects.current_number()
    crawl = Crawl().run()
    checks = [check(crawl) for check in (dead_links, empty_columns, undated_articles)]
    return Reading.objects.create(
        edition=edition, pages=crawl.opened, checks=[check.written() for check in checks]
    )


def dead_links(crawl: Crawl) -> Check:
    found = tuple(
        Finding(
            f"链接 {address} {fault}。",
            crawl.found_on[address],
            "改正或去掉这个链接；附件丢失的重新上传",
        )
        for address, fault in crawl.faults.items()
    )
    measured = f"打开 {crawl.opened} 个站内地址，{len(found)} 个打不开；同类地址抽查，略过 {crawl.skipped} 个"
    measured += f"；站外链接 {len(crawl.outside)} 个，不在本项内"
    return Check("链接和附件", "站内链接、附件都能打开", measured, found)


def empty_columns(crawl: Crawl) -> Check:
    offered = columns()
    empty = [href for href in offered if href in crawl.pages and crawl.pages[href].is_empty]
    found = tuple(
        Finding(f"栏目「{offered[href]}」没有内容。", href, "发布内容；长期没有内容的，把它从导航中撤下")
        for href in empty
    )
    seen = [href for href in offered if href in crawl.pages]
    measured = f"{len(offered)} 个栏目，看了 {len(seen)} 个，{len(found)} 个空白"
    return Check("空白栏目", "没有空白栏目", measured, found, is_done=len(seen) == len(offered))


def undated_articles(crawl: Crawl) -> Check:
    articles = {address: facts for address, facts in crawl.pages.items() if "ArticleTitle" in facts.meta}
    found = tuple(
        Finding(f"《{facts.meta['ArticleTitle']}》没有日期。", address, "更正这一篇，写上日期")
        for address, facts in articles.items()
        if facts.is_undated
    )
    measured = f"看了 {len(articles)} 篇，{len(found)} 篇没有日期"
    return Check("文章日期", "每篇都有日期", measured, found, is_done=bool(articles))
