"""What the publishers are called on public pages."""

from catalog.publication.models import NATIONAL
from catalog.regions.models import Division


def publisher_names() -> dict[str, str]:
    """「国家清单」 and the provinces by code; one query."""
    provinces = Division.objects.filter(level=Division.Level.PROVINCE).values_list("code", "name")
    return named(dict(provinces))


def named(provinces: dict[str, str]) -> dict[str, str]:
    return {NATIONAL: "国家清单", **provinces}
