"""What still stands in the way of handing a draft in: empty fields, missing papers, dates that cannot be."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.standing.days import is_over
from portal.core.editions import clock
from portal.core.text.normalise import fold_number

from .cleaning import clean_values, field_label
from .forms import FORMS, SOME
from .models import Application, ApplicationKind, ItemState, Purpose
from .prefilling import certificate_to_renew

Kind = ApplicationKind
OPEN_LINES = (ItemState.PENDING, ItemState.RETURNED)


@dataclass(frozen=True)
class Missing:
    """A field of the form, or "documents.<purpose>" or "items"; the sentence says what to do."""

    field: str
    sentence: str


def missing(application: Application) -> list[Missing]:
    """In the order of the form; empty where the case may be handed in."""
    return [
        *_fields(application),
        *_dates(application),
        *_changes(application),
        *_papers(application),
        *_lines(application),
    ]


def is_renamed(application: Application) -> bool:
    name = application.values.get("name")
    enterprise = application.enterprise
    return bool(application.kind == Kind.CHANGE and enterprise and name and name != enterprise.name)


def papers_wanted(application: Application) -> list[str]:
    """Purposes of the papers without which the case cannot be handed in."""
    values = application.values
    wanted = {
        Kind.REGISTER: [Purpose.LICENCE],
        Kind.CHANGE: [Purpose.RENAME] if is_renamed(application) else [],
        Kind.PRODUCT: [Purpose.CERTIFICATE],
        Kind.RENEWAL: [Purpose.CERTIFICATE],
        Kind.WITHDRAW: [],
        Kind.COMMITMENT: [Purpose.LETTER],
    }[Kind(application.kind)]
    if application.kind == Kind.REGISTER and not values.get("is_legal_representative"):
        wanted = [*wanted, Purpose.AUTHORISATION]
    return [purpose.value for purpose in wanted]


def _fields(application: Application) -> Iterator[Missing]:
    stored = {**application.values, **application.personal}
    _values, _personal, faults = clean_values(application.kind, stored)
    for name, field in FORMS[application.kind].base_fields.items():
        if name in faults:
            yield Missing(name, faults[name])
        elif field.is_needed and stored.get(name) in (None, ""):
            yield Missing(name, f"请填写「{field.declared.label}」。")
    if is_renamed(application):
        for name in ("renamed_on", "rename_evidence"):
            if not application.values.get(name):
                yield Missing(name, f"企业名称变了，请填写「{field_label(application.kind, name)}」。")


def _dates(application: Application) -> Iterator[Missing]:
    today = clock.today()
    issued, until = _day(application, "issued_on"), _day(application, "valid_until")
    for name in ("issued_on", "signed_on", "renamed_on"):
        day = _day(application, name)
        if day and day > today:
            label = field_label(application.kind, name)
            yield Missing(name, f"「{label}」在今天之后，请核对。")
    if application.kind in (Kind.PRODUCT, Kind.RENEWAL) and until:
        if issued and until < issued:
            yield Missing("valid_until", "「有效期至」早于「发证日期」，请照证书核对。")
        elif is_over(until, today):
            yield Missing(
                "valid_until", f"这张证书已于 {until.isoformat()} 到期，不能列入清单；请用换发的新证书申报。"
            )
    signed = _day(application, "signed_on")
    if application.kind == Kind.COMMITMENT and until and signed and until < signed:
        yield Missing("valid_until", "「有效期至」早于「签署日期」，请核对。")


def _changes(application: Application) -> Iterator[Missing]:
    """A case that asks for what already stands is none."""
    values, enterprise = application.values, application.enterprise
    if application.kind == Kind.CHANGE and enterprise:
        said = ("name", "address", "phone", "website", "sells_in")
        is_same = all(values.get(name, "") == getattr(enterprise, name) for name in said)
        is_same &= values.get("division", "") == (enterprise.division_id or "")
        is_same &= all(
            application.personal.get(name, "") == getattr(enterprise, name) for name in enterprise.PERSONAL
        )
        if is_same:
            yield Missing("all", "没有任何改动：请先改要变更的内容，再提交。")
    if application.kind == Kind.RENEWAL:
        old = certificate_to_renew(application)
        if old is None:
            yield Missing(
                "all", "旧证书下已经没有本企业的产品，多半已办过换证。这一件不用再办，请放弃草稿或撤回。"
            )
        elif (
            values.get("number")
            and values.get("body") == old.body.code
            and fold_number(values["number"])[:80] == old.number_key
        ):
            yield Missing(
                "number", "新证书的编号与旧证书相同。请照新证书填写；编号没有变的，请给办理单位留言。"
            )


def _papers(application: Application) -> Iterator[Missing]:
    there = set(application.documents.standing().values_list("purpose", flat=True))
    for purpose in papers_wanted(application):
        if purpose not in there:
            yield Missing(f"documents.{purpose}", f"请上传{Purpose(purpose).label}。")


def _lines(application: Application) -> Iterator[Missing]:
    needs_lines = application.kind in (Kind.PRODUCT, Kind.RENEWAL) or (
        application.kind == Kind.WITHDRAW and application.values.get("scope") == SOME
    )
    lines = list(application.items.filter(state__in=OPEN_LINES)) if needs_lines else []
    if needs_lines and not lines:
        yield Missing("items", "请至少填写或选择一个产品。")
    for line in lines if application.kind == Kind.PRODUCT else ():
        for name, value in (("name", line.name), ("category", line.category_id)):
            if not value:
                label = field_label(application.kind, "category") if name == "category" else "产品名称"
                yield Missing(f"items.{line.pk}.{name}", f"第 {line.position} 行缺「{label}」。")


def _day(application: Application, name: str) -> datetime.date | None:
    text = application.values.get(name)
    return datetime.date.fromisoformat(text) if text else None
