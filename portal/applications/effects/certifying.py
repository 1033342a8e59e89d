"""Products on a certificate: listed for the first time, or moved to the certificate that took the place of the old one."""

from typing import Any

from catalog.enterprises.models import Enterprise
from catalog.products.models import Certificate, CertificationBody, Product
from catalog.standing.days import is_over
from portal.applications.cases.certificates import certificate_named
from portal.applications.cases.models import Item
from portal.applications.cases.prefilling import renewed_certificate
from portal.applications.cases.workflow.lines import Key, identity
from portal.core.audit.changes import change_of, record_changes, save_working
from portal.core.editions import clock
from portal.core.workflow import NotAllowed

from .decision import Decision
from .drafts import enter_changed_products, enter_new_products, refuse_frozen
from .holders import other_holder

SAID = ("star", "applicant_name", "maker_name", "factory_name", "standard")
CHUNK = 500


def list_products(decision: Decision) -> dict[str, Any]:
    """The certificate, the approved products on it, and their entries in the publisher's next batch."""
    enterprise = decision.enterprise
    certificate = _certificate(decision, enterprise)
    products = _products(decision, enterprise, certificate)
    drafts = enter_new_products(decision, products)
    return {"certificate": certificate.pk, "products": len(products), "drafts": drafts}


def renew(decision: Decision) -> dict[str, Any]:
    """The new certificate, and every approved product on it instead of the old one; no product is typed again."""
    enterprise = decision.enterprise
    old = Certificate.objects.select_for_update().get(pk=renewed_certificate(decision.application).pk)
    products = list(
        Product.objects.filter(
            pk__in=[item.product_id for item in decision.items], enterprise=enterprise, certificate=old
        ).order_by("pk")
    )
    if len(products) != len(decision.items):
        raise NotAllowed(
            "case.product_moved", "有产品已不在旧证书下，可能已办过换证。请退回，由企业重新选择产品。"
        )
    refuse_frozen(products=products)
    certificate = _certificate(decision, enterprise, renews=old)
    _move(decision, products, certificate)
    drafts = enter_changed_products(decision, products)
    return {"certificate": certificate.pk, "renews": old.pk, "products": len(products), "drafts": drafts}


def _certificate(
    decision: Decision, enterprise: Enterprise, renews: Certificate | None = None
) -> Certificate:
    known = certificate_named(decision.values)
    if known is None:
        body = CertificationBody.objects.get(code=decision.values["body"])
        certificate = Certificate(body=body, number=decision.values["number"])
    else:
        certificate = Certificate.objects.select_for_update().select_related("body").get(pk=known.pk)
        _refuse_unfit(certificate, enterprise, renews)
    if renews is not None:
        _refuse_renewed(renews, certificate)
        certificate.renews = renews
    if known is None or not _carries_others(certificate, enterprise):
        _write(decision, certificate)
    if is_over(certificate.valid_until, clock.today()):
        raise NotAllowed(
            "case.certificate_ended",
            f"证书已于 {certificate.valid_until:%Y-%m-%d} 到期，其产品不能列入。请退回补正或不予通过。",
        )
    save_working(certificate, by=decision.by, source=decision.source)
    return certificate


def _write(decision: Decision, certificate: Certificate) -> None:
    for name in SAID:
        setattr(certificate, name, decision.values.get(name, ""))
    certificate.issued_on = decision.day("issued_on")
    until = decision.day("valid_until")
    assert until is not None  # noqa: S101 - nothing is handed in without it
    certificate.valid_until = until


def _refuse_unfit(certificate: Certificate, enterprise: Enterprise, renews: Certificate | None) -> None:
    if certificate.status != Certificate.Status.VALID:
        raise NotAllowed(
            "case.certificate_status",
            f"登记的证书 {certificate.number} 状态是「{certificate.get_status_display()}」，其产品不能列入。",
        )
    successor = Certificate.objects.filter(renews=certificate).first()
    if successor is not None:
        raise NotAllowed(
            "case.certificate_replaced",
            f"证书 {certificate.number} 已换证为 {successor.number}，请退回，由企业用新证书申报。",
        )
    if certificate.renews_id and renews is not None and certificate.renews_id != renews.pk:
        raise NotAllowed(
            "case.certificate_renews_another", f"证书 {certificate.number} 已登记为换自另一张证书，请核对。"
        )
    if holder := other_holder(certificate, enterprise):
        raise NotAllowed(
            "case.certificate_of_another",
            f"证书 {certificate.number} 已登记在「{holder}」名下，证书上也没有本企业的名称。请退回或不予通过。",
        )


def _refuse_renewed(old: Certificate, certificate: Certificate) -> None:
    other = Certificate.objects.filter(renews=old).exclude(pk=certificate.pk).first()
    if other is not None:
        raise NotAllowed(
            "case.renewed_already", f"证书 {old.number} 已换证为 {other.number}，请核对后退回或不予通过。"
        )


def _carries_others(certificate: Certificate, enterprise: Enterprise) -> bool:
    """What other enterprises' products rest on is not for this one to rewrite."""
    return Product.objects.filter(certificate=certificate).exclude(enterprise=enterprise).exists()


def _products(decision: Decision, enterprise: Enterprise, certificate: Certificate) -> list[Product]:
    """A working row for each approved line, a known one where name and models are those of the line."""
    known = {(product.name_key, product.models_key): product for product in _of(enterprise, certificate)}
    before = {product.pk: product.image() for product in known.values()}
    new: list[Product] = []
    pairs: list[tuple[Item, Product]] = []
    for item, said in decision.said_lines():
        key: Key = identity(said["name"], said["models_text"])
        product = known.get(key)
        if product is None:
            product = known[key] = Product(enterprise=enterprise, certificate=certificate)
            new.append(product)
        product.name, product.models_text = said["name"], said["models_text"]
        product.brand, product.category_id = said["brand"], said["category"]
        product.derive_keys()
        pairs.append((item, product))
    for product in known.values():
        if product.pk and product.image() != before[product.pk]:
            save_working(product, by=decision.by, source=decision.source)
    Product.objects.bulk_create(new, batch_size=CHUNK)
    record_changes(change_of(product, None, by=decision.by, source=decision.source) for product in new)
    for item, product in pairs:
        item.product = product
    Item.objects.bulk_update([item for item, _product in pairs], ["product"], batch_size=CHUNK)
    return [product for _item, product in pairs]


def _of(enterprise: Enterprise, certificate: Certificate) -> Any:
    return Product.objects.select_for_update().filter(enterprise=enterprise, certificate=certificate)


def _move(decision: Decision, products: list[Product], certificate: Certificate) -> None:
    there = {(product.name_key, product.models_key) for product in certificate.products.all()}
    for product in products:
        if (product.name_key, product.models_key) in there:
            raise NotAllowed(
                "case.product_twice",
                f"新证书下已有同名同型号的产品「{product.name}」，请退回，由企业去掉这一项。",
            )
    changes = []
    for product in products:
        before = product.image()
        product.certificate = certificate
        changes.append(change_of(product, before, by=decision.by, source=decision.source))
    Product.objects.bulk_update(products, ["certificate"], batch_size=CHUNK)
    record_changes(changes)
