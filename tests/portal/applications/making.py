"""Makers of cases for tests: drafts through the door an enterprise takes, handed in and decided."""

import datetime
import io
from typing import Any

from PIL import Image

from catalog.enterprises.models import Enterprise, Membership
from catalog.publication.models import Batch
from catalog.publication.publishing import workflow
from portal.applications.cases.models import Application, Document, Item
from portal.applications.cases.workflow import drafting, handing_in, starting
from portal.applications.review import deciding
from portal.core.accounts.models import User
from portal.core.editions import clock
from portal.core.files.models import StoredFile
from tests.make import make_body, make_category, make_division, make_enterprise, make_uscc, make_user

PAPERS = {
    "register": ["licence", "authorisation"],
    "change": ["rename"],
    "product": ["certificate"],
    "renewal": ["certificate"],
    "withdraw": [],
    "commitment": ["letter"],
}
CONTACT = {"contact_person": "张三", "contact_phone": "13812341234"}


def picture(shade: int = 200) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (160, 120), (shade, shade, shade)).save(target, "PNG")
    return target.getvalue()


def make_owner(enterprise: Enterprise | None = None, role: str = "owner", **changes) -> User:
    """An account that acts for the enterprise."""
    user = make_user(**changes)
    Membership.objects.create(enterprise=enterprise or make_enterprise(), user=user, role=role)
    return user


def enterprise_of(user: User) -> Enterprise:
    return Enterprise.objects.get(memberships__user=user)


def add_paper(application: Application, purpose: str, *, content: str = "") -> Document:
    """A paper without its bytes: what most tests need of one."""
    file = StoredFile.objects.create(
        sha256=(content or f"{application.pk}{purpose}").encode().hex().ljust(64, "0")[:64],
        size=1,
        media_type="application/pdf",
        name=f"{purpose}.pdf",
    )
    return Document.objects.create(
        application=application, purpose=purpose, file=file, uploaded_by=application.created_by
    )


def register_values(**changes) -> dict:
    make_division("350000")
    values = {
        "name": "示例新登记建材有限公司",
        "division": "350000",
        "address": "示例路 1 号",
        "phone": "0592-1234567",
        "sells_in": "全国",
    }
    return values | changes


def certificate_values(enterprise: Enterprise, **changes) -> dict:
    today = clock.today()
    values = {
        "body": make_body().code,
        "number": f"SL-NEW-{enterprise.pk:05d}",
        "star": "3",
        "applicant_name": enterprise.name,
        "maker_name": enterprise.name,
        "factory_name": enterprise.name,
        "standard": "T/CECS 10035-2019",
        "issued_on": (today - datetime.timedelta(days=30)).isoformat(),
        "valid_until": (today + datetime.timedelta(days=1000)).isoformat(),
    }
    return values | changes


def item_rows(count: int = 1, **changes) -> list[dict]:
    category = make_category()
    rows = [
        {"name": f"示例卷材{number}号", "models_text": "1.5 mm", "brand": "示例牌", "category": category.pk}
        for number in range(1, count + 1)
    ]
    return [row | changes for row in rows]


def draft_register(by: User | None = None, *, uscc: str = "", **changes) -> Application:
    application = starting.start(
        "register",
        by=by or make_user(),
        uscc=uscc or make_uscc(),
        values=register_values(**changes),
        personal=CONTACT,
    )
    return with_papers(application)


def draft_product(
    by: User | None = None, *, count: int = 1, publisher: str = "national", **changes
) -> Application:
    by = by or make_owner()
    enterprise = enterprise_of(by)
    values = certificate_values(enterprise, **changes)
    application = starting.start("product", by=by, enterprise=enterprise, publisher=publisher, values=values)
    application = drafting.set_items(application, by=by, rows=item_rows(count), revision=application.revision)
    return with_papers(application)


def draft_change(by: User, **changes) -> Application:
    application = starting.start(
        "change", by=by, enterprise=enterprise_of(by), values=changes, personal=CONTACT
    )
    return with_papers(application)


def draft_renewal(by: User, certificate, **changes) -> Application:
    enterprise = enterprise_of(by)
    values = certificate_values(enterprise, **({"number": f"{certificate.number}R"} | changes))
    application = starting.start(
        "renewal", by=by, enterprise=enterprise, target=f"certificate:{certificate.pk}", values=values
    )
    return with_papers(application)


def draft_withdraw(by: User, *products, reason: str = "停产") -> Application:
    scope = "products" if products else "enterprise"
    enterprise = enterprise_of(by)
    application = starting.start(
        "withdraw", by=by, enterprise=enterprise, values={"scope": scope, "reason": reason}
    )
    rows = [{"product": product.pk} for product in products]
    return (
        drafting.set_items(application, by=by, rows=rows, revision=application.revision)
        if rows
        else application
    )


def with_papers(application: Application) -> Application:
    for purpose in PAPERS[application.kind]:
        add_paper(application, purpose)
    return application


def hand_in(application: Application) -> Application:
    return handing_in.submit(application, by=application.created_by, revision=application.revision)


def items_of(application: Application) -> list[Item]:
    return list(application.items.order_by("position"))


def approve(application: Application, by: User | None = None, **how: Any) -> Application:
    """Approved by a reviewer who read the newest submission."""
    how.setdefault("digest", application.submissions.latest("ordinal").digest)
    return deciding.approve(application, by=by or make_user("reviewer"), **how)


def publish_draft(kind: str = "batch", publisher: str = "national") -> Batch:
    """The open draft of a publisher, taken the whole way by an editor, a reviewer and a publisher."""
    drafts = Batch.objects.filter(kind=kind, publisher=publisher, state="draft")
    drafts.update(notice_days=0, notice_waiver="推进组〔示例〕1号")
    batch = workflow.submit(drafts.get(), by=make_user("editor"))
    batch = workflow.approve(batch, by=make_user("publisher"), digest=batch.digest)
    return workflow.publish(batch, by=make_user("publisher"))
