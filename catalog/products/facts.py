"""Facts of this room: the catalogues with their categories, what people say for them and what they are, and the certification bodies."""

import datetime
from pathlib import Path

from portal.core.facts import Tally, add_missing, read_table, read_words
from portal.core.workflow.facts import Prepared, publish_facts

from . import guides, synonyms
from .models import Catalogue, Category, CertificationBody

DATA = Path(__file__).parent / "data"


def seed() -> list[Tally]:
    return publish_facts([prepare])


def prepare() -> Prepared:
    tallies = [
        add_missing(catalogues(), identity=["version"]),
        add_missing(categories(), identity=["code"]),
        add_missing(certification_bodies(), identity=["code"]),
    ]
    of_kinds = [synonyms.prepare(), guides.prepare()]
    return Prepared(
        [*tallies, *(tally for room in of_kinds for tally in room.tallies)],
        [version for room in of_kinds for version in room.versions],
    )


def catalogues() -> list[Catalogue]:
    return [
        Catalogue(
            version=row["version"],
            title=row["title"],
            from_on=datetime.date.fromisoformat(row["from_on"]) if row["from_on"] else None,
        )
        for row in read_table(DATA / "catalogues.csv")
    ]


def categories() -> list[Category]:
    """Unsaved categories; their catalogues must be in the database."""
    ids = dict(Catalogue.objects.values_list("version", "pk"))
    return [_category(row, ids) for row in read_table(DATA / "categories.csv")]


def _category(row: dict[str, str], catalogue_ids: dict[str, int]) -> Category:
    return Category(
        code=row["code"],
        catalogue_id=catalogue_ids[row["catalogue"]],
        scheme=row["scheme"],
        name=row["name"],
        name_en=row["name_en"],
        aliases=read_words(row["aliases"]),
        group_code=row["group_code"],
        group_name=row["group_name"],
        position=int(row["position"]),
        house_part=row["house_part"],
        standard_number=row["standard_number"],
        standard_title=row["standard_title"],
        is_standard_confirmed=row["is_standard_confirmed"] == "yes",
    )


def certification_bodies() -> list[CertificationBody]:
    return [
        CertificationBody(
            code=row["code"],
            name=row["name"],
            short_names=read_words(row["short_names"]),
            source=row["source"],
        )
        for row in read_table(DATA / "certification_bodies.csv")
    ]
