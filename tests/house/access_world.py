"""The world of the access table: every address of the URLconf with rows behind it, and the people who ask."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from catalog.enterprises.models import Enterprise, Membership
from catalog.publication.models import Batch, CertificateLine, ProductLine, SoughtNumber
from catalog.regions.models import SubsidyVersion
from events.reports.models import Report
from portal.applications.cases.models import Application, Workbook
from portal.applications.counter.making import product_workbook
from portal.applications.counter.making.workbooks import XLSX
from portal.core.editions import clock
from portal.core.files.models import StoredFile
from portal.core.files.store import store
from portal.site.about.guides import GUIDES
from portal.site.grants import give_role
from portal.site.sheets.models import Sheet
from tests.events.enquiries.letters import make_enquiry
from tests.make import make_user
from tests.portal.applications.making import draft_change, draft_product, hand_in, picture
from tests.portal.core.files.uploads import photo

REGION, OTHER_REGION = "350000", "330000"
STAFF = ("editor", "reviewer", "publisher", "support", "auditor", "administrator")
NOBODY = 999_999_999


@dataclass(frozen=True)
class Page:
    """One pattern of the URLconf: `name` with its namespaces, `route` from the root."""

    name: str
    route: str


def pages(resolver: Any = None, front: str = "", spaces: tuple[str, ...] = ()) -> Iterator[Page]:
    """Every address that the project answers, also those of packages."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = front + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from pages(entry, route, inner)
        elif isinstance(entry, URLPattern):
            yield Page(":".join([*spaces, entry.name or nameless(route)]), route)


def nameless(route: str) -> str:
    """Django's admin leads from `admin/enterprises/enterprise/7/` to the page of the row, without a name."""
    parts = route.split("/")
    return f"{parts[1]}_{parts[2]}_redirect" if parts[3:4] == ["<path:object_id>"] else "nameless"


