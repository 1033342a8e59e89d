"""What must be true in the moment of publication, asked of the frozen lines and of what is public: never of working rows."""

from portal.core.editions import clock

from ..compiling.compose import in_chunks
from ..compiling.judging import unfit_frozen_lines
from ..compiling.problems import Problem, certificate_problem, requirement_problem
from ..models import Action, Batch, CertificateLine, EnterpriseLine, ListingStatus, ProductLine

LISTING = (Action.LIST, Action.RELIST, Action.CHANGE, Action.RESUME, Action.CORRECT)


def problems_on_publication(batch: Batch) -> list[Problem]:
    """Named lines that stand in the way today; empty when the batch can be published."""
    return [
        *_stale_lines(batch),
        *_lost_bases(batch),
        *_products_without_enterprise(batch),
        *_enterprises_leaving_products(batch),
        *unfit_frozen_lines(batch),
    ]


def _stale_lines(batch: Batch) -> list[Problem]:
    """Lines whose predecessor changed since they were frozen: another batch was published in between."""
    sentence = "提交之后已有别的批次改动了它，请退回编制后重新提交。"
    problems = []
    for model, fields in (
        (EnterpriseLine, ("enterprise_id", "publisher")),
        (CertificateLine, ("certificate_id",)),
        (ProductLine, ("product_id", "publisher")),
    ):
        lines = list(model.objects.filter(batch=batch))
        ids = {getattr(line, fields[0]) for line in lines}
        current = {
            tuple(getattr(line, name) for name in fields): line.pk
            for line in in_chunks(model.objects.current(), fields[0], ids)
        }
        for line in lines:
            if current.get(tuple(getattr(line, name) for name in fields)) != line.replaces_id:
                problems.append(Problem("line.stale", name_of(line), sentence))
    return problems


def _lost_bases(batch: Batch) -> list[Problem]:
    """Products whose certificate, or local requirement, ended or was withdrawn since."""
    today = clock.today()
    listed = ProductLine.objects.filter(
        batch=batch, action__in=LISTING, listing_status=ListingStatus.LISTED
    ).select_related("product__requirement")
    lines = list(listed)
    ids = {line.certificate_id for line in lines if line.certificate_id}
    certificates = {
        line.certificate_id: line for line in in_chunks(CertificateLine.objects.current(), "certificate", ids)
    }
    certificates |= {line.certificate_id: line for line in CertificateLine.objects.filter(batch=batch)}
    problems = []
    for line in lines:
        problem: Problem | None
        if line.certificate_id:
            certificate = certificates.get(line.certificate_id)
            problem = (
                certificate_problem(certificate, line.name, today)
                if certificate is not None
                else Problem(
                    "line.certificate", line.name, "的证书不在本批次中，也未公布过，请退回编制后重新提交。"
                )
            )
        else:
            # Versions of a requirement are never edited, so its dates may be asked for here.
            problem = requirement_problem(line.product.requirement, line.publisher, line.name, today)
        if problem is not None:
            problems.append(problem)
    return problems


def _products_without_enterprise(batch: Batch) -> list[Problem]:
    lines = ProductLine.objects.filter(batch=batch, listing_status=ListingStatus.LISTED)
    enterprises = set(lines.values_list("enterprise_id", flat=True))
    listed = {enterprise for enterprise, _publisher in _listed_after(batch, enterprises)}
    return [
        Problem(
            "line.enterprise",
            line.name,
            f"的企业「{line.enterprise_name}」不在企业名录中，请把该企业一并放入本批次。",
        )
        for line in lines
        if line.enterprise_id not in listed
    ]


def _enterprises_leaving_products(batch: Batch) -> list[Problem]:
    """Enterprises that this batch takes off the directory while products of theirs would stay listed."""
    leaving = EnterpriseLine.objects.filter(batch=batch).exclude(listing_status=ListingStatus.LISTED)
    names = dict(leaving.values_list("enterprise_id", "name"))
    still_listed = {enterprise for enterprise, _publisher in _listed_after(batch, set(names))}
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


def _listed_after(batch: Batch, enterprises: set[int]) -> set[tuple[int, str]]:
    """(enterprise, publisher) pairs that would be in a directory after this batch."""
    current = in_chunks(EnterpriseLine.objects.current(), "enterprise", enterprises)
    listed = {
        (line.enterprise_id, line.publisher)
        for line in current
        if line.listing_status == ListingStatus.LISTED
    }
    for line in EnterpriseLine.objects.filter(batch=batch):
        pair = (line.enterprise_id, line.publisher)
        if line.listing_status == ListingStatus.LISTED:
            listed.add(pair)
        else:
            listed.discard(pair)
    return listed


def name_of(line) -> str:
    return getattr(line, "name", "") or line.number
