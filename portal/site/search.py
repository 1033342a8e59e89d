"""One search box over everything that is public: how many of each kind, and the first of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.urls import reverse

from catalog.campaigns.models import OrganisationVersion
from catalog.publication.search.forgiving import forgiving
from catalog.publication.search.listing import FoundLines, Question, list_enterprises, list_products
from catalog.publication.search.rows import enterprise_lines, product_rows
from catalog.publication.showing.check import Answer, answers_to
from catalog.publication.showing.words import LITERAL, WordsNote
from catalog.regions.models import Division, SubsidyVersion
from events.activities.models import ActivityVersion
from events.notices import board
from events.reports.models import ReportVersion
from portal.core.pages.parameters import Query
from portal.core.pages.reading import PARAMETERS, ReadAt
from portal.core.pages.statuses import word_of
from portal.core.text.tokens import index_terms, name_terms, query_terms
from portal.site.about.guides import GUIDES

SHOWN = 5


@dataclass(frozen=True)
class Hit:
    href: str
    title: str
    under: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of thing: its number, the first few, and where all of them are (empty where these are all)."""

    label: str
    unit: str
    total: int
    hits: list[Hit] = field(default_factory=list)
    more_href: str = ""


class SiteSearch:
    """Every kind is asked at one edition and on one day, in a constant number of queries."""

    def __init__(self, words: str, reading: ReadAt, query: Query):
        self.words, self.reading = words, reading
        self.query, self._kept = query, query.keep(*PARAMETERS)

    def kinds(self) -> list[Kind]:
        """Kinds in the order of the site; one that nothing was found of has the number 0."""
        if not query_terms(self.words):
            return []
        return [
            self._numbers(),
            self._products(),
            self._enterprises(),
            self._subsidies(),
            self._notices(),
            self._regions(),
            self._activities(),
            self._organisations(),
            self._reports(),
            self._guides(),
        ]

    @cached_property
    def _question(self) -> Question:
        literal = bool(self.query.first(LITERAL))
        return Question(self.reading.edition, self.reading.day, self.words, literal=literal)

    @cached_property
    def _products_found(self) -> FoundLines:
        return forgiving(list_products, self._question)

    def read_as(self) -> WordsNote | None:
        """How products are looked for by these words."""
        return WordsNote.of(self._products_found, self.query, reverse("search")) if self.words else None

    def _numbers(self) -> Kind:
        """What was typed may be a number that is known, written in any way: its page or its answer comes first."""
        is_number = any(char.isdigit() for char in self.words)
        answers = answers_to(self.words, self.reading) if is_number else []
        hits = [hit for answer in answers if (hit := self._answered(answer))]
        return Kind("编号", "个", len(hits), hits)

    def _answered(self, answer: Answer) -> Hit | None:
        if answer.findings:
            number = answer.findings[0].line.number
            address = self._kept.put(number=number).link(reverse("check"))
            return Hit(address, number, f"证书核验·{word_of(answer.findings[0].code)}")
        if answer.product:
            return self._hit(
                "products:detail",
                answer.product.number,
                title=answer.product.number,
                under=answer.product.name,
            )
        if answer.enterprise:
            return self._hit(
                "enterprises:detail",
                answer.enterprise.uscc,
                title=answer.enterprise.uscc,
                under=answer.enterprise.name,
            )
        if answer.code in ("incomplete", "wrong_digit"):
            address = self._kept.put(number=answer.asked).link(reverse("check"))
            return Hit(address, answer.asked, f"证书核验·{word_of(answer.code)}")
        return None

    def _products(self) -> Kind:
        found = self._products_found
        rows = product_rows(found.page(1, SHOWN), self.reading.edition, self.reading.day)
        hits = [
            Hit(
                self._link("products:detail", row.line.number),
                row.line.name,
                f"{row.line.enterprise_name}·清单编号 {row.line.number}",
            )
            for row in rows
        ]
        return Kind("产品清单", "项", found.total, hits, self._all_as_read("products:list"))

    def _enterprises(self) -> Kind:
        found = self._enterprises_found()
        hits = [
            Hit(self._link("enterprises:detail", line.uscc), line.name, line.division_name)
            for line in enterprise_lines(found.page(1, SHOWN))
        ]
        return Kind("企业名录", "家", found.total, hits, self._all_as_read("enterprises:list"))

    def _enterprises_found(self) -> FoundLines:
        """By the same reading as products, where that finds any."""
        products = self._products_found
        return (
            forgiving(list_enterprises, self._question)
            if products.is_nothing
            else list_enterprises(replace(products.question, facets={}))
        )

    def _notices(self) -> Kind:
        found = board.Board(board.Question(self.reading.edition, self.reading.day, self.words))
        hits = [
            Hit(
                self._link("notices:detail", row.notice_id),
                row.title,
                f"{row.get_kind_display()}·{row.dated}",
            )
            for row in found.page(1, SHOWN)
        ]
        return Kind("通知公告", "条", found.total, hits, self._all("notices:list"))

    def _regions(self) -> Kind:
        provinces = Division.objects.filter(level=Division.Level.PROVINCE).order_by("code")
        return self._compared(
            "地区", "个", ((self._hit("regions:detail", one.code, title=one.name), "") for one in provinces)
        )

    def _subsidies(self) -> Kind:
        """What holds on the day read; the rules of one region are found under its name."""
        rules = SubsidyVersion.objects.visible(self.reading.edition, self.reading.day).standing()
        found = (
            (
                self._hit(
                    "regions:subsidy",
                    rule.province_code,
                    rule.rule_id,
                    title=rule.title,
                    under=f"{rule.division_name}·{rule.amount_words}",
                ),
                f"补贴 {rule.category_words} {rule.document_title}",
            )
            for rule in rules.newest_first()
            if rule.holds_on(self.reading.day)
        )
        return self._compared("补贴", "条", found)

    def _organisations(self) -> Kind:
        bodies = OrganisationVersion.objects.visible(self.reading.edition, self.reading.day).standing()
        found = (
            (self._hit("organisations:detail", one.organisation_id, title=one.name, under=one.short_name), "")
            for one in bodies.order_by("organisation_id")
        )
        return self._compared("活动机构", "家", found)

    def _reports(self) -> Kind:
        rows = ReportVersion.objects.visible(self.reading.edition, self.reading.day).standing()
        found = (
            (
                self._hit("reports:detail", one.year, one.report.place, title=one.title, under=one.unit),
                "总结 成果",
            )
            for one in rows.select_related("report").newest_first()
        )
        return self._compared("年度报告", "份", found)

    def _guides(self) -> Kind:
        found = (
            (Hit(reverse("guide-detail", args=[one.slug]), one.title, one.summary), "办事指南")
            for one in GUIDES
        )
        return self._compared("办事指南", "件", found)

    def _compared(self, label: str, unit: str, candidates: Iterable[tuple[Hit, str]]) -> Kind:
        """For kinds of which there are few: compared here, by the same terms as everything else.

        Each comes with words by which it is found besides those that it shows.
        """
        groups = query_terms(self.words)
        hits = []
        for hit, more in candidates:
            terms = name_terms(hit.title, hit.under) | index_terms(more)
            if all(any(alternative <= terms for alternative in group) for group in groups):
                hits.append(hit)
        return Kind(label, unit, len(hits), hits)

    def _activities(self) -> Kind:
        visible = ActivityVersion.objects.visible(self.reading.edition, self.reading.day).standing()
        found = visible.matching(self.words)
        hits = [
            Hit(self._link("activities:detail", row.activity_id), row.title, row.place)
            for row in found.newest_first()[:SHOWN]
        ]
        return Kind("活动", "场", found.count(), hits, self._all("activities:list"))

    def _hit(self, name: str, *args: object, title: str, under: str = "") -> Hit:
        return Hit(self._link(name, *args), title, under)

    def _link(self, name: str, *args: object) -> str:
        return self._kept.link(reverse(name, args=args))

    def _all(self, name: str) -> str:
        return self._kept.put(q=self.words).link(reverse(name))

    def _all_as_read(self, name: str) -> str:
        """Where words are taken as they stand here, they are there."""
        return self.query.keep(*PARAMETERS, "q", LITERAL).link(reverse(name))
