"""Makes unsaved lines out of working rows, or out of the line that is public now."""

from catalog.enterprises.models import Enterprise
from catalog.products.models import Certificate, Product
from portal.core.text.numbers import format_number

from ..models import Action, BatchEntry, CertificateLine, EnterpriseLine, Line, ListingStatus, ProductLine

ACT = ("action", "reason_code", "reason", "fact_on", "authority", "document")
FACE = ("uscc", "name", "division_code", "division_name")  # what product lines repeat of their enterprise
COPYING = frozenset({Action.SUSPEND, Action.RESUME, Action.REMOVE, Action.FOLLOW})
STATUS_AFTER = {
    Action.SUSPEND: ListingStatus.SUSPENDED,
    Action.RESUME: ListingStatus.LISTED,
    Action.REMOVE: ListingStatus.REMOVED,
    Action.LIST: ListingStatus.LISTED,
    Action.RELIST: ListingStatus.LISTED,
}


def act_of(entry: BatchEntry) -> dict:
    return {name: getattr(entry, name) for name in ACT}


def enterprise_line(
    entry: BatchEntry, current: EnterpriseLine | None, *, former_names: list[dict], division_name: str
) -> EnterpriseLine:
    enterprise: Enterprise = entry.enterprise  # type: ignore[assignment]
    return EnterpriseLine(
        key=f"enterprise/{enterprise.uscc}/{entry.publisher}",
        publisher=entry.publisher,
        enterprise=enterprise,
        replaces=current,
        listed_in=_listed_in(entry, current),
        listing_status=_status_after(entry, current),
        uscc=enterprise.uscc,
        name=enterprise.name,
        former_names=former_names,
        division_code=enterprise.division_id or "",
        division_name=division_name,
        phone=enterprise.phone,
        website=enterprise.website,
        sells_in=enterprise.sells_in,
        **act_of(entry),
    )


def certificate_line(
    certificate: Certificate, current: CertificateLine | None, *, publisher: str, entry: BatchEntry | None
) -> CertificateLine:
    """`entry` is None for a certificate that comes along with a product."""
    act = act_of(entry) if entry else {}
    if act.get("action") not in {Action.CORRECT, Action.SUSPEND, Action.RESUME}:
        act["action"] = Action.LIST if current is None else Action.CHANGE
    return CertificateLine(
        key=f"certificate/{certificate.body.code}/{certificate.number_key}",
        publisher=publisher,
        certificate=certificate,
        replaces=current,
        body_code=certificate.body.code,
        body_name=certificate.body.name,
        number=certificate.number,
        number_key=certificate.number_key,
        star=certificate.star,
        applicant_name=certificate.applicant_name,
        maker_name=certificate.maker_name,
        factory_name=certificate.factory_name,
        standard=certificate.standard,
        issued_on=certificate.issued_on,
        valid_until=certificate.valid_until,
        status=certificate.status,
        status_reason=certificate.status_reason,
        status_on=certificate.status_on,
        renews_number=certificate.renews.number if certificate.renews else "",
        **act,
    )


def product_line(
    entry: BatchEntry, current: ProductLine | None, *, enterprise: EnterpriseLine
) -> ProductLine:
    """`enterprise` is the enterprise's line after this batch: what is repeated of it was approved with it."""
    product: Product = entry.product  # type: ignore[assignment]
    certificate, requirement = product.certificate, product.requirement
    number = format_number(product.serial) if product.serial else ""
    line = ProductLine(
        publisher=entry.publisher,
        product=product,
        enterprise_id=product.enterprise_id,
        certificate=certificate,
        replaces=current,
        listed_in=_listed_in(entry, current),
        listing_status=_status_after(entry, current),
        number=number,
        name=product.name,
        models_text=product.models_text,
        brand=product.brand,
        category_code=product.category_id,
        category_name=product.category.name,
        enterprise_uscc=enterprise.uscc,
        enterprise_name=enterprise.name,
        division_code=enterprise.division_code,
        division_name=enterprise.division_name,
        basis=ProductLine.Basis.CERTIFICATE if certificate else ProductLine.Basis.LOCAL,
        body_code=certificate.body.code if certificate else "",
        certificate_number=certificate.number if certificate else "",
        requirement_title=requirement.title if requirement else "",
        requirement_version=requirement.version if requirement else "",
        **act_of(entry),
    )
    line.key = product_key(line)
    return line


def product_key(line: ProductLine) -> str:
    return f"product/{line.number or f'new-{line.product_id}'}/{line.publisher}"


def copied_line(current, entry: BatchEntry):
    """A new line with the public content of the current one: an act about it never lets working data through."""
    line = type(current)(
        key=current.key,
        publisher=current.publisher,
        replaces=current,
        **{name: getattr(current, name) for name in content_fields(type(current))},
        **act_of(entry),
    )
    line.listing_status = _status_after(entry, current)
    return line


def following_enterprise(line: EnterpriseLine, changed: EnterpriseLine) -> EnterpriseLine:
    """Another publisher's line of an enterprise whose face changed."""
    follower = copied_line(line, _follow(line))
    follower.key = f"enterprise/{changed.uscc}/{line.publisher}"
    follower.former_names = changed.former_names
    for name in FACE:
        setattr(follower, name, getattr(changed, name))
    return follower


def following_product(line: ProductLine, changed: EnterpriseLine | None) -> ProductLine:
    follower = copied_line(line, _follow(line))
    if changed is not None:
        follower.enterprise_uscc, follower.enterprise_name = changed.uscc, changed.name
        follower.division_code, follower.division_name = changed.division_code, changed.division_name
    return follower


def content_fields(model: type[Line]) -> list[str]:
    """The sealed columns that say something about the thing itself, not about the act or the place in the batch."""
    return [name for name in model.SEALED if name not in Line.ACT]


def content(line: Line) -> list:
    return [getattr(line, name) for name in content_fields(type(line))]


def face(line: EnterpriseLine) -> list:
    return [getattr(line, name) for name in FACE]


def _follow(line: Line) -> BatchEntry:
    return BatchEntry(action=Action.FOLLOW, publisher=line.publisher)


def _listed_in(entry: BatchEntry, current) -> str:
    """Slug of the batch that listed it, or listed it again; later changes keep it."""
    if current is None or entry.action == Action.RELIST:
        return entry.batch.slug
    return current.listed_in


def _status_after(entry: BatchEntry, current) -> str:
    if entry.action in STATUS_AFTER:
        return STATUS_AFTER[Action(entry.action)]
    return current.listing_status if current is not None else ListingStatus.LISTED
