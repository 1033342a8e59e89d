"""Facts of this room: the divisions of GB/T 2260, and the pilots that were approved."""

from collections.abc import Collection
from pathlib import Path

from portal.facts import Tally, add_missing, read_table
from portal.text.dates import read_partial

from .models import Division, PilotRegion

DATA = Path(__file__).parent / "data"


def seed() -> list[Tally]:
    return [
        add_missing(divisions(), identity=["code"]),
        add_missing(pilot_regions(), identity=["division_id"]),
    ]


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


def pilot_regions() -> list[PilotRegion]:
    return [_pilot(row) for row in read_table(DATA / "pilot_regions.csv")]


def _pilot(row: dict[str, str]) -> PilotRegion:
    pilot = PilotRegion(
        division_id=row["code"],
        approval_batch=int(row["approval_batch"]),
        year=int(row["year"]),
        approval=row["approval"],
        launch_place=row["launch_place"],
        source=row["source"],
    )
    if row["launched"]:
        launched = read_partial(row["launched"])
        pilot.launched_on = launched.first_day
        precision = PilotRegion.Precision
        pilot.launched_precision = precision.DAY if launched.day else precision.MONTH
    return pilot
