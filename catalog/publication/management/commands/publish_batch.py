from catalog.publication.models import Batch
from catalog.publication.publishing.workflow import open_notice, publish

from ._step import BatchStepCommand


class Command(BatchStepCommand):
    help = "Publishes an approved batch; one that needs a notice enters it first, and is published after its last day."

    def step(self, batch, by, options):
        if batch.state == Batch.State.APPROVED and batch.notice_days:
            batch = open_notice(batch, by=by)
            return f"{batch.slug} 开始公示，至 {batch.notice_until:%Y-%m-%d}；期满后再次运行本命令即公布"
        batch = publish(batch, by=by)
        return f"已公布 {batch.slug}，第{batch.edition_id}版，链头 {batch.edition.head}"
