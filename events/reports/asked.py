"""What a report counts: each figure as a question to one of the public lists, so that its rows are where its link leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from catalog.publication.showing.filters import BASES, STARS
from events.activities.models import ActivityVersion, When

GROUPS = {"lists": "清单和名录", "deeds": "活动和成果", "promises": "承诺和采信", "enquiries": "咨询投诉"}
HELD = (When.ONGOING, When.PAST)


@dataclass(frozen=True)
class Asked:
    """A figure that is the number of rows of the list at `address`, with `chosen` and the region under the name `place`.

    `of_year`: counts what was done in a year; else how things stood at its end. Only of regions, or of the campaign, where
    `only` says so. A part is of the figure above it and left out where there is nothing of it.
    """

    group: str
    code: str
    label: str
    unit: str
    address: str
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    place: str = ""
    of_year: bool = False
    only: str = ""
    is_part: bool = False


def _products(code: str, label: str, *, is_part: bool = False, **chosen: Sequence[str]) -> Asked:
    return Asked("lists", code, label, "项", "products:list", chosen, place="province", is_part=is_part)


def _activities(code: str, label: str, *, is_part: bool = False, **chosen: Sequence[str]) -> Asked:
    return Asked(
        "deeds", code, label, "场", "activities:list", chosen, place="region", of_year=True, is_part=is_part
    )


PRODUCTS = _products("products", "现行有效的产品")
ENTERPRISES = Asked("lists", "enterprises", "名录企业", "家", "enterprises:list", place="province")
ACTIVITIES = _activities("held", "举办的活动", when=HELD)
ADOPTIONS = Asked("promises", "adoptions", "认证采信规定", "项", "commitments:adoptions", place="region")
FIGURES = (
    PRODUCTS,
    *(_products(f"star-{value}", label, is_part=True, star=[value]) for value, label in STARS),
    *(
        _products(f"basis-{value}", label, is_part=True, basis=[value])
        for value, label in BASES
        if value != "certificate"
    ),
    Asked("lists", "own", "地方清单的产品", "项", "products:list", place="publisher", only="region"),
    _products("removed", "已移出、没有重新列入的产品", validity=["removed"]),
    ENTERPRISES,
    Asked("lists", "batches", "这一年编号的批次", "批", "batches:list", place="publisher", of_year=True),
    ACTIVITIES,
    *(
        _activities(f"held-{kind.value}", str(kind.label), is_part=True, when=HELD, kind=[kind.value])
        for kind in ActivityVersion.Kind
    ),
    _activities("cancelled", "取消的活动", is_part=True, when=[When.CANCELLED]),
    Asked("promises", "letters", "签署的承诺书", "份", "commitments:list", of_year=True, only="campaign"),
    ADOPTIONS,
    Asked("enquiries", "answers", "公开答复", "则", "enquiries:answers", place="region", of_year=True),
)
BY_REGION = (PRODUCTS, ENTERPRISES, ACTIVITIES, ADOPTIONS)