@dataclass
class World:
    """The demonstration, with an enquiry and a case of 福建. Built once a test: it takes some seconds."""

    people: dict[str, Any] = field(default_factory=dict)
    counter: dict[str, Any] = field(default_factory=dict)  # what the owner has at the counter
    case: Any = None
    addresses: dict[Page, str] = field(default_factory=dict)

    def build(self) -> "World":
        call_command("seed_facts", verbosity=0)
        call_command("seed_demo", verbosity=0)
        enterprise, others = Enterprise.objects.filter(division__code__startswith="35")[:2]
        self.people = {
            "visitor": None,
            "owner": self.owner_of(enterprise),
            "stranger": self.owner_of(others),
            "officer": self.officer(REGION),
            "other": self.officer(OTHER_REGION),
            **{role: make_user(role) for role in STAFF},
        }
        make_enquiry(place=REGION)
        SoughtNumber.objects.create(number="ABC1234567", day=clock.today(), count=3)
        self.counter = counter_arguments(self.people["owner"])
        self.case = hand_in(draft_change(self.people["owner"], phone="0591-1234567"))
        assert self.case.office == REGION
        return self

    @staticmethod
    def owner_of(enterprise: Enterprise) -> Any:
        user = make_user()
        Membership.objects.create(enterprise=enterprise, user=user, role=Membership.Role.OWNER)
        return user

    @staticmethod
    def officer(division: str) -> Any:
        user = make_user()
        give_role(user, "pilot_officer", division)
        return user

    def paper(self) -> Any:
        """A paper of the case, with its bytes."""
        paper = self.case.documents.first()
        paper.file = store(picture(), name="a.png", media_type="image/png")
        paper.save()
        return paper

    # -- addresses ---------------------------------------------------------------------------------------------
    def address(self, page: Page) -> str:
        """The address with real rows in it, the one of 福建 where there is a choice; the same for whoever asks."""
        if page not in self.addresses:
            self.addresses[page] = self.made_address(page)
        return self.addresses[page]

    def made_address(self, page: Page) -> str:
        route = page.route.replace("^", "").replace("$", "").replace("\\.", ".")
        route = re.sub(r"\(\?P<app_label>[^)]*\)", "accounts", route)
        route = re.sub(r"\(\?P<extension>[^)]*\)", "csv", route)
        route = re.sub(r"\(\?P<(?:key|uidb36)>[^)]*\)", "forged", route)
        route = re.sub(r"\(\?P<url>[^)]*\)", "no/such/page", route)
        route = re.sub(r"\(\?P<(day|rest)>[^)]*\)", r"<\1>", route)
        return "/" + re.sub(
            r"<(?:\w+:)?(\w+)>", lambda match: str(self.argument(page.name, match.group(1))), route
        )

    def argument(self, name: str, argument: str) -> Any:
        own = self.counter if name.startswith("counter:") else self.own_arguments.get(name, {})
        if argument in own:
            return own[argument]
        if name.startswith("admin:") and argument in ("pk", "object_id"):
            return self.row_of(name)
        raise LookupError(f"tests/house/access_world.py: which {argument} shall {name} be asked with?")

    def row_of(self, name: str) -> int:
        """A row of the model whose page it is: of 福建 if the model knows regions, else the first one."""
        model = max(
            (model for model in admin.site._registry if is_page_of(name, model)),
            key=lambda model: len(label(model)),
        )
        rows = model._base_manager.order_by("pk")
        ours = next((row for row in rows[:200] if getattr(row, "scope_division", "") == REGION), rows.first())
        return ours.pk if ours else NOBODY

    @cached_property
    def own_arguments(self) -> dict[str, dict[str, Any]]:
        line = ProductLine.objects.filter(from_edition__isnull=False).order_by("pk").first()
        sheet = Sheet.objects.create(
            numbers=["SL-CGP-2022-0171"], edition=1, day=clock.today(), at=timezone.now()
        )
        batch = Batch.objects.filter(state="published").order_by("pk").first()
        assert line is not None
        certificate = CertificateLine.objects.filter(from_edition__isnull=False).order_by("pk")[0]
        assert batch is not None
        assert batch.edition is not None
        subsidy = SubsidyVersion.objects.filter(from_edition__isnull=False).first()
        assert subsidy is not None
        report = {"year": Report.objects.get(scope=REGION).year, "place": REGION}
        public = store(photo(), name="a.jpg", media_type="image/jpeg", root=StoredFile.Root.PUBLIC)
        return {
            "admin:export": {"app": "enterprises", "model": "enterprise"},
            "admin:drop_view": {"pk": NOBODY},
            "campaigns:detail": {"slug": "2022"},
            "figures:csv": {"slug": "cross"},
            "regions:detail": {"code": REGION},
            "kinds:detail": {"code": "302"},
            "poster-paper": {"form": "a5.pdf"},
            "regions:subsidy": {"code": subsidy.division_code, "number": subsidy.rule_id},
            "notices:kind_feed": {"kind": "policy"},
            "sitemap-part": {"number": 1},
            "notices:detail": {"number": first_pk("notices.Notice")},
            "enquiries:new": {"kind": "question"},
            "enquiries:answer": {"number": NOBODY},
            "online:feed": {"platform": "jd"},
            "online:enter": {"platform": "jd"},
            "online:leave": {"number": first_pk("online.Shop")},
            "files:public": {"sha256": public.sha256, "name": "a.jpg"},
            "reports:detail": report,
            "reports:file": {**report, "extension": "csv"},
            "activities:result": {"number": first_pk("activities.Result")},
            "activities:detail": {"number": first_pk("activities.Activity")},
            "activities:ics": {"number": first_pk("activities.Activity")},
            "commitments:letter": {"number": first_pk("commitments.Letter")},
            "commitments:template": {"number": first_pk("commitments.ClauseTemplate")},
            "commitments:difference": {"number": first_pk("commitments.ClauseTemplate")},
            "commitments:agreement": {"number": first_pk("commitments.Agreement")},
            "commitments:adoption": {"number": first_pk("commitments.Adoption")},
            "organisations:detail": {"number": first_pk("campaigns.Organisation")},
            "organisations:claim": {"number": first_pk("commitments.Claim")},
            "guide-detail": {"slug": GUIDES[0].slug},
            "products:detail": {"number": line.number},
            "enterprises:detail": {"uscc": line.enterprise_uscc},
            "batches:detail": {"slug": batch.slug},
            "batches:lines": {"slug": batch.slug},
            "batches:file": {"slug": batch.slug, "register": "products", "extension": "csv"},
            "batches:manifest": {"slug": batch.slug},
            "sheets:sheet": {"code": sheet.shown_code},
            "sheets:pdf": {"code": sheet.shown_code},
            "batches:batch_feed": {"slug": batch.slug},
            "region-feed": {"code": REGION},
            "data:day": {"day": batch.edition.day.isoformat(), "rest": "manifest.json"},
            "api:list": {"name": "products"},
            "api:record": {"name": "products", "number": line.number},
            "api:certificate": {"body": certificate.body_code, "number": certificate.number_key},
            "api:unknown": {"rest": "products/0/0"},
            "log:tile": {"where": "0/000.p/1"},
            "log:kept": {"size": NOBODY},
            "log:timestamp": {"number": NOBODY},
            "data:file": {"number": batch.edition_id, "register": "products", "extension": "csv"},
            "data:manifest": {"number": batch.edition_id},
            "data:tables": {"number": batch.edition_id},
            "data:schema": {"number": batch.edition_id, "register": "products"},
            "proof": {"key": line.key},
            "entrance:message": {"pk": NOBODY},
            "mfa_remove_webauthn": {"pk": NOBODY},
            "mfa_edit_webauthn": {"pk": NOBODY},
            "admin:privacy_erasurerequest_person": {"pk": first_pk("accounts.User")},
            "admin:view_on_site": {"content_type_id": 1, "object_id": 1},
            "admin:draft_file": {"token": "forged"},
            "admin:publication_batch_act": {"register": "product", "pk": line.product_id},
            "admin:publication_batch_hold": {"register": "product", "pk": line.product_id},
            "admin:publication_batch_rehearsal": {"path": ""},
            "admin:imports_importrun_file": {"which": "source"},
            "admin:imports_importrun_template": {"register": "products"},
            "admin:desk_application_paper": {"pk": self.case.pk, "document": self.paper().pk},
            "admin:desk_application_outcome": {"token": uuid.UUID(int=0)},
            "admin:desk_application_enterprise": {"pk": self.case.enterprise_id},
            "admin:desk_application_end_member": {"pk": self.people["owner"].memberships.get().pk},
            "admin:notices_noticeversion_dismiss": {"slug": batch.slug},
            "admin:enquiries_enquiry_photo": {"photo": NOBODY, "width": 480},
        }


def counter_arguments(owner: Any) -> dict[str, Any]:
    """A returned product case of the owner with a line, a paper and a workbook."""
    application = hand_in(draft_product(owner))
    Application.objects.filter(pk=application.pk).update(state="returned")
    content = product_workbook.template()
    file = store(content, name="产品.xlsx", media_type=XLSX, by=owner)
    workbook = Workbook.objects.create(application=application, file=file, by=owner)
    membership = Membership.objects.get(user=owner)
    paper = application.documents.get()
    paper.file = store(photo(), name="证书.jpg", media_type="image/jpeg", by=owner)
    paper.save()
    return {
        "number": application.number,
        "uscc": membership.enterprise.uscc,
        "kind": "change",
        "item": application.items.get().pk,
        "document": paper.pk,
        "workbook": workbook.pk,
        "member": membership.pk,
        "invitation": NOBODY,
        "ordinal": 1,
        "token": "forged",
        "secret": "forged",
    }


def label(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def is_page_of(name: str, model: type[models.Model]) -> bool:
    return name.removeprefix("admin:").startswith(label(model) + "_")


def first_pk(name: str) -> int:
    row = apps.get_model(name)._base_manager.order_by("pk").first()
    return row.pk if row else NOBODY
