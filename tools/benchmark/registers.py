"""Registers of any size, made in seconds: lines as a frozen batch has them, without the way through import and freezing.

Names, models and numbers look like those of real lists: ten products a firm, two a certificate, kinds and places as many as
there are.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from catalog.campaigns.models import Campaign
from catalog.enterprises.models import Enterprise
from catalog.products.models import Category, Certificate, CertificationBody, Product
from catalog.publication.models import (
    LINE_MODELS,
    NATIONAL,
    Batch,
    CertificateLine,
    EnterpriseLine,
    ProductLine,
)
from catalog.regions.models import Division
from portal.core.accounts.models import User
from portal.core.editions.models import Edition
from portal.core.editions.release import announce
from portal.core.text.numbers import format_number
from portal.core.text.uscc import check_character

PRODUCTS_OF_A_MAKER = 10
PRODUCTS_OF_A_CERTIFICATE = 2
ROWS_A_STATEMENT = 200
BRANDS = ("安居", "华美", "绿野", "Octo", "恒固", "天润", "东山", "Kento", "金盾", "和风")
QUALITIES = ("高强", "防火", "保温", "环保", "耐候", "抗裂", "轻质", "净味", "防滑", "节水")
TRADES = ("建材", "新型材料", "装饰材料", "环保科技", "防水科技", "陶瓷", "管业", "涂料")
SYLLABLES = (
    "安宝博昌达东丰福光广国海恒宏华汇佳建金锦晶康利龙隆美明鹏庆荣瑞润盛泰天通旺新兴雅益永宇元远泽正志中卓"
)
STARS = ("3", "2", "1")
ISSUED, UNTIL = datetime.date(2025, 6, 6), datetime.date(2099, 6, 5)


class Register:
    """Where the made rows take their kinds, places and people from."""

    def __init__(self, by: User):
        self.by = by
        self.categories = list(Category.objects.order_by("code").values_list("code", "name"))
        self.places = list(
            Division.objects.filter(code__endswith="00").order_by("code").values_list("code", "name")
        )
        self.body = CertificationBody.objects.order_by("pk")[0]
        self.campaign = Campaign.objects.order_by("pk")[0]

    @transaction.atomic
    def freeze(self, rows: int) -> Batch:
        """So many products more, in a frozen batch with their certificates and makers."""
        start = Product.objects.count()
        products = range(start + 1, start + rows + 1)
        certificates = _beyond(Certificate, products[-1], PRODUCTS_OF_A_CERTIFICATE)
        makers = _beyond(Enterprise, products[-1], PRODUCTS_OF_A_MAKER)
        batch = self._batch(products[-1])
        of_batch = {"batch": batch, "publisher": NATIONAL, "action": "list", "digest": "0" * 64}
        _insert(Enterprise(), map(self._enterprise, makers))
        _insert(EnterpriseLine(**of_batch, listed_in=batch.slug), map(self._enterprise_line, makers))
        _insert(Certificate(body=self.body), map(self._certificate, certificates))
        about = {"body_code": self.body.code, "body_name": self.body.name, "status": "valid"}
        _insert(CertificateLine(**of_batch, **about), map(self._certificate_line, certificates))
        _insert(Product(), map(self._product, products))
        own = {"basis": "certificate", "listed_in": batch.slug, "body_code": self.body.code}
        _insert(ProductLine(**of_batch, **own), map(self._product_line, products))
        return batch

    def _batch(self, last: int) -> Batch:
        ordinal = Batch.objects.count() + 1
        return Batch.objects.create(
            campaign=self.campaign,
            year=self.campaign.from_on.year,
            ordinal=ordinal,
            slug=f"{self.campaign.from_on.year}-{ordinal:03d}",
            title="测速用",
            state=Batch.State.SUBMITTED,
            digest=f"{last:064d}",
            created_by=self.by,
            submitted_by=self.by,
            submitted_at=timezone.now(),
        )

    def _enterprise(self, n: int) -> dict[str, Any]:
        name = _firm(n, self._place(n)[1])
        return {"id": n, "uscc": _code(n), "name": name, "name_key": name, "division_id": self._place(n)[0]}

    def _enterprise_line(self, n: int) -> dict[str, Any]:
        code, place = self._place(n)
        said = {"uscc": _code(n), "name": _firm(n, place), "division_code": code, "division_name": place}
        return {"key": f"{_code(n)}@{NATIONAL}", "position": n, "enterprise_id": n, **said}

    def _certificate(self, n: int) -> dict[str, Any]:
        dates = {"issued_on": ISSUED, "valid_until": UNTIL}
        return {"id": n, "number": _number(n), "number_key": _number(n), "star": STARS[n % 3], **dates}

    def _certificate_line(self, n: int) -> dict[str, Any]:
        said = {name: value for name, value in self._certificate(n).items() if name != "id"}
        return {"key": _number(n), "position": n, "certificate_id": n, "standard": "GB/T 35609", **said}

    def _product(self, n: int) -> dict[str, Any]:
        said = {
            "name": self._name(n),
            "name_key": self._name(n),
            "models_text": _models(n),
            "models_key": _models(n),
        }
        whose = {"enterprise_id": _maker_of(n), "certificate_id": _certificate_of(n)}
        return {
            "id": n,
            "serial": n,
            "category_id": self._category(n)[0],
            "brand": BRANDS[n % 9],
            **whose,
            **said,
        }

    def _product_line(self, n: int) -> dict[str, Any]:
        maker, certificate = _maker_of(n), _certificate_of(n)
        code, place = self._place(maker)
        category_code, category_name = self._category(n)
        return {
            "key": f"{n}@{NATIONAL}",
            "position": n,
            "product_id": n,
            "enterprise_id": maker,
            "certificate_id": certificate,
            "number": format_number(n),
            "name": self._name(n),
            "models_text": _models(n),
            "brand": BRANDS[n % 9],
            "category_code": category_code,
            "category_name": category_name,
            "enterprise_uscc": _code(maker),
            "enterprise_name": _firm(maker, place),
            "division_code": code,
            "division_name": place,
            "certificate_number": _number(certificate),
        }

    def _place(self, maker: int) -> tuple[str, str]:
        return self.places[maker * 7 % len(self.places)]

    def _category(self, n: int) -> tuple[str, str]:
        return self.categories[n * 11 % len(self.categories)]

    def _name(self, n: int) -> str:
        """Some hundred names a kind, as on real lists."""
        series = f"{n % 97}型" if n % 3 == 0 else ""
        return f"{QUALITIES[n // 7 % 10]}{QUALITIES[n // 3 % 10]}{self._category(n)[1]}{series}"


@transaction.atomic
def publish(batch: Batch, by: User) -> Edition:
    """Let the lines of a batch be public, in a statement a table."""
    edition = announce(cause=Edition.Cause.BATCH, subject=batch.slug, root="0" * 64, header={})
    for model in LINE_MODELS:
        model.objects.filter(batch=batch).stamp(from_edition=edition)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.PUBLISHED, edition=edition, published_by=by)
    return edition


def _beyond(model: type[models.Model], last_product: int, products_of_one: int) -> range:
    """Numbers of what the products up to the last need and is not there."""
    return range(model._default_manager.count() + 1, (last_product - 1) // products_of_one + 2)


def _maker_of(product: int) -> int:
    return (product - 1) // PRODUCTS_OF_A_MAKER + 1


def _certificate_of(product: int) -> int:
    return (product - 1) // PRODUCTS_OF_A_CERTIFICATE + 1


def _firm(n: int, place: str) -> str:
    letters = "".join(
        SYLLABLES[n // step * factor % len(SYLLABLES)] for step, factor in ((1, 7), (11, 3), (50, 1))
    )
    return f"{place}{letters}{TRADES[n % len(TRADES)]}有限公司"


def _code(n: int) -> str:
    front = f"91330702{n:09d}"
    return front + check_character(front)


def _number(n: int) -> str:
    return f"CTC-01(02)-(2025)-CGP-{n:06d}"


def _models(n: int) -> str:
    return f"P-{n % 4801} {600 + n % 40 * 50}×{300 + n % 20 * 60}×{6 + n % 9}mm"


def _insert(template: models.Model, rows: Iterable[dict[str, Any]]) -> None:
    """Rows that differ from the template in these columns, as tuples."""
    fields = list(template._meta.concrete_fields)
    common = {field.attname: _plain(field, getattr(template, field.attname)) for field in fields}
    is_numbered = False
    for chunk in _chunks(rows, ROWS_A_STATEMENT):
        is_numbered = "id" in chunk[0]
        columns = [field.attname for field in fields if is_numbered or not field.primary_key]
        by_name = {field.attname: field for field in fields}
        values = [
            [_plain(by_name[name], row[name]) if name in row else common[name] for name in columns]
            for row in chunk
        ]
        _insert_tuples(template._meta.db_table, [by_name[name].column for name in columns], values)
    if is_numbered:
        _past_the_numbers(type(template))


def _plain(field: Any, value: Any) -> Any:
    value = field.pre_save_value if hasattr(field, "pre_save_value") else value
    if value is None and (getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)):
        value = timezone.now()
    return field.get_db_prep_save(value, connection)


def _insert_tuples(table: str, columns: list[str], rows: list[list[Any]]) -> None:
    names = ", ".join(map(connection.ops.quote_name, columns))
    row = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES {', '.join([row] * len(rows))}",  # noqa: S608
            [value for values in rows for value in values],
        )


def _past_the_numbers(model: type[models.Model]) -> None:
    """Let the database number what comes after rows that were numbered by hand."""
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _chunks(rows: Iterable[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
