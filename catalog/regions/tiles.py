"""The 34 province-level units as a grid of tiles: no outline map, whose publication would need an approval number."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.regions.models import RegionVersion

# code: (short name, full name, row, column)
PLACES = {
    "230000": ("黑", "黑龙江省", 1, 7),
    "150000": ("蒙", "内蒙古自治区", 2, 4),
    "210000": ("辽", "辽宁省", 2, 6),
    "220000": ("吉", "吉林省", 2, 7),
    "650000": ("新", "新疆维吾尔自治区", 3, 1),
    "620000": ("甘", "甘肃省", 3, 2),
    "640000": ("宁", "宁夏回族自治区", 3, 3),
    "140000": ("晋", "山西省", 3, 4),
    "110000": ("京", "北京市", 3, 5),
    "120000": ("津", "天津市", 3, 6),
    "540000": ("藏", "西藏自治区", 4, 1),
    "630000": ("青", "青海省", 4, 2),
    "610000": ("陕", "陕西省", 4, 3),
    "410000": ("豫", "河南省", 4, 4),
    "130000": ("冀", "河北省", 4, 5),
    "370000": ("鲁", "山东省", 4, 6),
    "510000": ("川", "四川省", 5, 2),
    "500000": ("渝", "重庆市", 5, 3),
    "420000": ("鄂", "湖北省", 5, 4),
    "340000": ("皖", "安徽省", 5, 5),
    "320000": ("苏", "江苏省", 5, 6),
    "310000": ("沪", "上海市", 5, 7),
    "530000": ("滇", "云南省", 6, 2),
    "520000": ("黔", "贵州省", 6, 3),
    "430000": ("湘", "湖南省", 6, 4),
    "360000": ("赣", "江西省", 6, 5),
    "330000": ("浙", "浙江省", 6, 6),
    "450000": ("桂", "广西壮族自治区", 7, 3),
    "440000": ("粤", "广东省", 7, 4),
    "350000": ("闽", "福建省", 7, 5),
    "710000": ("台", "台湾省", 7, 6),
    "460000": ("琼", "海南省", 8, 3),
    "820000": ("澳", "澳门特别行政区", 8, 4),
    "810000": ("港", "香港特别行政区", 8, 5),
}

WORDS = {1: "第一批试点", 2: "第二批试点"}


@dataclass(frozen=True)
class Tile:
    """`approval_batch` is 0 for a unit that is no pilot."""

    code: str
    short_name: str
    name: str
    row: int
    column: int
    approval_batch: int = 0

    @property
    def words(self) -> str:
        return WORDS.get(self.approval_batch, "不是试点地区")


@dataclass
class Approval:
    """One batch of pilots, in the order of the codes."""

    batch: int
    year: int
    regions: list[RegionVersion] = field(default_factory=list)

    @property
    def words(self) -> str:
        return WORDS.get(self.batch, f"第{self.batch}批试点")

    @property
    def count(self) -> int:
        return len(self.regions)


def tiles_of(versions: Iterable[RegionVersion]) -> list[Tile]:
    """In reading order, with the pilots among what `versions` say."""
    batches = {version.page_id: version.approval_batch or 0 for version in versions}
    return [Tile(code, *place, batches.get(code, 0)) for code, place in PLACES.items()]


def approvals_of(versions: Iterable[RegionVersion]) -> list[Approval]:
    """The batches of pilots, the first one first."""
    found: dict[int, Approval] = {}
    for version in versions:
        if version.approval_batch is not None and version.approval_year is not None:
            batch = found.setdefault(
                version.approval_batch, Approval(version.approval_batch, version.approval_year)
            )
            batch.regions.append(version)
    return [found[batch] for batch in sorted(found)]
