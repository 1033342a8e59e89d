"""What happens in the demonstration, in order. Everything goes through the functions that the desk uses."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from catalog.enterprises.models import Enterprise
from catalog.products.checks import record_check
from catalog.products.models import Certificate, CertificationBody, LocalRequirement, Product
from catalog.publication.models import NATIONAL, Batch
from catalog.publication.publishing import workflow
from catalog.publication.publishing.holds import set_hold
from catalog.publication.search.preparation import ensure_prepared
from portal.core.facts import read_table

from . import acts, workbooks
from .buying import announce_rule, open_outlet
from .cases import file_cases
from .deeds import hold_activities, make_commitments, report_the_year
from .desk import Desk
from .shops import open_platform, open_shop
from .world import BODY_NAME, BODY_SHORT_NAME, DATA, Item, Maker, certified, makers, uncertified

FUJIAN, ZHEJIANG = "350000", "330000"
SECOND, NOTICE = (3, 7), (0,)  # last digits of the numbers of makers that come after the first batch


class Story:
    """The steps, each a chapter of its own; they stand on those before them."""

    def __init__(self, desk: Desk):
        self.desk = desk
        self.by = desk.people.editor
        self.makers = makers()
        self.items = certified(self.makers, desk.today)

    def chapters(self) -> list[Callable[[], object]]:
        return [
            self.first_batch,
            self.second_batch,
            self.local_list,
            self.adjustment,
            self.erratum,
            self.checks,
            self.hold,
            self.batch_in_notice,
            self.announcements,
            self.local_draft,
            self.shops,
            self.outlets,
            self.subsidies,
            self.activities,
            self.commitments,
            self.reports,
            self.cases,
        ]

    def first_batch(self) -> None:
        CertificationBody.objects.get_or_create(
            code="demo",
            defaults={"name": BODY_NAME, "short_names": [BODY_SHORT_NAME], "source": "演示数据，虚构"},
        )
        chosen = [maker for maker in self.makers if maker.number % 10 not in SECOND + NOTICE]
        batch = self.desk.opened(1)
        self.desk.import_makers(batch, workbooks.DIRECTORY, chosen)
        items = self._of(chosen)
        third = len(items) // 3
        self.desk.import_items(batch, workbooks.BY_CERTIFICATION, items[:third])
        self.desk.import_items(batch, workbooks.BY_NUMBER, items[third : 2 * third])
        self.desk.import_items(batch, workbooks.BY_MAKER, items[2 * third :])
        self.desk.publish(batch)

    def second_batch(self) -> None:
        chosen = self._with_digits(SECOND)
        batch = self.desk.opened(2)
        self.desk.import_makers(batch, workbooks.DIRECTORY, chosen)
        self.desk.import_items(batch, workbooks.BY_NUMBER, self._of(chosen))
        self.desk.publish(batch)

    def local_list(self) -> None:
        """福建 lists what makers of the province have on the national list, and a few products without certificate."""
        for row in read_table(DATA / "local_requirements.csv"):
            LocalRequirement.objects.create(
                publisher=row["publisher"],
                category_id=row["category"],
                title=row["title"],
                version=row["version"],
                text=row["text"],
                from_on=datetime.date(self.desk.year, 1, 1),
            )
        chosen = [maker for maker in self.makers if maker.division.startswith(FUJIAN[:2])]
        batch = self.desk.opened(1, publisher=FUJIAN)
        self.desk.import_makers(batch, workbooks.DIRECTORY, chosen)
        kinds = {maker.kinds[0] for maker in chosen}
        items = [item for item in self._of(chosen) if item.category.code in kinds]
        self.desk.import_items(batch, workbooks.LOCAL, items + uncertified(self.makers))
        self.desk.publish(batch)

    def adjustment(self) -> None:
        batch = self.desk.opened(1, kind=Batch.Kind.ADJUSTMENT)
        acts.suspend_certificate(batch, self._certificate(2, "401"), on=self._ago(12), by=self.by)
        acts.revoke_certificate(batch, self._certificate(5, "205"), on=self._ago(20), by=self.by)
        acts.cancel_certificate(batch, self._certificate(14, "214"), on=self._ago(31), by=self.by)
        acts.remove_enterprise(batch, self._enterprise(29), on=self._ago(9), by=self.by)
        acts.remove_product(batch, self._product(16, "302"), on=self._ago(15), by=self.by)
        acts.suspend_product(batch, self._product(36, "506"), on=self._ago(6), by=self.by)
        acts.rename_enterprise(
            batch, self._enterprise(6), "示例白鹭绿色墙材有限公司", on=self._ago(40), by=self.by
        )
        acts.renew_certificate(batch, self._certificate(1, "35609"), on=self._ago(3), by=self.by)
        self.desk.publish(batch)

    def erratum(self) -> None:
        batch = self.desk.opened(1, kind=Batch.Kind.ERRATUM)
        acts.correct_end(batch, self._certificate(4, "209"), self._ago(45), by=self.by)
        acts.correct_end(batch, self._certificate(26, "405"), self._ago(10), by=self.by)
        product = self._product(32, "302")
        acts.correct_models(batch, product, f"{product.models_text}、1.2 mm", by=self.by)
        self.desk.publish(batch)

    def checks(self) -> None:
        """Certificates that are no longer valid were looked up, and every eighth of the others; some lately, some not."""
        valid = Certificate.Status.VALID
        for place, certificate in enumerate(Certificate.objects.filter(body__code="demo").order_by("pk")):
            day = self._ago(2 + 7 * place % 60)
            if (place % 8 and certificate.status == valid) or day < (certificate.issued_on or day):
                continue
            record_check(
                certificate,
                by=self.desk.people.reviewer,
                result=certificate.status,
                checked_on=day,
                note="演示数据，未真实查询",
            )

    def hold(self) -> None:
        set_hold(
            self._product(33, "401"),
            by=self.desk.people.publisher,
            reason="接到消费者反映，正在核查在售产品与证书是否一致（演示）",
        )

    def batch_in_notice(self) -> None:
        chosen = self._with_digits(NOTICE)
        batch = self.desk.opened(3, notice=True)
        self.desk.import_makers(batch, workbooks.DIRECTORY, chosen)
        self.desk.import_items(batch, workbooks.BY_CERTIFICATION, self._of(chosen))
        batch = self.desk.approved(batch)
        ensure_prepared(batch)  # no worker runs yet that would do it
        workflow.open_notice(batch, by=self.desk.people.publisher)

    def announcements(self) -> None:
        """The first batch and the one in notice are announced; the desk shows which batches still are not."""
        for batch in Batch.objects.filter(publisher=NATIONAL, kind=Batch.Kind.BATCH).exclude(ordinal=2):
            self.desk.announce(batch)

    def local_draft(self) -> None:
        """浙江 has begun to compile; nobody outside sees it. The national drafting table is left free."""
        chosen = [maker for maker in self.makers if maker.division.startswith(ZHEJIANG[:2])][:3]
        batch = self.desk.opened(1, publisher=ZHEJIANG, notice=True)
        self.desk.import_makers(batch, workbooks.DIRECTORY, chosen)
        self.desk.import_items(batch, workbooks.BY_CERTIFICATION, self._of(chosen))

    def shops(self) -> None:
        """On a platform that does not exist, so that no link leads to somebody's real shop."""
        platform = open_platform(self.desk.people)
        certified_ones = Product.objects.filter(certificate__isnull=False, serial__isnull=False)
        for product in certified_ones.order_by("pk")[::6]:
            open_shop(self.desk.people, platform, product)

    def outlets(self) -> None:
        """Every third maker of 福建 has a shop at home."""
        chosen = [maker for maker in self.makers if maker.division.startswith(FUJIAN[:2])]
        for maker in chosen[::3]:
            enterprise = self._enterprise(maker.number)
            open_outlet(self.desk.people, enterprise, f"{maker.brand}直营店", self._ago(9 + maker.number))

    def subsidies(self) -> None:
        """One rule that holds, one that ends soon, one that is over."""
        announce = partial(announce_rule, self.desk.people)
        announce(FUJIAN, "302", fen=600, unit="平方米", days=(self._ago(120), self._ago(-200)))
        announce("350500", "201", fen=12000, unit="樘", days=(self._ago(90), self._ago(-12)))
        announce("350200", "208", fen=300, unit="平方米", days=(self._ago(300), self._ago(40)))

    def activities(self) -> None:
        hold_activities(self.desk)

    def commitments(self) -> None:
        make_commitments(self.desk, keeps=self._enterprise(1), breaks=self._enterprise(16))

    def reports(self) -> None:
        report_the_year(self.desk)

    def cases(self) -> None:
        """A maker's own account, and somebody of an enterprise that is on no list yet."""
        unlisted = replace(
            self.makers[-1], number=len(self.makers) + 1, name="示例新叶建材有限公司", brand="示例新叶"
        )
        file_cases(self.desk, maker=self.desk.people.maker, makes=self._enterprise(1), newcomer=unlisted)

    def _with_digits(self, digits: tuple[int, ...]) -> list[Maker]:
        return [maker for maker in self.makers if maker.number % 10 in digits]

    def _of(self, chosen: list[Maker]) -> list[Item]:
        numbers = {maker.number for maker in chosen}
        return [item for item in self.items if item.maker.number in numbers]

    def _ago(self, days: int) -> datetime.date:
        return self.desk.today - datetime.timedelta(days=days)

    def _enterprise(self, number: int) -> Enterprise:
        return Enterprise.objects.get(uscc=self.makers[number - 1].uscc)

    def _product(self, maker: int, kind: str) -> Product:
        return Product.objects.filter(enterprise=self._enterprise(maker), category=kind).earliest("pk")

    def _certificate(self, maker: int, kind: str) -> Certificate:
        certificate = self._product(maker, kind).certificate
        assert certificate is not None  # noqa: S101 - the kinds named above are certified
        return certificate
