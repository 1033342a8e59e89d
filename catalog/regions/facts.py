"""Facts of this room: the divisions of GB/T 2260, and a page for each of the 34 province-level units."""

from collections.abc import Collection
from pathlib import Path

from portal.core.facts import Tally, add_missing, read_table
from portal.core.text.dates import read_partial
from portal.core.workflow.facts import Prepared, publish_facts

from .models import Division, RegionPage, RegionVersion

DATA = Path(__file__).parent / "data"
# The notice that opened the campaign to the whole country reaches the mainland.
ELSEWHERE = {"710000", "810000", "820000"}
NATIONWIDE = "不是试点地区。2024年起活动在全国开展，不再审批试点。"
NATIONWIDE_SOURCE = "工信厅联原函〔2024〕21号；福州新闻网2024年4月25日转载"
NOTHING_KNOWN = "尚无这里开展绿色建材下乡活动的公开资料。"
DIVISION_SOURCE = "GB/T 2260《中华人民共和国行政区划代码》"


def seed() -> list[Tally]:
    return publish_facts([prepare])


def prepare() -> Prepared:
    tally = add_missing(divisions(), identity=["code"])
    present = set(RegionPage.objects.values_list("pk", flat=True))
    versions = region_versions()
    missing = [version for version in versions if version.page_id not in present]
    RegionPage.objects.bulk_create([version.page for version in missing])
    for version in missing:
        version.seal()
    RegionVersion.objects.bulk_create(missing)
    return Prepared([tally, Tally("地区页面", len(missing), len(versions) - len(missing))], missing)


def divisions() -> list[Division]:
    table = read_table(DATA / "divisions.csv")
    codes = {row["code"] for row in table}
    return [Division(**row, parent_id=parent_of(row["code"], codes)) for row in table]


def parent_of(code: str, codes: Collection[str]) -> str | None:
    """The division above: counties of a municipality, and those directly under a province, lie in the province.

    Codes ending in 90xx stand for "directly under"; their row at prefecture level is a heading and not a place.
    """
    province, prefecture = f"{code[:2]}0000", f"{code[:4]}00"
    if code == province:
        return None
    if code == prefecture or code[2:4] == "90" or prefecture not in codes:
        return province
    return prefecture


def region_versions() -> list[RegionVersion]:
    """Unsaved versions with their unsaved pages, in the order of the codes."""
    pilots = {row["code"]: row for row in read_table(DATA / "pilot_regions.csv")}
    provinces = [row for row in read_table(DATA / "divisions.csv") if row["level"] == Division.Level.PROVINCE]
    return [_version(row["code"], pilots.get(row["code"])) for row in provinces]


def _version(code: str, pilot: dict[str, str] | None) -> RegionVersion:
    page = RegionPage(division_id=code)
    version = RegionVersion(page=page, key=page.key, state=RegionVersion.State.PUBLISHED)
    if pilot is not None:
        _say_approval(version, pilot)
    elif code in ELSEWHERE:
        version.summary, version.source = NOTHING_KNOWN, DIVISION_SOURCE
    else:
        version.summary, version.source = NATIONWIDE, NATIONWIDE_SOURCE
    return version


def _say_approval(version: RegionVersion, row: dict[str, str]) -> None:
    version.approval_batch, version.approval_year = int(row["approval_batch"]), int(row["year"])
    version.approval, version.launch_place, version.source = (
        row["approval"],
        row["launch_place"],
        row["source"],
    )
    if row["launched"]:
        launched = read_partial(row["launched"])
        precision = RegionVersion.Precision
        version.launched_on = launched.first_day
        version.launched_precision = precision.DAY if launched.day else precision.MONTH
