"""How a form of an enterprise begins: with all that the portal knows of the matter, under a number of its own."""

import secrets
from typing import Any

from django.db import IntegrityError, transaction

from catalog.enterprises.models import Enterprise, Membership
from catalog.fields.catalogue import ENTERPRISE
from catalog.fields.invalid import InvalidValue
from catalog.publication.models import NATIONAL
from portal.applications.cases.models import Application, ApplicationKind
from portal.applications.cases.prefilling import prefilled, products_to_renew
from portal.core.accounts.models import User
from portal.core.audit.record import record
from portal.core.editions import clock
from portal.core.text import uscc as codes
from portal.core.text.normalise import clean
from portal.core.workflow import NoPermission, NotAllowed

from .drafting import refuse_unknown_publisher, take_over
from .lines import save_lines
from .steps import WRITERS, Faulty, State

WITH_TARGET = (ApplicationKind.RENEWAL, ApplicationKind.COMMITMENT)


NUMBER_TRIES = 20


def start(
    kind: str,
    *,
    by: User,
    uscc: str = "",
    enterprise: Enterprise | None = None,
    target: str = "",
    publisher: str = NATIONAL,
    values: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> Application:
    """A draft with all that the portal knows; the account's own open one of the same matter, where there is one.

    A registration names the `uscc`, everything else the `enterprise`. Raises NotAllowed and Faulty.
    """
    if kind not in ApplicationKind.values:
        raise NotAllowed("case.kind", "没有这种申报。")
    refuse_unknown_publisher(publisher)
    target = clean(target)[:100] if kind in WITH_TARGET else ""
    code = _registered_code(uscc, by) if kind == ApplicationKind.REGISTER else _member_code(enterprise, by)
    application = Application(
        kind=kind, uscc=code, target=target, publisher=publisher, created_by=by, enterprise=enterprise
    )
    if kind == ApplicationKind.REGISTER:
        application.enterprise = Enterprise.objects.filter(uscc=code).first()
    present = _open_one(application, by)
    if present is not None:
        return present
    application.values, application.personal = prefilled(application)
    take_over(application, values or {}, personal or {})
    with transaction.atomic():
        _save_numbered(application)
        if kind == ApplicationKind.RENEWAL:
            save_lines(application, [{"product": product.pk} for product in products_to_renew(application)])
        record("case.begun", application, by=by, kind=kind)
    return application


def _registered_code(uscc: str, by: User) -> str:
    """A code that an enterprise may be registered or claimed under. A doubtful check character is for the reviewer."""
    try:
        verdict = ENTERPRISE["uscc"].read(uscc)
    except InvalidValue as fault:
        raise Faulty({"uscc": fault.sentence}) from None
    if verdict is None:
        raise Faulty({"uscc": codes.verdict("").reason})
    if not by.is_active:
        raise NoPermission("case.not_yours", "您的账号已停用，请联系管理员。")
    if Membership.objects.of(by).filter(enterprise__uscc=verdict.code).exists():
        raise NotAllowed("case.member_already", "您已经是这家企业的成员，不用再登记，请直接办理其他事项。")
    return verdict.code


def _member_code(enterprise: Enterprise | None, by: User) -> str:
    members = Membership.objects.of(by).filter(enterprise=enterprise, role__in=WRITERS)
    if enterprise is None or not by.is_active or not members.exists():
        raise NoPermission("case.not_yours", "只有这家企业的管理人或经办人可以申报，请由他们办理。")
    return enterprise.uscc


def _open_one(application: Application, by: User) -> Application | None:
    """The account's own draft of the same matter: a form that is opened twice is one form.

    One enterprise may hold several certificates, so a product case counts only while nothing was written in it.
    """
    mine = Application.objects.filter(
        created_by=by,
        uscc=application.uscc,
        kind=application.kind,
        state__in=[State.DRAFT, State.RETURNED],
    )
    if application.kind == ApplicationKind.PRODUCT:
        mine = mine.filter(state=State.DRAFT, revision=0, publisher=application.publisher)
    else:
        mine = mine.filter(target=application.target)
    return mine.order_by("-pk").first()


def _save_numbered(application: Application) -> None:
    """Day and five random digits: no number tells how many there are or what the next one is."""
    for _try in range(NUMBER_TRIES):
        application.number = f"{clock.today():%y%m%d}-{secrets.randbelow(100_000):05d}"
        if Application.objects.filter(number=application.number).exists():
            continue
        try:
            with transaction.atomic():
                application.save(force_insert=True)
                return
        except IntegrityError as error:
            if not Application.objects.filter(number=application.number).exists():
                raise NotAllowed("case.not_saved", "没有存下来，请再试一次。") from error
    raise NotAllowed("case.not_saved", "现在编不出受理编号，请过一会儿再试。")
