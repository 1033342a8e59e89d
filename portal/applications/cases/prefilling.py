"""What a new draft begins with: nothing is asked that the portal knows and the person may read."""

from collections.abc import Callable
from typing import Any

from catalog.campaigns.models import Campaign
from catalog.enterprises.models import Enterprise
from catalog.products.models import Certificate, Product
from catalog.publication.models import NATIONAL, EnterpriseLine, ListingStatus
from events.commitments.models import TemplateVersion
from portal.core.text.digits import whole
from portal.core.text.normalise import fold
from portal.core.workflow import NotAllowed

from .models import Application, ApplicationKind, ApplicationState

Filled = tuple[dict[str, Any], dict[str, Any]]


def prefilled(application: Application) -> Filled:
    """(values, personal) of a new draft: what the register holds, under it what was said in a case that came to nothing."""
    values, personal = _FILLED[application.kind](application)
    earlier = _given_up(application)
    if earlier is None:
        return values, personal
    return values | earlier.values, personal | earlier.personal


def certificate_to_renew(application: Application) -> Certificate | None:
    """The certificate that a renewal is about; None where products of this enterprise do not rest on it, or no longer."""
    key = whole(application.target.removeprefix("certificate:"))
    owned = Certificate.objects.filter(products__enterprise=application.enterprise_id)
    return owned.filter(pk=key).select_related("body").first() if key else None


def renewed_certificate(application: Application) -> Certificate:
    """The same, for what cannot be done without it. Raises NotAllowed."""
    certificate = certificate_to_renew(application)
    if certificate is None:
        raise NotAllowed("case.target", "没有找到要换的证书，请从「我的证书」里选一张。")
    return certificate


def products_to_renew(application: Application) -> list[Product]:
    certificate = renewed_certificate(application)
    products = Product.objects.filter(enterprise=application.enterprise_id, certificate=certificate)
    return list(products.select_related("category").order_by("pk"))


def bears_name(enterprise: Enterprise, name: str) -> bool:
    """Whether a printed name is the enterprise's, now or formerly."""
    key = fold(name)[:120]
    return key == enterprise.name_key or enterprise.former_names.filter(name_key=key).exists()


def public_line(uscc: str) -> EnterpriseLine | None:
    """What everybody may read of an enterprise: its line in the national directory, else in another."""
    lines = EnterpriseLine.objects.current().filter(uscc=uscc, listing_status=ListingStatus.LISTED)
    by_publisher = {line.publisher: line for line in lines}
    return by_publisher.get(NATIONAL) or next(iter(by_publisher.values()), None)


def _register(application: Application) -> Filled:
    """A claimant of a known enterprise reads what the public reads of it, and nothing else."""
    name = application.created_by.get_full_name()
    contact = {"contact_person": name} if name else {}
    line = public_line(application.uscc)
    if line is None:
        return {}, contact
    return {
        "name": line.name,
        "division": line.division_code,
        "phone": line.phone,
        "website": line.website,
        "sells_in": line.sells_in,
    }, contact


def _change(application: Application) -> Filled:
    enterprise = _enterprise(application)
    values = {
        "name": enterprise.name,
        "division": enterprise.division_id or "",
        "address": enterprise.address,
        "phone": enterprise.phone,
        "website": enterprise.website,
        "sells_in": enterprise.sells_in,
    }
    return values, {name: getattr(enterprise, name) for name in Enterprise.PERSONAL}


def _product(application: Application) -> Filled:
    """The names that a certificate most often bears: those of the newest one, else the enterprise's."""
    enterprise = _enterprise(application)
    newest = Certificate.objects.filter(products__enterprise=enterprise).order_by("-pk").first()
    names = ("applicant_name", "maker_name", "factory_name")
    return {name: _present_name(enterprise, newest, name) for name in names}, {}


def _renewal(application: Application) -> Filled:
    old = renewed_certificate(application)
    enterprise = _enterprise(application)
    names = ("applicant_name", "maker_name", "factory_name")
    values = {name: _present_name(enterprise, old, name) for name in names}
    return values | {"body": old.body.code, "star": old.star, "standard": old.standard}, {}


def _withdraw(application: Application) -> Filled:
    return {"scope": "products", "reason": ""}, {}


def _commitment(application: Application) -> Filled:
    slug = application.target.removeprefix("campaign:")
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise NotAllowed("case.target", "没有登记这个活动年度，请从名单中选择。")
    template = TemplateVersion.objects.current().standing().order_by("-from_edition_id").first()
    values = {
        "campaign": campaign.slug,
        "template_version": template.pk if template else None,
        "valid_until": campaign.until_on.isoformat(),
    }
    earlier = (
        Application.objects.filter(enterprise=application.enterprise_id, kind=ApplicationKind.COMMITMENT)
        .exclude(personal={})
        .order_by("-pk")
        .first()
    )
    return values, dict(earlier.personal) if earlier else {}


_FILLED: dict[str, Callable[[Application], Filled]] = {
    ApplicationKind.REGISTER: _register,
    ApplicationKind.CHANGE: _change,
    ApplicationKind.PRODUCT: _product,
    ApplicationKind.RENEWAL: _renewal,
    ApplicationKind.WITHDRAW: _withdraw,
    ApplicationKind.COMMITMENT: _commitment,
}


def _given_up(application: Application) -> Application | None:
    """The newest case of the same matter that was withdrawn or rejected, by the same account or for the same enterprise."""
    over = Application.objects.filter(
        uscc=application.uscc,
        kind=application.kind,
        target=application.target,
        state__in=[ApplicationState.WITHDRAWN, ApplicationState.REJECTED],
    )
    if application.kind == ApplicationKind.REGISTER:
        over = over.filter(created_by=application.created_by)
    elif application.kind not in (ApplicationKind.RENEWAL, ApplicationKind.COMMITMENT):
        return None  # what the register holds by now is nearer to the truth
    return over.order_by("-pk").first()


def _present_name(enterprise: Enterprise, certificate: Certificate | None, field: str) -> str:
    """The name of that role; where the enterprise bore it, the name that it bears now."""
    printed = getattr(certificate, field) if certificate else ""
    return enterprise.name if not printed or bears_name(enterprise, printed) else printed


def _enterprise(application: Application) -> Enterprise:
    assert application.enterprise is not None  # noqa: S101 - a constraint: only a registration has none
    return application.enterprise
