"""Who signed a commitment letter."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet

from portal.core.audit.models import Change
from portal.core.processing import CONTRACT, Outcome, ProcessingRecord

from .models import LetterVersion, Signatory

YEARS = 3  # for which a claim out of a contract may be brought (民法典第一百八十八条)


class Signatories(ProcessingRecord):
    code = "commitments.signatories"
    label = "承诺书签署人"
    of_whom = "代表单位签字的人"
    what = "姓名、职务"
    purpose = "证明承诺书由谁代表单位签署"
    basis = CONTRACT
    seen_by = "办理的工作人员；从不公开"
    keep = f"承诺书存续期间；到期、撤回或撤销满 {YEARS} 年后清除"
    model, columns = Signatory, "name title"
    outcome = Outcome.KEPT
    stays = "签署是单位的行为，承诺书有效期间要能证明由谁签署。"

    def due(self, today: datetime.date) -> QuerySet[Any]:
        """Of letters whose current version ended long ago."""
        until = today - datetime.timedelta(days=365 * YEARS)
        ended = LetterVersion.objects.current().filter(Q(ends_on__lt=until) | Q(standing_on__lt=until))
        named = ~Q(name="") | ~Q(title="")
        return Signatory.objects.filter(named, letter__in=ended.values("letter")).order_by("pk")

    def expire(self, row: Any) -> None:
        """Without a before-image, and without those that are there: they would keep the name."""
        Signatory.objects.filter(pk=row.pk).update(name="", title="")
        images = Change.objects.filter(target=Signatory._meta.label_lower, target_id=str(row.pk))
        images.filter(personal__isnull=False).update(personal=None)


PROCESSING_RECORDS = (Signatories(),)
