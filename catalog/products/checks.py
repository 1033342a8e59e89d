"""That a certificate was looked up at its source, when and by whom: dated evidence, published at once and never edited."""

import datetime

from django.db import transaction

from portal.core.audit.record import record
from portal.core.editions import clock
from portal.core.editions.release import lock_editions, release_record
from portal.core.text.normalise import clean
from portal.core.workflow import NoPermission, NotAllowed

from .models import Certificate, CertificateCheck

SOURCE = "认e云（cx.cnca.cn）"


def record_check(
    certificate: Certificate,
    *,
    by,
    result: str,
    checked_on: datetime.date | None = None,
    source: str = SOURCE,
    note: str = "",
    evidence=None,
) -> CertificateCheck:
    """Publish one check as an edition of its own. Raises NotAllowed for a day to come or an unknown result."""
    day = checked_on or clock.today()
    if not by.may_somewhere("checks.record"):
        raise NoPermission("step.permission", "您的账号没有记录核验的权限，请联系管理员授权。")
    if day > clock.today():
        raise NotAllowed("check.future", f"核验日期 {day} 还没有到，请填写今天或以前的日期。")
    if certificate.issued_on and day < certificate.issued_on:
        raise NotAllowed("check.before_issue", f"核验日期早于发证日期 {certificate.issued_on}，请核对。")
    if result not in Certificate.Status.values:
        raise NotAllowed("check.result", "核验结果须是有效、暂停、撤销或注销之一。")
    with transaction.atomic():
        lock_editions()  # which also gives checks of one certificate their numbers one after the other
        locked = Certificate.objects.select_related("body").get(pk=certificate.pk)
        number = locked.checks.count() + 1
        check = CertificateCheck(
            key=f"check/{locked.body.code}/{locked.number_key}/{number}",
            certificate=locked,
            body_code=locked.body.code,
            certificate_number=locked.number,
            checked_on=day,
            checked_by=by,
            source=clean(source)[:60],
            result=result,
            note=clean(note)[:200],
            evidence=evidence,
        )
        edition = release_record(check)
        record("certificate.checked", locked, by=by, edition=edition.number, result=result, on=day)
    return check
