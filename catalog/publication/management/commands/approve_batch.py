from catalog.publication.publishing.workflow import approve

from ._step import BatchStepCommand


class Command(BatchStepCommand):
    help = "Approves the frozen lines of a batch; the person must be another than the one who submitted it."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--digest", help="批准时核对的摘要；不写则批准现在冻结的内容")

    def step(self, batch, by, options):
        batch = approve(batch, by=by, digest=options["digest"])
        return f"已批准 {batch.slug}，摘要 {batch.digest}"
