"""Makers of rows for tests: each call makes what it needs, `changes` override."""

import datetime
from itertools import count

from catalog.campaigns.models import Campaign, CampaignVersion
from catalog.enterprises.models import Enterprise, Outlet, OutletVersion
from catalog.products.models import (
    Catalogue,
    Category,
    Certificate,
    CertificationBody,
    LocalRequirement,
    Product,
)
from catalog.publication.compiling import compile
from catalog.publication.compiling.numbering import BatchNumber, open_draft
from catalog.publication.models import Batch
from catalog.publication.publishing import workflow
from catalog.regions.models import Division, RegionPage, RegionVersion, SubsidyRule, SubsidyVersion
from catalog.regions.naming import DivisionNames
from portal.core.accounts.models import Grant, User
from portal.core.editions import clock
from portal.core.editions.release import release_record
from portal.core.text.uscc import check_character
from portal.core.workflow import versions

_serial = count(1)
NOW = {"year": clock.today().year}


def make_user(*roles: str, **changes) -> User:
    """An account with the roles, each `role` or `role:division`."""
    number = next(_serial)
    user = User.objects.create(
        username=changes.pop("username", f"user{number}"), is_staff=bool(roles), **changes
    )
    for role in roles:
        name, _, division = role.partition(":")
        Grant.objects.create(user=user, role=name, division=division)
    return user


def make_division(
    code: str = "350000", name: str = "福建省", level: str = "province", parent=None
) -> Division:
    return Division.objects.get_or_create(
        code=code, defaults={"name": name, "level": level, "parent": parent}
    )[0]


def make_campaign(**changes) -> Campaign:
    year = clock.today().year
    values = {
        "name": f"{year}年绿色建材下乡活动",
        "from_on": datetime.date(year, 1, 1),
        "until_on": datetime.date(year, 12, 31),
    }
    return Campaign.objects.get_or_create(slug=changes.pop("slug", str(year)), defaults=values | changes)[0]


def make_category(code: str = "13", name: str = "防水卷材", **changes) -> Category:
    catalogue = Catalogue.objects.get_or_create(
        version="2020", defaults={"title": "绿色建材产品分级认证目录"}
    )[0]
    values = {
        "catalogue": catalogue,
        "scheme": "green_material",
        "name": name,
        "group_code": "G3",
        "group_name": "防水密封及建筑涂料类",
        "position": 1,
        "house_part": "roof",
    }
    return Category.objects.get_or_create(code=code, defaults=values | changes)[0]


def make_body(code: str = "demo", **changes) -> CertificationBody:
    values = {"name": f"示例认证中心{code}", "short_names": ["SL"]}
    return CertificationBody.objects.get_or_create(code=code, defaults=values | changes)[0]


def make_uscc() -> str:
    front = f"9135{next(_serial):013d}"
    return front + check_character(front)


def make_enterprise(**changes) -> Enterprise:
    number = next(_serial)
    values = {
        "uscc": make_uscc(),
        "name": f"示例{number}号建材有限公司",
        "division": make_division(),
        "phone": f"0000-{number:07d}",
    }
    return Enterprise.objects.create(**(values | changes))


def make_certificate(**changes) -> Certificate:
    number = next(_serial)
    values = {
        "body": make_body(),
        "number": f"SL-CGP-{number:05d}",
        "star": "3",
        "applicant_name": "示例建材有限公司",
        "issued_on": clock.today() - datetime.timedelta(days=100),
        "valid_until": clock.today() + datetime.timedelta(days=1000),
    }
    return Certificate.objects.create(**(values | changes))


def make_requirement(**changes) -> LocalRequirement:
    values = {
        "publisher": "350000",
        "category": make_category(),
        "title": "福建省乡村建设用材技术要求",
        "version": "2023",
        "text": "抗渗等级不低于 P6。",
        "from_on": datetime.date(2023, 1, 1),
    }
    return LocalRequirement.objects.create(**(values | changes))


def make_product(**changes) -> Product:
    values = {
        "category": changes.pop("category", None) or make_category(),
        "name": f"自粘防水卷材{next(_serial)}",
        "models_text": "N 类 PY 类 1.5 mm",
        "brand": "示例牌",
    }
    if "enterprise" not in changes:
        values["enterprise"] = make_enterprise()
    if not changes.get("requirement") and "certificate" not in changes:
        values["certificate"] = make_certificate()
    return Product.objects.create(**(values | changes))


