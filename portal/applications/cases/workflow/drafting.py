"""The enterprise's half-done forms: saved, filled with products and papers, given up. No office reads a draft."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from catalog.publication.compiling.numbering import check_publisher
from catalog.publication.models import NATIONAL
from portal.applications.cases.cleaning import clean_values
from portal.applications.cases.models import Application, ApplicationKind, Document, ItemState, Purpose
from portal.core.accounts.models import User
from portal.core.audit.record import record
from portal.core.files.intake.documents import examine_document
from portal.core.files.store import store
from portal.core.text.normalise import clean, fold_number
from portal.core.workflow import NoPermission, NotAllowed, take

from .lines import save_lines
from .steps import EditConflict, Faulty, State, enterprise_step, may_write

DISCARD = enterprise_step("discarded", "放弃草稿", [State.DRAFT], State.WITHDRAWN)


def save_draft(
    application: Application,
    *,
    by: User,
    values: dict[str, Any],
    personal: dict[str, Any],
    revision: int,
    publisher: str | None = None,
) -> Application:
    """Keep what was typed; fields that are not named stay. Raises Faulty, and EditConflict where somebody saved since `revision`.

    The same content twice is saved once, so that a second press of the button is no conflict.
    """
    if publisher is not None:
        refuse_unknown_publisher(publisher)

    def keep(locked: Application) -> None:
        if publisher and publisher != locked.publisher:
            _refuse_another_list(locked)
            locked.publisher = publisher
        take_over(locked, values, personal)

    return _edit(application, keep, by=by, revision=revision, step="case.saved")


def set_items(
    application: Application, *, by: User, rows: list[dict[str, Any]], revision: int
) -> Application:
    """The open product lines are from now on `rows`; decided ones stay as they are. Raises Faulty and EditConflict.

    A row of a product case has name, models_text, brand, category, and `id` where it corrects a line that is there; a
    row of a renewal or a withdrawal has `product`, the key of one of the enterprise's products.
    """
    if len(rows) > settings.CASE_MAX_ITEMS:
        limit = settings.CASE_MAX_ITEMS
        raise NotAllowed(
            "case.too_many_items", f"一件最多 {limit:,} 个产品，现在有 {len(rows):,} 个，请分成几件申报。"
        )

    def keep(locked: Application) -> bool:
        return save_lines(locked, rows)

    return _edit(application, keep, by=by, revision=revision, step="case.items_saved")


def add_document(application: Application, *, by: User, purpose: str, content: bytes, name: str) -> Document:
    """Open, examine and keep a paper. Raises FileRefused for what is no sound picture or PDF, and NotAllowed."""
    if purpose not in Purpose.values:
        raise NotAllowed("case.purpose", "请选择这份材料的用途。")
    _refuse_unless_editable(application, by)
    examined = examine_document(content)
    with transaction.atomic():
        locked = _locked(application)
        _refuse_unless_editable(locked, by)
        if locked.documents.standing().count() >= settings.CASE_MAX_DOCUMENTS:
            raise NotAllowed(
                "case.too_many_documents",
                f"一件最多 {settings.CASE_MAX_DOCUMENTS} 份材料，请先移除不用的，或合成一份 PDF。",
            )
        file = store(
            examined.content,
            name=clean(name) or Purpose(purpose).label,
            media_type=examined.media_type,
            by=by,
        )
        document = Document.objects.create(
            application=locked, purpose=purpose, file=file, pages=max(examined.pages, 1), uploaded_by=by
        )
        record("case.document_added", locked, by=by, document=document.pk, purpose=purpose)
    return document


def remove_document(document: Document, *, by: User) -> None:
    """Take a paper out of the draft; what was handed in before stays with that submission."""
    with transaction.atomic():
        locked = _locked(document.application)
        _refuse_unless_editable(locked, by)
        standing = locked.documents.standing().filter(pk=document.pk).update(removed_at=timezone.now())
        if not standing:
            raise NotAllowed("case.document_gone", "这份材料已经移除了，请刷新页面。")
        record("case.document_removed", locked, by=by, document=document.pk)


def discard(application: Application, *, by: User) -> Application:
    """Give up a draft that was never handed in: what was typed is forgotten, the number stays used."""

    def forget(locked: Application) -> None:
        locked.values, locked.personal = {}, {}
        locked.saved_at = timezone.now()
        locked.items.all().delete()
        locked.documents.standing().update(removed_at=timezone.now())

    return take(DISCARD, application, by=by, effect=forget)


# -- what a draft is made of -------------------------------------------------------------------------------------------


def refuse_unknown_publisher(publisher: str) -> None:
    """Raises NotAllowed for whatever a changed form sends in place of a publisher."""
    if publisher != NATIONAL and not (publisher.isascii() and publisher.isdigit()):
        raise NotAllowed("batch.publisher", "没有这个发布方，请从名单中选择。")
    check_publisher(publisher)


def _refuse_another_list(application: Application) -> None:
    """The office was found by the list: an office must not be left to decide on a list that is not its own."""
    if application.submitted_at is not None:
        raise NotAllowed(
            "case.publisher_settled",
            "这一件已经按原来选的清单交给办理单位，不能改报另一份清单。请选回原来的清单；要报另一份，请撤回这一件后另行申报。",
        )


def take_over(application: Application, values: dict[str, Any], personal: dict[str, Any]) -> None:
    """Clean what was typed into the row. Raises Faulty, and NotAllowed for what is locked by a partial decision."""
    said, said_personal, faults = clean_values(application.kind, {**values, **personal})
    if faults:
        raise Faulty(faults)
    changed = {name for name, value in said.items() if application.values.get(name) != value}
    if changed and application.pk and application.items.filter(state=ItemState.APPROVED).exists():
        raise NotAllowed(
            "case.certificate_locked",
            "这张证书下已有产品通过，证书信息不能再改，只能改未通过的产品；证书写错的请联系办理单位。",
        )
    application.values = application.values | said
    application.personal = application.personal | said_personal
    application.target = _target(application)


def _target(application: Application) -> str:
    """What the case is about, so that the same matter is not under review twice."""
    values = application.values
    if application.kind == ApplicationKind.PRODUCT and values.get("body") and values.get("number"):
        return f"certificate:{values['body']}:{fold_number(values['number'])}"[:100]
    if application.kind == ApplicationKind.COMMITMENT and values.get("campaign"):
        return f"campaign:{values['campaign']}"
    return application.target


# -- how a draft is edited -----------------------------------------------------------------------------------------


def _edit(
    application: Application,
    change: Callable[[Application], bool | None],
    *,
    by: User,
    revision: int,
    step: str,
) -> Application:
    """Lock, look who edits what, change, count up. `change` may say False: nothing moved."""
    with transaction.atomic():
        locked = _locked(application)
        _refuse_unless_editable(locked, by)
        before = _content(locked)
        moved = change(locked)
        if moved is False or (moved is None and _content(locked) == before):
            return locked
        if revision != locked.revision:
            raise EditConflict(_fresh(application))
        locked.revision += 1
        locked.saved_at = timezone.now()
        locked.save()
        record(step, locked, by=by, revision=locked.revision)
    return locked


def _content(application: Application) -> tuple[Any, ...]:
    return application.values, application.personal, application.publisher, application.target


def _locked(application: Application) -> Application:
    return Application.objects.select_for_update().get(pk=application.pk)


def _fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def _refuse_unless_editable(application: Application, by: User) -> None:
    if not may_write(application, by):
        raise NoPermission("case.not_yours", "只有这家企业的管理人或经办人可以修改这一件，请由他们办理。")
    if not application.is_editable:
        label = application.get_state_display()
        raise NotAllowed("step.state", f"这一件的状态是「{label}」，现在不能修改。请刷新页面查看最新状态。")
