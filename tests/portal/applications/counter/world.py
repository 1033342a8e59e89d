"""One enterprise with its people and a case of each sort, for the tests of the counter."""

from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from catalog.enterprises.models import Enterprise, Membership
from portal.applications.cases.models import Application, Invitation, Workbook
from portal.applications.counter.enterprise import people
from portal.applications.counter.making import product_workbook
from portal.applications.counter.making.keys import new_key
from portal.applications.counter.making.workbooks import XLSX
from portal.core.accounts.models import User
from portal.core.files.models import StoredFile
from portal.core.files.store import store
from tests.make import make_enterprise, make_user
from tests.portal.applications.making import add_paper, draft_product, hand_in, picture

WHO = ("visitor", "owner", "editor", "reader", "stranger", "officer", "auditor")


@dataclass
class World:
    """A returned product case, so that everything on it can be opened and pressed."""

    people: dict[str, Any] = field(default_factory=dict)
    enterprise: Enterprise = field(init=False)
    application: Application = field(init=False)
    workbook: Workbook = field(init=False)
    invitation: Invitation = field(init=False)

    def __post_init__(self) -> None:
        self.enterprise = make_enterprise()
        members = {role: self.member(role) for role in ("owner", "editor", "reader")}
        stranger = make_user(email="stranger@example.cn")
        Membership.objects.create(enterprise=make_enterprise(), user=stranger, role="owner")
        self.people = {
            "visitor": None,
            **members,
            "stranger": stranger,
            "officer": make_user("pilot_officer:350000"),
            "auditor": make_user("auditor"),
        }
        self.application = returned(hand_in(draft_product(members["owner"], count=2)))
        self.paper = add_paper(self.application, "other", content="paper")
        self.paper.file = kept("材料.png", picture(), "image/png")
        self.paper.save()
        file = kept("产品.xlsx", product_workbook.template(), XLSX)
        self.workbook = Workbook.objects.create(application=self.application, file=file, by=members["owner"])
        self.invitation = people.invite(
            self.enterprise, by=members["owner"], email="colleague@example.cn", role="editor"
        )

    def member(self, role: str) -> User:
        user = make_user(email=f"{role}@example.cn")
        Membership.objects.create(enterprise=self.enterprise, user=user, role=role)
        return user

    @property
    def arguments(self) -> dict[str, Any]:
        """What stands in the addresses of the desk."""
        return {
            "number": self.application.number,
            "uscc": self.enterprise.uscc,
            "kind": "change",
            "item": self.application.items.order_by("pk")[0].pk,
            "document": self.paper.pk,
            "workbook": self.workbook.pk,
            "member": Membership.objects.get(user=self.people["reader"]).pk,
            "invitation": self.invitation.pk,
            "ordinal": 1,
            "token": "forged",
            "secret": "forged",
        }


def returned(application: Application) -> Application:
    Application.objects.filter(pk=application.pk).update(state="returned", returned_at=timezone.now())
    application.refresh_from_db()
    return application


def kept(name: str, content: bytes, media_type: str) -> StoredFile:
    return store(content, name=name, media_type=media_type)


def form_data(application: Application, user: User, **typed: Any) -> dict[str, Any]:
    """What the form of a case sends: its key beside what was typed."""
    return {"form": new_key(application, user), **typed}


def upload_of(content: bytes, name: str = "文件.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
