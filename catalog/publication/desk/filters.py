"""The filters of the list of batches at the desk."""

from django.db.models import QuerySet
from django_filters import ChoiceFilter

from catalog.campaigns.models import Campaign
from catalog.publication.models import Batch
from catalog.publication.publishers import publisher_names
from portal.core.desk.filters import DeskFilters
from portal.core.editions import clock

State = Batch.State
APPROVAL, NOTICE, RUNNING, PUBLICATION = "approval", "notice", "running", "publication"
WAITS = [
    (APPROVAL, "等批准"),
    (NOTICE, "已批准，等开始公示"),
    (RUNNING, "公示未满"),
    (PUBLICATION, "公示期满，等公布"),
]


def campaigns() -> list[tuple[str, str]]:
    return [(campaign.slug, str(campaign)) for campaign in Campaign.objects.order_by("slug")]


class BatchFilters(DeskFilters):
    # As Django names its own filters of a column: these addresses stand in bookmarks and in the handbook.
    state__exact = ChoiceFilter(label="状态", choices=State.choices, field_name="state")
    waits = ChoiceFilter(label="等什么", choices=WAITS, method="waiting_for")
    kind__exact = ChoiceFilter(label="种类", choices=Batch.Kind.choices, field_name="kind")
    publisher = ChoiceFilter(label="发布方", choices=lambda: publisher_names().items())
    campaign = ChoiceFilter(label="活动年度", choices=campaigns, field_name="campaign__slug")

    def waiting_for(self, batches: QuerySet[Batch], _name: str, value: str) -> QuerySet[Batch]:
        in_notice = batches.filter(state=State.IN_NOTICE)
        return {
            APPROVAL: batches.filter(state=State.SUBMITTED),
            NOTICE: batches.filter(state=State.APPROVED),
            RUNNING: in_notice.filter(notice_until__gte=clock.today()),
            PUBLICATION: in_notice.filter(notice_until__lt=clock.today()),
        }[value]
