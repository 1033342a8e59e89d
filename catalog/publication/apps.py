from functools import partial

from django.apps import AppConfig

from portal.core.index import collections
from portal.core.jobs.rhythms import every
from portal.core.schedule.acts import Act, keep


class PublicationConfig(AppConfig):
    name = "catalog.publication"
    verbose_name = "批次与公布"

    def ready(self) -> None:
        """The command that builds the search index builds the registers; the chain is verified by night; workers make
        the files of the lists."""
        from .exporting import jobs
        from .publishing.verify import by_itself
        from .search import bitmaps, preparation

        keep(Act("verify_chain", "核对摘要链和文件", cron="40 3 * * *", run=by_itself))
        every(jobs.SECONDS, jobs.order_missing)

        for register in preparation.REGISTERS:
            collections.keep(
                collections.Kept(
                    collection=register.collection,
                    label=register.label,
                    documents=partial(preparation.everything, register),
                    faults=partial(preparation.faults, register),
                    is_empty=partial(preparation.is_empty, register),
                    closing=partial(preparation.closing, register),
                    swapped=bitmaps.prepare_newest,
                )
            )
