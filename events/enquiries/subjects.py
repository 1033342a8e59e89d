"""What an enquiry is about: a public page of this site, named by its address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.apps import apps
from django.urls import Resolver404, resolve

from catalog.publication.models import NATIONAL, Batch, EnterpriseLine, ProductLine
from catalog.regions.models import Division
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.pages.mode import safe_next
from portal.core.pages.parameters import has_control

LONGEST = 200
INSIDE = {"admin", "files"}  # rooms whose pages are no records
NO_RECORDS = {"mode", "healthz", "readyz", "metrics", "enquiries:new", "enquiries:follow"}

# Records with versions, which name themselves; by string, since notices are a room beside this one.
RECORDS = {
    "activities:detail": "activities.ActivityVersion",
    "commitments:adoption": "commitments.AdoptionVersion",
    "commitments:agreement": "commitments.AgreementVersion",
    "commitments:letter": "commitments.LetterVersion",
    "notices:detail": "notices.NoticeVersion",
    "organisations:claim": "commitments.ClaimVersion",
    "organisations:detail": "campaigns.OrganisationVersion",
}


@dataclass(frozen=True)
class Subject:
    """`publisher` answers for it: `national`, or the code of a province."""

    path: str
    title: str
    publisher: str = NATIONAL
    batch: Batch | None = None

    @property
    def is_in_notice(self) -> bool:
        return (
            self.batch is not None
            and self.batch.state == Batch.State.IN_NOTICE
            and not self.batch.is_notice_over(clock.today())
        )


def subject_of(path: str) -> Subject | None:
    """The record that a local address shows, or None where there is no such public page."""
    path = unquote(path.split("?")[0].split("#")[0])
    if not path or len(path) > LONGEST or has_control(path) or safe_next(path) != path:
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if INSIDE & set(match.namespaces) or match.view_name in NO_RECORDS:
        return None
    find: dict[str, Callable[..., Subject | None]] = {
        "products:detail": _product,
        "enterprises:detail": _enterprise,
        "batches:detail": _batch,
        "regions:detail": _region,
        "reports:detail": _report,
    }
    if match.view_name in find:
        return find[match.view_name](path, *match.kwargs.values())
    if match.view_name in RECORDS:
        return _record(path, apps.get_model(RECORDS[match.view_name]), *match.kwargs.values())
    return Subject(path, f"本站页面 {path}")


def _record(path: str, model: Any, number: int) -> Subject | None:
    """By its newest title; a record of a region is the region's to answer for."""
    rows = model.objects.ever_visible(clock.today()).filter(**{f"{model.IDENTITY}_id": number})
    version = rows.order_by("from_edition_id").last()
    if version is None:
        return None
    division = version.scope_division
    return Subject(path, str(version), f"{division[:2]}0000" if division else NATIONAL)


def _product(path: str, number: str) -> Subject | None:
    lines = ProductLine.objects.filter(number=number, from_edition__isnull=False)
    line = lines.order_by("id").last()
    return Subject(path, f"{line.name}（清单编号 {number}）", _publisher(lines)) if line else None


def _enterprise(path: str, uscc: str) -> Subject | None:
    lines = EnterpriseLine.objects.filter(uscc=uscc, from_edition__isnull=False)
    line = lines.order_by("id").last()
    return Subject(path, f"{line.name}（{uscc}）", _publisher(lines)) if line else None


def _batch(path: str, slug: str) -> Subject | None:
    batch = Batch.objects.public(Edition.objects.current_number()).filter(slug=slug).first()
    return Subject(path, f"{batch.title}（编号 {slug}）", batch.publisher, batch) if batch else None


def _region(path: str, code: str) -> Subject | None:
    """What is said of a region is the region's to answer for."""
    name = (
        Division.objects.filter(pk=code, level=Division.Level.PROVINCE).values_list("name", flat=True).first()
    )
    return Subject(path, f"{name}（地区页面）", code) if name else None


def _report(path: str, year: int, place: str) -> Subject | None:
    """By string, since reports are a room above this one."""
    rows = apps.get_model("reports.Report")._default_manager
    report = rows.filter(year=year, scope="" if place == NATIONAL else place).first()
    return _record(path, apps.get_model("reports.ReportVersion"), report.pk) if report else None


def _publisher(lines) -> str:
    """The national list answers for what is on it; else the province that lists it."""
    publishers = sorted(set(lines.order_by().values_list("publisher", flat=True)))
    return NATIONAL if NATIONAL in publishers else publishers[0]
