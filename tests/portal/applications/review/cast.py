"""Who works at the review desk in these tests, and the addresses of its pages."""

from typing import Any

from catalog.enterprises.models import Membership
from portal.applications.cases.models import Application
from portal.core.files.store import store
from tests.make import make_campaign, make_user
from tests.portal.applications.making import draft_product, draft_register, hand_in, make_owner, picture

QUEUE = "/admin/desk/application/"
REGION, OTHER = "350000", "330000"


def page_of(case: Application, part: str = "change") -> str:
    return f"{QUEUE}{case.pk}/{part}/"


def sign_in(client: Any, *roles: str, **changes: Any) -> Any:
    user = make_user(*roles, **changes)
    client.force_login(user)
    return user


def read(client: Any, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.status_code
    return response.content.decode()


def submitted(kind: str = "product", **changes: Any) -> Application:
    """A case as an enterprise handed it in; without officers it is the working group's."""
    make_campaign()
    drafts = {"product": draft_product, "register": draft_register}
    return hand_in(drafts[kind](**changes))


def owner_of(case: Application) -> Any:
    return case.created_by


def with_scan(case: Application) -> Any:
    """Give the first paper of a draft real bytes."""
    paper = case.documents.first()
    assert paper is not None
    paper.file = store(picture(), name="证书.png", media_type="image/png")
    paper.save()
    return paper


def digest_of(case: Application) -> str:
    newest = case.submissions.order_by("-ordinal").first()
    assert newest is not None
    return newest.digest


def make_member(case: Application, user: Any) -> Membership:
    assert case.enterprise is not None
    return Membership.objects.create(enterprise=case.enterprise, user=user, role="reader")


def decision(case, **changes):
    return {"digest": digest_of(case), "text": "", **changes}


__all__ = [
    "OTHER",
    "QUEUE",
    "REGION",
    "decision",
    "digest_of",
    "make_member",
    "make_owner",
    "owner_of",
    "page_of",
    "read",
    "sign_in",
    "submitted",
    "with_scan",
]
