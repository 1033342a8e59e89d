from catalog.publication.compiling.metadata import change_metadata
from catalog.publication.publishing.workflow import submit

from ._step import BatchStepCommand

METADATA = ("title", "basis", "notice_days", "notice_waiver")


class Command(BatchStepCommand):
    help = "Freezes a draft batch and submits it for approval; its head may be set on the way."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--title", help="标题")
        parser.add_argument("--basis", help="依据")
        parser.add_argument("--notice-days", type=int, choices=range(61), metavar="0-60", help="公示天数")
        parser.add_argument("--notice-waiver", help="不公示的书面依据；公示天数为 0 的批次必须写明")

    def step(self, batch, by, options):
        head = {name: options[name] for name in METADATA if options[name] is not None}
        if head:
            batch = change_metadata(batch, by=by, **head)
        batch = submit(batch, by=by)
        return f"已提交 {batch.slug}，摘要 {batch.digest}"
