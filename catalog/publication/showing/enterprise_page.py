"""Everything that the page of one enterprise says, at one edition and on one day."""

from functools import cached_property

from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.publication.search.bitmaps import product_bitmaps
from catalog.publication.showing.dossier import Dossier
from catalog.publication.showing.history import Event, timeline
from catalog.publication.showing.tables import ProductRow, product_rows
from catalog.standing.judging import Standing
from portal.core.pages.reading import ReadAt
from portal.core.prepared import prepared


class EnterprisePage(Dossier[EnterpriseLine]):
    @classmethod
    def read(cls, uscc: str, reading: ReadAt) -> "EnterprisePage | None":
        """None where no enterprise had this code in that edition or before it."""
        bearers = _bearers(edition=reading.edition, uscc=uscc)
        return cls(_lines(edition=reading.edition, enterprise=bearers[0]), reading) if bearers else None

    @property
    def standing(self) -> Standing:
        return self.standings.listing(self.main)

    @property
    def former_codes(self) -> list[str]:
        """Codes under which the enterprise was public before; their addresses lead here."""
        return sorted({line.uscc for line in self.lines} - {self.main.uscc})

    @property
    def sells_in(self) -> str:
        """「全国」, or the names of the places sold in."""
        parts = self.main.sells_in.split("、") if self.main.sells_in else []
        return "、".join(self.publishers.get(part, part) for part in parts)

    @cached_property
    def product_lines(self) -> list[int]:
        """The line that stands for each of the enterprise's products, tombstones included, newest first."""
        lines = _products(edition=self.reading.edition, enterprise=self.main.enterprise_id)
        repeats = product_bitmaps(self.reading.edition, self.reading.day).repeats
        return [pk for pk in lines if pk not in repeats]

    @property
    def product_count(self) -> int:
        return len(self.product_lines)

    def products(self, start: int, stop: int) -> list[ProductRow]:
        return product_rows(self.product_lines[start:stop], self.reading, self.publishers)

    @cached_property
    def history(self) -> list[Event]:
        return timeline(self.lines, [], self.publishers)


@prepared
def _bearers(edition, uscc):
    """Whose code it was last."""
    lines = EnterpriseLine.objects.filter(uscc=uscc, from_edition__lte=edition).order_by("-id")
    return lines.values_list("enterprise", flat=True)[:1]


@prepared
def _lines(edition, enterprise):
    lines = EnterpriseLine.objects.filter(enterprise=enterprise, from_edition__lte=edition)
    return lines.select_related("batch", "from_edition", "replaces").order_by("from_edition_id", "id")


@prepared
def _products(edition, enterprise):
    lines = ProductLine.objects.public(edition).filter(enterprise=enterprise)
    return lines.order_by("-id").values_list("pk", flat=True)
