"""Words that villagers and builders say for a kind of product: the published ones, which began as the table that comes along."""

from functools import cache
from pathlib import Path

from portal.core.facts import Tally, read_table, read_words
from portal.core.workflow.facts import Prepared

from .models import Category, KindWords, KindWordsVersion

TABLE = Path(__file__).parent / "data" / "synonyms.csv"
SOURCE = "随本平台提供的用语表"


@cache
def table() -> dict[str, tuple[str, ...]]:
    """By the name of a kind. Aliases (`Category.aliases`) are its other names in lists and are not repeated here."""
    return {row["name"]: tuple(read_words(row["words"])) for row in read_table(TABLE)}


def synonyms_at(edition: int) -> dict[str, tuple[str, ...]]:
    """By the code of a kind, as published at an edition. Before any was published the table was in force: what is cited of
    that time is found as it was.
    """
    ever = KindWordsVersion.objects.filter(from_edition__lte=edition)
    columns = ("category_code", "words", "is_withdrawn", "until_edition")
    rows = list(ever.order_by("pk").values_list(*columns))
    if not rows:
        names = Category.objects.filter(name__in=table()).values_list("code", "name")
        return {code: table()[name] for code, name in names}
    return {
        code: tuple(words)
        for code, words, is_withdrawn, until in rows
        if not is_withdrawn and (until is None or until > edition)
    }


def prepare() -> Prepared:
    """The words of the kinds that have no record yet."""
    kinds = Category.objects.filter(name__in=table()).order_by("group_code", "position")
    missing = [_version(kind) for kind in kinds.filter(said=None)]
    KindWordsVersion.objects.bulk_create(missing)
    return Prepared([Tally("品类用语", len(missing), kinds.count() - len(missing))], missing)


def _version(kind: Category) -> KindWordsVersion:
    record = KindWords.objects.create(category=kind)
    version = KindWordsVersion(
        kind=record,
        key=record.key,
        state=KindWordsVersion.State.PUBLISHED,
        category_code=kind.code,
        words=list(table()[kind.name]),
        source=SOURCE,
    )
    version.seal()
    return version
