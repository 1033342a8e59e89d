"""What the public lists say of an enterprise, a certificate or a product, on its page at the desk."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from catalog.enterprises.models import Enterprise
from catalog.products.models import Certificate, Product
from catalog.publication.differences.comparing import label_of, words
from catalog.publication.models import Batch, BatchEntry, EnterpriseLine, Hold, Line
from catalog.publication.publishers import publisher_names
from catalog.standing.registers import CERTIFICATE
from portal.core.accounts.signed_in import person
from portal.core.audit.actors import actor_words, with_actor_now
from portal.core.audit.history import Edit, edits_of
from portal.core.audit.models import AuditEvent
from portal.core.audit.words import words_of as step_words
from portal.core.desk.picture import LOGGED, SHOWN, Difference, Logged, Part, Picture, Section, link
from portal.core.editions import clock
from portal.core.pages.templatetags.pages import day_words, status
from portal.core.text.numbers import format_number

from .batch_views import batch_href
from .registers import LINES, SAME, public_state, unpublished, with_public
from .takers import takers

MOST_LINES = 50  # of one thing, over the years


def public_part(request: HttpRequest, row: Any, picture: Picture) -> None:
    """Status, address, differences, batches, holds, and who did what."""
    seen_batches = batches_seen(request, row)
    lines = [line for line in lines_of(row) if line.from_edition_id or line.batch_id in seen_batches]
    current = [line for line in lines if line.from_edition_id and not line.until_edition_id]
    entries = open_entries(request, row)
    edits = edits_of(row)
    picture.status = public_state(with_public(type(row)._default_manager.filter(pk=row.pk)).get())
    if current:
        picture.public_href = public_href(current[0])
    picture.differences = differences_of(row, current, edits, entries)
    if person(request).may_somewhere("batches.compile") and (picture.differences or not current):
        picture.drafts = takers(request.user, type(row)._default_manager.filter(pk=row.pk))
    names = publisher_names()
    picture.facts += facts_of(lines, current, names)
    picture.sections += [batches_section(lines, entries, names, seen_batches), holds_section(row)]
    picture.log += log_of(row, lines, edits, with_looks=person(request).may_somewhere("audit.read"))


def lines_of(row: Any) -> list[Any]:
    """Frozen and public ones, newest first."""
    model, column = LINES[type(row)]
    lines = model._default_manager.filter(**{column: row}).select_related("batch", "from_edition")
    return list(lines.order_by("-pk")[:MOST_LINES])


def batches_seen(request: HttpRequest, row: Any) -> set[int]:
    """Which of the batches that froze it the person may open: what another office has not published is not told."""
    model, column = LINES[type(row)]
    batches = model._default_manager.filter(**{column: row}).order_by().values("batch")
    return set(Batch.objects.in_scope(request.user).filter(pk__in=batches).values_list("pk", flat=True))


def public_href(line: Any) -> str:
    if isinstance(line, EnterpriseLine):
        return reverse("enterprises:detail", args=[line.uscc])
    if hasattr(line, "product_id"):
        return reverse("products:detail", args=[line.number])
    return f"{reverse('check')}?{urlencode({'number': line.number})}"


def open_entries(request: HttpRequest, row: Any) -> list[BatchEntry]:
    """In drafts that the person may see."""
    batches = Batch.objects.in_scope(request.user).filter(state=Batch.State.DRAFT)
    column = LINES[type(row)][1]
    return list(BatchEntry.objects.filter(**{column: row}, batch__in=batches).select_related("batch"))


def differences_of(
    row: Any, current: list[Any], edits: list[Edit], entries: list[BatchEntry]
) -> list[Difference]:
    """Column by column of each public line; two publishers that say the same say it once."""
    where = SafeString(
        "、".join(link(batch_href(entry.batch), f"{entry.batch}，编制中") for entry in entries)
    )
    found = {}
    for line in current:
        if getattr(line, "listing_status", "") == "removed":
            continue
        for column, own in SAME[type(row)].items():
            before, after = getattr(line, column), value_of(row, own)
            if (before or "") != (after or ""):
                label, shown = said(line, row, column, own)
                found[label, shown] = Difference(label, *shown, last_edit(edits, label), where)
    return list(found.values())


def value_of(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part) if row is not None else None
    return row


def said(line: Line, row: Any, column: str, own: str) -> tuple[str, tuple[str, str]]:
    """A code is said by the name that stands beside it."""
    named = {
        "division_code": ("division_name", row.division if column == "division_code" else None),
        "category_code": ("category_name", getattr(row, "category", None)),
        "certificate_id": ("certificate_number", getattr(row, "certificate", None)),
    }
    if column in named:
        shown, present = named[column]
        return label_of(line, shown), (words(shown, getattr(line, shown)), str(present or "无"))
    return label_of(line, column), (words(column, getattr(line, column)), words(column, value_of(row, own)))


def last_edit(edits: list[Edit], label: str) -> str:
    """Who said so last, as far as the trail tells it."""
    for edit in edits:
        if any(field.label == label for field in edit.fields):
            return f"{edit.by or '系统'}，{day_words(clock.day_of(edit.at))}"
    return ""


def facts_of(lines: list[Any], current: list[Any], names: dict[str, str]) -> list[tuple[str, Any]]:
    if not current:
        return [("发布方", "无")]
    first = min((line for line in lines if line.from_edition_id), key=lambda line: line.from_edition_id)
    publishers = "、".join(dict.fromkeys(names.get(line.publisher, line.publisher) for line in current))
    day = day_words(clock.day_of(first.from_edition.at))
    return [("发布方", publishers), ("首次公开", f"第{first.from_edition_id}版，{day}")]


def batches_section(
    lines: list[Any], entries: list[BatchEntry], names: dict[str, str], seen: set[int]
) -> Section:
    """What each batch did to it, removals with their reasons; drafts first. One of another office leads to its public page."""
    rows = [batch_row(entry.batch, batch_href(entry.batch), entry, names) for entry in entries]
    for line in lines:
        if batch := line.batch:
            href = batch_href(batch) if batch.pk in seen else reverse("batches:detail", args=[batch.slug])
            rows.append(batch_row(batch, href, line, names))
    return Section("batches", "批次", ("批次", "动作", "状态", "发布方", "理由"), rows[:SHOWN], len(rows))


def batch_row(batch: Batch, href: str, act: Any, names: dict[str, str]) -> list[Any]:
    edition = getattr(act, "from_edition_id", None)
    state = f"已公布，第{edition}版" if edition else batch.get_state_display()
    reason = "：".join(
        part for part in (act.get_reason_code_display() if act.reason_code else "", act.reason) if part
    )
    publisher = names.get(act.publisher, act.publisher)
    return [link(href, batch), act.get_action_display(), state, publisher, reason]


def holds_section(row: Any) -> Section:
    holds = Hold.objects.filter(**{LINES[type(row)][1]: row}).select_related("set_by").order_by("-pk")
    rows = [
        [
            "解除核查" if hold.is_lifted else "核查中",
            hold.reason,
            day_words(hold.until_on),
            str(hold.set_by or ""),
        ]
        for hold in holds[:SHOWN]
    ]
    return Section("holds", "核查", ("事项", "说明", "截止", "谁"), rows, len(rows))


def log_of(row: Any, lines: list[Any], edits: list[Edit], *, with_looks: bool) -> Iterable[Logged]:
    """What became of the row. Who looked at its contact person is for those who read the trail."""
    for edit in edits[:LOGGED]:
        what = "、".join([*(field.label for field in edit.fields), *edit.personal]) or "资料"
        by = edit.by or "系统"
        source = f"（{edit.source}）" if edit.source and edit.source != "工作台" else ""
        yield Logged(edit.at, f"{by} {'新建' if edit.is_created else f'改{what}'}{source}")
    events = AuditEvent.objects.filter(target=row._meta.label_lower, target_id=str(row.pk)).order_by("-pk")
    events = events if with_looks else events.exclude(step__endswith=".revealed")
    for event in with_actor_now(events)[:LOGGED]:
        yield Logged(event.at, f"{actor_words(event)} {step_words(event.step)}")
    for line in lines:
        if line.from_edition_id:
            yield Logged(line.from_edition.at, f"第{line.from_edition_id}版公布：{line.get_action_display()}")


# -- what belongs to it ------------------------------------------------------------------------------------------------
def enterprise_part(request: HttpRequest, enterprise: Enterprise, picture: Picture) -> None:
    products = Product.objects.filter(enterprise=enterprise)
    more = reverse("admin:products_product_changelist") + f"?{urlencode({'q': enterprise.name})}"
    certificates = Certificate.objects.filter(pk__in=products.exclude(certificate=None).values("certificate"))
    place = enterprise.division.full_name if enterprise.division else "未填"
    former = "、".join(former.name for former in enterprise.former_names.all())
    picture.facts += [("信用代码", enterprise.uscc), ("所在地", place)]
    picture.facts += [("曾用名", former)] if former else []
    picture.sections += [products_section(products, more), certificates_section(certificates)]


def certificate_part(request: HttpRequest, certificate: Certificate, picture: Picture) -> None:
    standing = CERTIFICATE.of(certificate, clock.today())
    picture.facts += [
        ("今天", status(standing.code)),
        ("有效期至", day_words(certificate.valid_until)),
        ("机构", certificate.body.name),
    ]
    checks = certificate.checks.select_related("checked_by").order_by("-checked_on", "-pk")
    rows = [
        [day_words(one.checked_on), one.get_result_display(), one.source, str(one.checked_by)]
        for one in checks[:SHOWN]
    ]
    products = Product.objects.in_scope(person(request)).filter(certificate=certificate)
    more = reverse("admin:products_product_changelist") + f"?{urlencode({'q': certificate.number})}"
    picture.sections += [
        products_section(products, more),
        Section("checks", "核验", ("日期", "结果", "来源", "谁"), rows, len(rows)),
    ]


def product_part(request: HttpRequest, product: Product, picture: Picture) -> None:
    maker = reverse("admin:enterprises_enterprise_change", args=[product.enterprise_id])
    picture.facts += [("企业", link(maker, product.enterprise)), ("品类", product.category.name)]
    if product.serial:
        picture.facts.append(("清单编号", format_number(product.serial)))
    if product.certificate:
        href = reverse("admin:products_certificate_change", args=[product.certificate_id])
        ends = day_words(product.certificate.valid_until)
        picture.facts += [("证书", link(href, product.certificate)), ("证书到期", ends)]
    others = Product.objects.filter(enterprise=product.enterprise_id).exclude(pk=product.pk)
    more = reverse("admin:products_product_changelist") + f"?{urlencode({'q': product.enterprise.name})}"
    picture.sections.append(products_section(others, more, title="同一企业的产品"))


def products_section(products: models.QuerySet, more_href: str, *, title: str = "产品") -> Section:
    total = products.count()
    shown = with_public(products.select_related("certificate")).order_by("serial", "pk")[:SHOWN]
    rows = [
        [
            link(reverse("admin:products_product_change", args=[product.pk]), product.name),
            format_number(product.serial) if product.serial else "",
            product.models_text,
            link(
                reverse("admin:products_certificate_change", args=[product.certificate_id]),
                product.certificate,
            )
            if product.certificate
            else "",
            day_words(product.certificate.valid_until) if product.certificate else "",
            public_state(product),
            unpublished(product),
        ]
        for product in shown
    ]
    heads = ("产品", "清单编号", "型号", "证书", "到期", "公开状态", "未公布")
    return Section("products", title, heads, rows, total, more_href if total > len(rows) else "")


def certificates_section(certificates: models.QuerySet) -> Section:
    today = clock.today()
    shown = certificates.select_related("body").order_by("valid_until", "pk")[:SHOWN]
    rows = [
        [
            link(reverse("admin:products_certificate_change", args=[one.pk]), one.number),
            one.body.name,
            one.get_star_display(),
            day_words(one.valid_until),
            status(CERTIFICATE.of(one, today).code),
        ]
        for one in shown
    ]
    heads = ("证书", "机构", "等级", "有效期至", "状态")
    return Section("certificates", "证书", heads, rows, certificates.count())


PARTS_OF_RECORDS: dict[type[models.Model], tuple[Part, ...]] = {
    Enterprise: (enterprise_part, public_part),
    Certificate: (certificate_part, public_part),
    Product: (product_part, public_part),
}
