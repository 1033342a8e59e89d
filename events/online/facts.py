"""Facts of this room: the platform that was started with the campaign."""

from pathlib import Path

from portal.core.facts import Tally, read_table, read_words
from portal.core.workflow.facts import Prepared

from .models import Platform, PlatformVersion

DATA = Path(__file__).parent / "data"


def prepare() -> Prepared:
    """The platforms whose name in addresses nobody has taken yet."""
    table = read_table(DATA / "platforms.csv")
    present = set(Platform.objects.values_list("slug", flat=True))
    missing = [_version(row) for row in table if row["slug"] not in present]
    PlatformVersion.objects.bulk_create(missing)
    return Prepared([Tally("线上平台", len(missing), len(table) - len(missing))], missing)


def _version(row: dict[str, str]) -> PlatformVersion:
    platform = Platform.objects.create(slug=row["slug"])
    values = {**row, "hosts": read_words(row["hosts"])}
    version = PlatformVersion(
        platform=platform, key=platform.key, state=PlatformVersion.State.PUBLISHED, **values
    )
    version.seal()
    return version
