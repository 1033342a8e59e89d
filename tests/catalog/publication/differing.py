"""One long story of the registers: some thirty editions on different days, with every act that changes what is listed."""

import random
from datetime import timedelta

from catalog.products.models import Certificate, Product
from catalog.publication.compiling import compile
from catalog.publication.compiling.problems import BatchRefused
from catalog.publication.models import Action, Batch, EnterpriseLine
from catalog.publication.publishing.holds import lift_hold, set_hold
from catalog.publication.publishing.redaction import redact
from portal.core.editions import clock
from portal.core.workflow import NotAllowed
from tests.catalog.publication.stories import BAD, newest, on
from tests.make import (
    make_batch,
    make_category,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_requirement,
    make_user,
    publish,
)

PUBLISHERS = ("national", "350000")
ACTS = ("list", "list", "word", "move", "name", "certify", "certify", "state", "hold", "hold", "redact")
LISTING_ACTS = (Action.SUSPEND, Action.RESUME, Action.REMOVE)


class Story:
    """Whoever tells it twice with one seed hears the same acts. `told` has the day of each edition."""

    def __init__(self, seed: int = 11):
        self.random = random.Random(seed)
        self.users = {role: make_user(role) for role in ("editor", "reviewer", "publisher")}
        self.places = [make_division(), make_division("450000", "广西壮族自治区")]
        self.kinds = [make_category(), make_category("21", "内墙涂料", group_code="G4", group_name="涂料类")]
        makers = [make_enterprise(division=self.random.choice(self.places)) for _ in range(5)]
        self.products = [self._product(makers[place % 5]) for place in range(14)]
        self.products.append(make_product(enterprise=makers[0], requirement=make_requirement()))

    def tell(self, editions: int = 30) -> None:
        """Nothing is listed before the second edition of it; days pass, and certificates end on some of them."""
        day, started = 0, newest()
        while newest() < started + editions:
            day += self.random.choice((0, 0, 1, 2, 25))
            with on(day - 500):
                self._one_act(self.random.choice((*ACTS, *LISTING_ACTS)))

    def _product(self, maker) -> Product:
        today = clock.today()
        end = today + timedelta(days=self.random.randint(-450, 100))
        certificate = make_certificate(
            star=self.random.choice(("1", "2", "3", "green")),
            issued_on=today - timedelta(900),
            valid_until=end,
        )
        return make_product(
            enterprise=maker, certificate=certificate, category=self.random.choice(self.kinds)
        )

    def _one_act(self, kind: str) -> None:
        product = self.random.choice(self.products)
        product.refresh_from_db()
        try:
            if kind in ("hold", "lift"):
                self._hold(kind, self.random.choice((product, product.enterprise, product.certificate)))
            elif kind == "redact":
                self._redact(product)
            else:
                self._publish(kind, product)
        except (NotAllowed, BatchRefused):
            for draft in Batch.objects.exclude(state__in=("published", "cancelled")):
                draft.delete() if draft.state == "draft" else None

    def _hold(self, kind: str, target) -> None:
        if target is None:
            return
        if kind == "hold":
            set_hold(target, by=self.users["publisher"], reason="正在核查")
        else:
            lift_hold(target, by=self.users["publisher"], reason="核查完毕")

    def _redact(self, product: Product) -> None:
        if line := EnterpriseLine.objects.current().filter(enterprise=product.enterprise).first():
            redact(
                line.key,
                self.random.choice(("phone", "name")),
                basis="当事人申请",
                by=self.users["publisher"],
            )

    def _publish(self, kind: str, product: Product) -> None:
        publisher = self.random.choice(PUBLISHERS)
        ordinal = Batch.objects.filter(publisher=publisher).count() + 1
        batch = make_batch(self.users["editor"], publisher=publisher, kind="adjustment", ordinal=ordinal)
        self._enter(kind, product, batch)
        publish(batch)

    def _enter(self, kind: str, product: Product, batch: Batch) -> None:
        editor, word = self.users["editor"], f"{self.random.randint(1, 9)}"
        if kind in LISTING_ACTS:
            target = self.random.choice((product, product, product.enterprise, product.certificate))
            compile.act_on(batch, target or product, kind, by=editor, reason=BAD)
            return
        if kind in ("certify", "state"):
            self._certify(kind, product.certificate)
            compile.enter_certificates(batch, [c for c in [product.certificate] if c], by=editor)
            return
        if kind in ("name", "move"):
            self._maker(kind, product.enterprise, word)
            compile.enter_enterprises(batch, [product.enterprise], by=editor)
            return
        if kind == "word":
            setattr(product, self.random.choice(("name", "brand", "models_text")), f"第{word}样")
            product.category = self.random.choice(self.kinds) if not product.requirement else product.category
            product.save()
        several = [product, *self.random.sample(self.products, 6)] if kind == "list" else [product]
        compile.enter_products(batch, {one.pk: one for one in several}.values(), by=editor)
        compile.enter_missing_enterprises(batch, by=editor)

    def _maker(self, kind: str, maker, word: str) -> None:
        if kind == "name":
            maker.name, maker.phone = f"示例{word}号新名有限公司", f"0591-000{word}"
        else:
            maker.division = self.random.choice(self.places)
        maker.save()

    def _certify(self, kind: str, certificate: Certificate | None) -> None:
        if certificate is None:
            return
        if kind == "state":
            certificate.status = self.random.choice(("valid", "suspended", "revoked", "cancelled"))
            certificate.status_on = clock.today()
        else:
            certificate.star = self.random.choice(("1", "2", "3"))
            certificate.valid_until = clock.today() + timedelta(days=self.random.choice((20, 200, 900)))
        certificate.save()
