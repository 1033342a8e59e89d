from django.apps import AppConfig

from portal.index import collections


class NoticesConfig(AppConfig):
    name = "events.notices"
    verbose_name = "通知公告"

    def ready(self) -> None:
        """The command that builds the search index builds this room's too."""
        from . import indexing

        collections.keep(indexing.COLLECTION, rebuild=indexing.rebuild, faults=indexing.faults)
