"""What befalls listed things in the demonstration: suspended, removed, renamed, renewed, corrected, looked into."""

import datetime

from catalog.enterprises.models import Enterprise, FormerName
from catalog.products.models import Certificate, Product
from catalog.publication.compiling import compile as compiling
from catalog.publication.compiling.compile import Reason
from catalog.publication.models import Action, Batch, ReasonCode
from portal.core.accounts.models import User
from portal.core.audit.changes import save_working

from .world import BODY_NAME, YEARS_VALID, years_before

SOURCE = "demonstration"
AUTHORITY = "示例市市场监督管理局（虚构）"
DOCUMENT = "示例市监抽检通报第 7 号（虚构）"


def suspend_certificate(batch: Batch, certificate: Certificate, *, on: datetime.date, by: User) -> None:
    """The body suspends a certificate; its products are suspended with it."""
    _set_status(batch, certificate, Certificate.Status.SUSPENDED, "获证后监督未按期实施", on=on, by=by)
    reason = _reason(ReasonCode.CERTIFICATE_LOST, "证书被认证机构暂停，产品一并暂停列示", on)
    compiling.act_on(batch, certificate, Action.SUSPEND, by=by, reason=reason)


def revoke_certificate(batch: Batch, certificate: Certificate, *, on: datetime.date, by: User) -> None:
    _set_status(batch, certificate, Certificate.Status.REVOKED, "监督检查发现不再符合认证要求", on=on, by=by)
    reason = _reason(ReasonCode.CERTIFICATE_LOST, "证书被认证机构撤销", on)
    compiling.act_on(batch, certificate, Action.REMOVE, by=by, reason=reason)


def cancel_certificate(batch: Batch, certificate: Certificate, *, on: datetime.date, by: User) -> None:
    _set_status(batch, certificate, Certificate.Status.CANCELLED, "持证企业申请注销", on=on, by=by)
    reason = _reason(ReasonCode.WITHDRAWN, "企业停产该系列，申请注销证书并退出清单", on)
    compiling.act_on(batch, certificate, Action.REMOVE, by=by, reason=reason)


def remove_enterprise(batch: Batch, enterprise: Enterprise, *, on: datetime.date, by: User) -> None:
    """Everything of the enterprise goes, from the lists of all publishers."""
    reason = Reason(
        ReasonCode.QUALITY, "监督抽查发现多批次产品不合格，且未在期限内整改", on, AUTHORITY, DOCUMENT
    )
    compiling.act_on(batch, enterprise, Action.REMOVE, by=by, reason=reason)


def remove_product(batch: Batch, product: Product, *, on: datetime.date, by: User) -> None:
    reason = Reason(ReasonCode.MISMATCH, "在售产品与获证产品规格不一致", on, AUTHORITY, DOCUMENT)
    compiling.act_on(batch, product, Action.REMOVE, by=by, reason=reason)


def suspend_product(batch: Batch, product: Product, *, on: datetime.date, by: User) -> None:
    reason = Reason(ReasonCode.QUALITY, "一批次抽查不合格，整改复查期间暂停列示", on, AUTHORITY, DOCUMENT)
    compiling.act_on(batch, product, Action.SUSPEND, by=by, reason=reason)


def rename_enterprise(
    batch: Batch, enterprise: Enterprise, name: str, *, on: datetime.date, by: User
) -> None:
    """The enterprise bears another name; the lines of its products follow when the batch is frozen."""
    FormerName.objects.create(
        enterprise=enterprise, name=enterprise.name, until_on=on, evidence="营业执照变更登记（虚构）"
    )
    enterprise.name = name
    save_working(enterprise, by=by, source=SOURCE)
    compiling.enter_enterprises(batch, [enterprise], by=by)


def renew_certificate(batch: Batch, certificate: Certificate, *, on: datetime.date, by: User) -> Certificate:
    """A new certificate takes the place of one that is about to end, and the products rest on the new one (换证)."""
    renewed = Certificate(
        body=certificate.body,
        number=f"{certificate.number.rsplit('-', 2)[0]}-{on.year}-{certificate.number[-4:]}R",
        star=certificate.star,
        maker_name=certificate.maker_name,
        applicant_name=certificate.applicant_name,
        factory_name=certificate.factory_name,
        standard=certificate.standard,
        issued_on=on,
        valid_until=years_before(on, -YEARS_VALID) - datetime.timedelta(days=1),
        renews=certificate,
    )
    save_working(renewed, by=by, source=SOURCE)
    products = list(certificate.products.all())
    for product in products:
        product.certificate = renewed
        save_working(product, by=by, source=SOURCE)
    compiling.enter_products(batch, products, by=by)
    return renewed


def correct_end(batch: Batch, certificate: Certificate, valid_until: datetime.date, *, by: User) -> None:
    """勘误: the certificate ended long ago, the list had its last day wrong."""
    certificate.issued_on = years_before(valid_until + datetime.timedelta(days=1), YEARS_VALID)
    certificate.valid_until = valid_until
    save_working(certificate, by=by, source=SOURCE)
    reason = Reason(ReasonCode.CLERICAL, "有效期录入有误，以证书所载为准")
    compiling.enter_certificates(batch, [certificate], by=by, reason=reason)


def correct_models(batch: Batch, product: Product, models_text: str, *, by: User) -> None:
    product.models_text = models_text
    save_working(product, by=by, source=SOURCE)
    reason = Reason(ReasonCode.CLERICAL, "规格型号漏录一项，补全")
    compiling.enter_products(batch, [product], by=by, reason=reason)


def _set_status(
    batch: Batch, certificate: Certificate, status: str, reason: str, *, on: datetime.date, by: User
) -> None:
    certificate.status, certificate.status_reason, certificate.status_on = status, reason, on
    save_working(certificate, by=by, source=SOURCE)
    compiling.enter_certificates(batch, [certificate], by=by)


def _reason(code: str, text: str, on: datetime.date) -> Reason:
    return Reason(code, text, on, BODY_NAME)
