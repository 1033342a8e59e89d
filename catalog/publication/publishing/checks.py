"""What must be true in the moment of publication, asked of the frozen lines and of what is public: never of working rows."""

from collections.abc import Iterator
from typing import Any

from portal.core.editions import clock
from portal.core.editions.models import PublicQuerySet

from ..compiling.compose import in_chunks
from ..compiling.judging import unfit_frozen_lines
from ..compiling.problems import Problem, certificate_problem, requirement_problem
from ..models import Action, Batch, CertificateLine, EnterpriseLine, Line, ListingStatus, ProductLine

LISTING = (Action.LIST, Action.RELIST, Action.CHANGE, Action.RESUME, Action.CORRECT)
OWNERS: dict[type[Line], tuple[str, ...]] = {  # of which one line is current at a time
    EnterpriseLine: ("enterprise_id", "publisher"),
    CertificateLine: ("certificate_id",),
    ProductLine: ("product_id", "publisher"),
}
STALE = "提交之后已有别的批次改动了它，请退回编制后重新提交。"
NO_CERTIFICATE = "的证书不在本批次中，也未公布过，请退回编制后重新提交。"


def problems_on_publication(batch: Batch) -> list[Problem]:
    """Named lines that stand in the way today; empty when the batch can be published."""
    return [
        *_stale_lines(batch),
        *_lost_bases(batch),
        *_products_without_enterprise(batch),
        *_enterprises_leaving_products(batch),
        *unfit_frozen_lines(batch),
    ]


def _stale_lines(batch: Batch) -> Iterator[Problem]:
    """Lines whose predecessor changed since they were frozen: another batch was published in between."""
    for model, owner in OWNERS.items():
        lines = model.objects.filter(batch=batch)
        current = model.objects.current().filter(**{f"{owner[0]}__in": lines.values(owner[0])})
        standing = {row[:-1]: row[-1] for row in current.values_list(*owner, "pk")}
        stale = [
            pk
            for pk, replaced, *named in lines.values_list("pk", "replaces_id", *owner)
            if standing.get(tuple(named)) != replaced
        ]
        for line in in_chunks(lines, "pk", stale):
            yield Problem("line.stale", name_of(line), STALE)


def _lost_bases(batch: Batch) -> Iterator[Problem]:
    """Products whose certificate, or local requirement, ended or was withdrawn since."""
    today = clock.today()
    listed = ProductLine.objects.filter(
        batch=batch, action__in=LISTING, listing_status=ListingStatus.LISTED
    ).order_by("pk")
    certificates = _certificates_after(batch, listed)
    for name, certificate_id in listed.filter(certificate__isnull=False).values_list(
        "name", "certificate_id"
    ):
        certificate = certificates.get(certificate_id)
        if certificate is None:
            yield Problem("line.certificate", name, NO_CERTIFICATE)
        elif problem := certificate_problem(certificate, name, today):
            yield problem
    # Versions of a requirement are never edited, so its dates may be asked for here.
    for line in listed.filter(certificate__isnull=True).select_related("product__requirement"):
        if problem := requirement_problem(line.product.requirement, line.publisher, line.name, today):
            yield problem


def _certificates_after(batch: Batch, products: PublicQuerySet) -> dict[int, CertificateLine]:
    """What is said of the certificates of these products once the batch is public."""
    columns = ("certificate_id", "number", "status", "valid_until")
    current = CertificateLine.objects.current().filter(
        certificate__in=products.order_by().values("certificate")
    )
    own = CertificateLine.objects.filter(batch=batch)
    return {line.certificate_id: line for line in [*current.only(*columns), *own.only(*columns)]}


def _products_without_enterprise(batch: Batch) -> list[Problem]:
    lines = ProductLine.objects.filter(batch=batch, listing_status=ListingStatus.LISTED)
    listed = {enterprise for enterprise, _publisher in _listed_after(batch, lines.values("enterprise"))}
    return [
        Problem(
            "line.enterprise",
            name,
            f"的企业「{enterprise_name}」不在企业名录中，请把该企业一并放入本批次。",
        )
        for enterprise, name, enterprise_name in lines.values_list("enterprise_id", "name", "enterprise_name")
        if enterprise not in listed
    ]


def _enterprises_leaving_products(batch: Batch) -> list[Problem]:
    """Enterprises that this batch takes off the directory while products of theirs would stay listed."""
    leaving = EnterpriseLine.objects.filter(batch=batch).exclude(listing_status=ListingStatus.LISTED)
    names = dict(leaving.values_list("enterprise_id", "name"))
    still_listed = {
        enterprise for enterprise, _publisher in _listed_after(batch, leaving.values("enterprise"))
    }
    orphaned = set(names) - still_listed
    handled = set(ProductLine.objects.filter(batch=batch).values_list("replaces_id", flat=True))
    current = ProductLine.objects.current().filter(listing_status=ListingStatus.LISTED)
    left = {
        line.enterprise_id: line.name
        for line in in_chunks(current, "enterprise", orphaned)
        if line.pk not in handled
    }
    return [
        Problem(
            "line.products_left", names[enterprise], f"仍有在列产品「{product}」，请一并处理它的全部产品。"
        )
        for enterprise, product in left.items()
    ]


def _listed_after(batch: Batch, enterprises: Any) -> set[tuple[int, str]]:
    """(enterprise, publisher) pairs that would be in a directory after this batch; `enterprises` as a subquery."""
    pair = ("enterprise_id", "publisher")
    current = EnterpriseLine.objects.current().filter(enterprise__in=enterprises)
    listed = set(current.filter(listing_status=ListingStatus.LISTED).values_list(*pair))
    own = EnterpriseLine.objects.filter(batch=batch)
    listed -= set(own.exclude(listing_status=ListingStatus.LISTED).values_list(*pair))
    return listed | set(own.filter(listing_status=ListingStatus.LISTED).values_list(*pair))


def name_of(line) -> str:
    return getattr(line, "name", "") or line.number
