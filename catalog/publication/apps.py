from functools import partial

from django.apps import AppConfig

from portal.core.index import collections


class PublicationConfig(AppConfig):
    name = "catalog.publication"
    verbose_name = "批次与公布"

    def ready(self) -> None:
        """The command that builds the search index builds the registers."""
        from .search import preparation

        for register in preparation.REGISTERS:
            collections.keep(
                collections.Kept(
                    collection=register.collection,
                    label=register.label,
                    documents=partial(preparation.everything, register),
                    faults=partial(preparation.faults, register),
                    is_empty=partial(preparation.is_empty, register),
                    closing=partial(preparation.closing, register),
                )
            )
