"""Who asked, complained, corrected or objected."""

import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from portal.core.accounts.models import User
from portal.core.accounts.personal import proven_addresses
from portal.core.files.models import StoredFile
from portal.core.processing import CONTRACT, ProcessingRecord

from .erasing import due, erase_enquiry
from .models import Enquiry


class Senders(ProcessingRecord):
    code = "enquiries.senders"
    label = "来信人"
    of_whom = "咨询、投诉、纠错、提出异议的人"
    what = "称呼、电话、邮箱、来信内容、照片"
    purpose = "办理来信并答复"
    basis = CONTRACT
    seen_by = "办理单位的工作人员（联系方式遮盖，查看留痕）"
    keep = f"办结后 {settings.ENQUIRY_KEEP_DAYS} 天"
    model, columns = Enquiry, "contact_name contact_phone contact_email subject place_detail text"
    elsewhere = ("enquiries.Photo.picture",)
    counted_from = "ended_on"
    stays = "种类、地区、日期和办理经过留作统计，里面没有人。"

    def rows_of(self, user: User) -> QuerySet[Any]:
        """Written without an account: found by an address that the person was proved to read."""
        addresses = proven_addresses(user)
        if not addresses:
            return Enquiry.objects.none()
        same = reduce(or_, (Q(contact_email__iexact=address) for address in addresses))
        return Enquiry.objects.filter(same, erased_at__isnull=True).order_by("pk")

    def described(self, row: Any) -> dict[str, Any]:
        acts = [{"时间": act.at, "事项": act.get_kind_display(), "内容": act.text} for act in row.acts.all()]
        return (
            {"编号": row.number, "种类": row.get_kind_display(), "收到": row.received_on}
            | super().described(row)
            | {"办理经过": acts}
        )

    def documents(self, user: User) -> Any:
        for enquiry in self.rows_of(user):
            for place, photo in enumerate(enquiry.photos.all(), start=1):
                file = StoredFile.objects.filter(
                    sha256=photo.sha256, root=StoredFile.Root.PRIVATE, erased_at__isnull=True
                ).first()
                if file is not None:
                    yield f"{enquiry.number}-{place}.webp", file

    def obstacles(self, user: User) -> list[str]:
        open_ones = self.rows_of(user).waiting()  # type: ignore[attr-defined]
        return [f"来信 {enquiry.number} 还没有答复，答复后再清除。" for enquiry in open_ones]

    def erase(self, user: User, pseudonym: str) -> int:
        rows = list(self.rows_of(user))
        for enquiry in rows:
            erase_enquiry(enquiry)
        return len(rows)

    def due(self, today: datetime.date) -> QuerySet[Any]:
        return due(today)

    def expire(self, row: Any) -> None:
        erase_enquiry(row)


PROCESSING_RECORDS = (Senders(),)