def make_batch(
    by=None, *, publisher: str = "national", kind: str = "batch", ordinal: int = 1, **changes
) -> Batch:
    """An empty draft that needs no notice unless told otherwise."""
    make_campaign()
    if publisher != "national":
        make_division(publisher, "福建省" if publisher == "350000" else f"示例省{publisher}")
    fields = {"notice_days": 0, "notice_waiver": "推进组〔示例〕1号" if kind == "batch" else ""} | changes
    number = BatchNumber(publisher, kind, clock.today().year, ordinal)
    return open_draft(number, by=by or make_user("editor"), **fields)


def enter(batch: Batch, *products: Product, by=None) -> Batch:
    """Put products and their unlisted enterprises into a draft."""
    by = by or batch.created_by
    compile.enter_products(batch, products, by=by)
    compile.enter_missing_enterprises(batch, by=by)
    return batch


def publish(batch: Batch) -> Batch:
    """Take a draft the whole way: submitted by its maker, approved and published by others."""
    batch = workflow.submit(batch, by=batch.created_by)
    batch = workflow.approve(batch, by=make_user("reviewer"), digest=batch.digest)
    return workflow.publish(batch, by=make_user("publisher"))


def publish_products(*products: Product, **changes) -> Batch:
    """A published batch with these products and their enterprises; without arguments one new product."""
    batch = make_batch(ordinal=changes.pop("ordinal", None) or Batch.objects.count() + 1, **changes)
    return publish(enter(batch, *(products or (make_product(),))))


def publish_version(version):
    """Seal and publish a filled version in place of what is public of its record."""
    version.state = "published"
    version.replaces = versions.current_version(type(version), version.identity)
    release_record(version)
    return version


def make_campaign_page(campaign: Campaign | None = None, **changes) -> CampaignVersion:
    """A public version of a campaign's page."""
    campaign = campaign or make_campaign()
    values = {
        "name": campaign.name,
        "from_on": campaign.from_on,
        "until_on": campaign.until_on,
        "period": "全年",
        "basis_number": "工信厅联原〔2022〕7号",
        "basis_title": "关于开展绿色建材下乡活动的通知",
        "source": "测试",
    }
    return publish_version(CampaignVersion(campaign=campaign, key=campaign.key, **values | changes))


def make_region(code: str = "350000", name: str = "福建省", **changes) -> RegionVersion:
    """A public version of a region's page; the first one makes the page."""
    page = RegionPage.objects.get_or_create(division=make_division(code, name))[0]
    return publish_version(RegionVersion(page=page, key=page.key, **{"source": "测试"} | changes))


def make_subsidy(code: str = "350000", *, rule: SubsidyRule | None = None, **changes) -> SubsidyVersion:
    """A public subsidy rule of a division that exists; it holds today unless told otherwise."""
    rule = rule or SubsidyRule.objects.create(division_id=code)
    values = {
        "division_code": code,
        "division_name": DivisionNames().full(code),
        "title": "防水卷材补贴",
        "category_codes": ["13"],
        "category_names": ["防水卷材"],
        "amount_text": "每平方米 6 元",
        "amount_fen": 600,
        "amount_unit": "平方米",
        "from_on": clock.today() - datetime.timedelta(days=10),
        "until_on": clock.today() + datetime.timedelta(days=100),
        "document_title": "补贴办法",
        "how_to_claim": "到乡镇窗口办理。",
    }
    return publish_version(SubsidyVersion(rule=rule, key=rule.key, **values | changes))


def make_outlet(
    enterprise: Enterprise, code: str = "350000", *, outlet: Outlet | None = None, **changes
) -> OutletVersion:
    """A public outlet in a division that exists."""
    outlet = outlet or Outlet.objects.create(enterprise=enterprise)
    values = {
        "name": "示例直营店",
        "division_id": code,
        "division_name": DivisionNames().full(code),
        "address": "示例路 1 号",
        "phone": "0000-1234567",
        "checked_on": clock.today(),
    }
    return publish_version(
        OutletVersion(outlet=outlet, enterprise=enterprise, key=outlet.key, **values | changes)
    )
