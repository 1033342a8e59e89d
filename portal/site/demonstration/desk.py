"""The hands of the demonstration: they open, fill, submit, approve and publish batches as the three persons would."""

import datetime
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.campaigns.models import Campaign
from catalog.imports.importing import ImportRequest, import_file
from catalog.publication.compiling.numbering import BatchNumber, open_draft
from catalog.publication.models import NATIONAL, Batch
from catalog.publication.publishing import workflow
from events.notices import workflow as notices
from events.notices.batches import draft_for
from events.notices.models import Notice, NoticeVersion
from portal.core.workflow.versions import new_version

from .people import People
from .workbooks import Layout, written
from .world import Item, Maker

WAIVER = "演示数据，企业与产品均为虚构，不作公示"
CONTACT = "示例电话 0000-0000000（演示）"
BASIS = "演示数据：企业、产品和证书均为虚构"


@dataclass(frozen=True)
class Desk:
    people: People
    today: datetime.date

    @property
    def year(self) -> int:
        """This year, or the last year of the newest campaign once that is over."""
        return min(self.today.year, self.campaign.until_on.year)

    @property
    def campaign(self) -> Campaign:
        return Campaign.objects.order_by("-until_on")[0]

    def opened(
        self, ordinal: int, *, publisher: str = NATIONAL, kind: str = Batch.Kind.BATCH, notice: bool = False
    ) -> Batch:
        """A new draft; without `notice` it may be published at once, on the written ground that nothing in it is true."""
        number = BatchNumber(publisher, kind, self.year, ordinal)
        fields: dict[str, Any] = {"campaign": self.campaign, "basis": BASIS}
        if not notice:
            fields |= {"notice_days": 0, "notice_waiver": WAIVER}
        return open_draft(number, by=self.people.editor, **fields)

    def import_makers(self, batch: Batch, layout: Layout, makers: Sequence[Maker]) -> None:
        self._import(batch, "enterprises", f"{batch.title}（企业名录）", layout, makers)

    def import_items(self, batch: Batch, layout: Layout, items: Sequence[Item]) -> None:
        self._import(batch, "products", f"{batch.title}（产品清单）", layout, items)

    def approved(self, batch: Batch) -> Batch:
        batch = workflow.submit(batch, by=self.people.editor)
        return workflow.approve(batch, by=self.people.reviewer, digest=batch.digest)

    def publish(self, batch: Batch) -> Batch:
        return workflow.publish(self.approved(batch), by=self.people.publisher)

    def announce(self, batch: Batch) -> None:
        """Send the notice that the desk drafts for a batch on its way, as it stands."""
        version = new_version(NoticeVersion, Notice.objects.create(), by=self.people.editor)
        for name, value in draft_for(batch).items():
            setattr(version, name, value)
        version.contact = version.contact or CONTACT
        version.key = version.notice.key
        version.save()
        version = notices.submit(version, by=self.people.editor)
        notices.publish(version, by=self.people.reviewer)

    def _import(
        self, batch: Batch, register: str, title: str, layout: Layout, rows: Sequence[Maker] | Sequence[Item]
    ) -> None:
        """Through the importer, as an upload would go; a fault in our own workbook is a fault of this program."""
        import_request = ImportRequest(register, batch.publisher, by=self.people.editor, slug=batch.slug)
        with tempfile.TemporaryDirectory(prefix="demonstration-") as folder:
            path = Path(folder) / f"{title}.xlsx"
            path.write_bytes(written(title, layout, rows))
            imported = import_file(path, import_request)
        if not imported.is_saved or imported.outcome.faults:
            raise RuntimeError(f"{path.name}: {[str(fault) for fault in imported.outcome.faults[:5]]}")
