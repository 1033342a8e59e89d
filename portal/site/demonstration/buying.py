"""Where one can buy in the demonstration, and with what subsidy: fictitious shops and rules, and they say so."""

import datetime

from catalog.enterprises.models import Enterprise, Outlet, OutletVersion
from catalog.products.models import Category
from catalog.regions.models import Division, SubsidyRule, SubsidyVersion
from catalog.regions.naming import DivisionNames

from .people import People
from .published import published

INVENTED = "演示数据，虚构，不能据此申领"


def open_outlet(people: People, enterprise: Enterprise, name: str, on: datetime.date) -> None:
    """A shop in the town where the maker lives, with a telephone number that nobody has."""
    place = enterprise.division
    assert place is not None  # noqa: S101 - every maker of the demonstration lives somewhere
    values = {
        "enterprise": enterprise,
        "name": name,
        "division": place,
        "division_name": DivisionNames().full(place.code),
        "address": "示例镇建材街 8 号（虚构）",
        "phone": enterprise.phone,
        "checked_on": on,
    }
    published(people, OutletVersion, Outlet.objects.create(enterprise=enterprise), values)


def announce_rule(
    people: People,
    place: str,
    kind: str,
    *,
    fen: int,
    unit: str,
    days: tuple[datetime.date, datetime.date],
) -> None:
    category, division = Category.objects.get(pk=kind), Division.objects.get(pk=place)
    values = {
        "division_code": place,
        "division_name": DivisionNames().full(place),
        "title": f"{category.name}购置补贴（示例）",
        "category_codes": [category.code],
        "category_names": [category.name],
        "amount_text": f"每{unit} {fen // 100} 元，每户最多 1,200 元",
        "amount_fen": fen,
        "amount_unit": unit,
        "from_on": days[0],
        "until_on": days[1],
        "document_title": "示例补贴办法（虚构）",
        "document_number": "示例〔演示〕1号",
        "how_to_claim": f"{INVENTED}。\n\n真实的规则在这里写明到哪里、凭什么材料申领。",
        "source": INVENTED,
    }
    published(people, SubsidyVersion, SubsidyRule.objects.create(division=division), values)
