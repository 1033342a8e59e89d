"""The plain lines about kinds: those published, which began as the table that comes along; and what the stars of a kind say."""

from pathlib import Path

from portal.core.facts import Tally, read_table
from portal.core.pages.reading import ReadAt
from portal.core.prepared import prepared
from portal.core.workflow.facts import Prepared

from .models import Category, KindGuide, KindGuideVersion

TABLE = Path(__file__).parent / "data" / "kind_guides.csv"
SOURCE = "随本平台提供的品类说明：用通行的说法写成，不是标准原文；品类名称和标准号见目录文件"
LINES = ("what", "plain", "used_in", "to_ask", "not_promised")


def stars_line(kind: Category, *, plainly: bool = False) -> str:
    """What the stars of its certificates mean, by the scheme of the kind."""
    if kind.scheme == Category.Scheme.GREEN_PRODUCT:
        return (
            "绿色产品证书上不画星，当三颗星看。"
            if plainly
            else "绿色产品认证证书不分星级，按三星级看待；符合标准才发证书。"
        )
    return (
        "星越多，评得越高：一颗最低，三颗最高。几颗星，证书上写着。"
        if plainly
        else "按标准评为一星级、二星级或三星级，三星级最高；几星写在证书上。"
    )


def guide_at(reading: ReadAt, code: str) -> KindGuideVersion | None:
    """The lines about a kind as published; none before they were, and none once they are withdrawn."""
    found = _guides(edition=reading.edition, day=reading.day, code=code)
    return found[0] if found else None


def guided_kinds(reading: ReadAt) -> set[str]:
    """Kinds that have a page of their own: an editor may add a kind before anybody wrote its lines."""
    standing = KindGuideVersion.objects.visible(reading.edition, reading.day).standing()
    return set(standing.values_list("kind_id", flat=True))


@prepared
def _guides(edition, day, code):
    rows = KindGuideVersion.objects.visible(edition, day).standing().filter(kind=code)
    return rows.select_related("kind__category")


def prepare() -> Prepared:
    """The lines of the kinds that have no record yet."""
    said = {row["code"]: row for row in read_table(TABLE)}
    kinds = Category.objects.filter(pk__in=said).order_by("group_code", "position")
    missing = [_version(kind, said[kind.code]) for kind in kinds.filter(guide=None)]
    KindGuideVersion.objects.bulk_create(missing)
    return Prepared([Tally("品类说明", len(missing), kinds.count() - len(missing))], missing)


def _version(kind: Category, row: dict[str, str]) -> KindGuideVersion:
    record = KindGuide.objects.create(category=kind)
    version = KindGuideVersion(
        kind=record,
        key=record.key,
        state=KindGuideVersion.State.PUBLISHED,
        source=SOURCE,
        **{name: row[name] for name in LINES},
    )
    version.seal()
    return version
