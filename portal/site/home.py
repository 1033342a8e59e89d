"""What the front page gathers from all rooms, at one edition and on one day."""

from dataclasses import dataclass
from functools import cached_property

from catalog.campaigns.models import CampaignVersion
from catalog.products.models import Category
from catalog.publication.models import Batch, ProductLine
from catalog.publication.publishers import publisher_names
from catalog.publication.search.listing import FoundLines, Question, list_enterprises, list_products
from catalog.publication.showing.batch_page import BatchRow, batch_rows
from catalog.standing.spans import RUNNING, SPAN
from events.notices.models import NoticeVersion
from portal.core.pages.reading import ReadAt
from portal.core.text.pinyin import readings
from portal.core.text.runs import runs
from portal.site.home_figures import Figure, shown_figures

NOTICES_A_COLUMN = 4
COLUMNS = (
    ("通知公告", (NoticeVersion.Kind.ANNOUNCEMENT, NoticeVersion.Kind.CONSULTATION)),
    ("工作动态", (NoticeVersion.Kind.NEWS, NoticeVersion.Kind.MEDIA)),
    ("政策文件", (NoticeVersion.Kind.POLICY,)),
)


@dataclass(frozen=True)
class Part:
    """A part of the house with the number of current products for it."""

    code: str
    label: str
    count: int

    @property
    def symbol(self) -> str:
        """Its drawing in the sprite."""
        return f"part-{self.code}"


@dataclass(frozen=True)
class Column:
    """One column of the notice board; `kinds` are the values of its list's filter."""

    title: str
    kinds: tuple[str, ...]
    notices: list[NoticeVersion]


class Home:
    def __init__(self, reading: ReadAt):
        self.reading = reading

    @cached_property
    def campaign(self) -> CampaignVersion | None:
        """The campaign of the day."""
        rows = CampaignVersion.objects.visible(self.reading.edition, self.reading.day).standing()
        running = rows.filter(SPAN.condition([RUNNING.code], self.reading.day))
        return running.select_related("campaign").order_by("campaign__slug").first()

    @cached_property
    def products(self) -> FoundLines:
        facets = {"part": list(Category.HousePart.values), "star": ["3"]}
        return list_products(Question(self.reading.edition, self.reading.day, facets=facets))

    @property
    def product_count(self) -> int:
        return self.products.total

    @property
    def left_out(self) -> int:
        return sum(self.products.left_out().values())

    @property
    def three_star_count(self) -> int:
        return self.products.counts("star")["3"]

    @cached_property
    def enterprise_count(self) -> int:
        return list_enterprises(Question(self.reading.edition, self.reading.day)).total

    @cached_property
    def batch_count(self) -> int:
        return Batch.objects.published(self.reading.edition).count()

    @cached_property
    def figures(self) -> list[Figure]:
        left_out = f"另有 {self.left_out:,} 项不再有效" if self.left_out else "全部有效"
        registers = [
            Figure("现行有效产品", "项", self.product_count, left_out, "products:list"),
            Figure("名录企业", "家", self.enterprise_count, "按企业名称和信用代码查", "enterprises:list"),
            Figure(
                "三星级产品",
                "项",
                self.three_star_count,
                "绿色建材产品认证的最高一级",
                "products:list",
                star="3",
            ),
            Figure("已公布批次", "批", self.batch_count, "每一批都可以逐行核对", "batches:list"),
        ]
        return shown_figures(registers, self.reading)

    @property
    def parts(self) -> list[Part]:
        counts = self.products.counts("part")
        return [Part(code, label, counts[code]) for code, label in Category.HousePart.choices]

    @cached_property
    def newest_batch(self) -> BatchRow | None:
        batches = Batch.objects.public(self.reading.edition).select_related("edition").order_by("-id")[:1]
        return next(iter(batch_rows(list(batches), self.reading, publisher_names())), None)

    @cached_property
    def columns(self) -> list[Column]:
        """Columns without a notice are not drawn; one query each."""
        standing = (
            NoticeVersion.objects.visible(self.reading.edition, self.reading.day).standing().newest_first()
        )
        columns = [
            Column(title, kinds, list(standing.filter(kind__in=kinds)[:NOTICES_A_COLUMN]))
            for title, kinds in COLUMNS
        ]
        return [column for column in columns if column.notices]

    @cached_property
    def example(self) -> ProductLine | None:
        """A product that is really on the list, for the examples under the search box."""
        return next(iter(ProductLine.objects.filter(pk__in=self.products.page(1, 1))), None)

    @property
    def example_initials(self) -> str:
        """The beginning of its kind's name as one may type it: fsjc for 防水卷材."""
        if self.example is None:
            return ""
        syllables = [
            spelled[0]
            for run in runs(self.example.category_name)
            if run.is_han
            for spelled in readings(run.text)
        ]
        return "".join(syllable[0] for syllable in syllables[:4])
