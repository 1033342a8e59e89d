from catalog.publication.workflow import submit

from ._step import BatchStepCommand


class Command(BatchStepCommand):
    help = "Freezes a draft batch and submits it for approval."

    def step(self, batch, by, options):
        batch = submit(batch, by=by)
        return f"已提交 {batch.slug}，摘要 {batch.digest}"
