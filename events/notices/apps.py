from django.apps import AppConfig

from portal.core.index import collections


class NoticesConfig(AppConfig):
    name = "events.notices"
    verbose_name = "通知公告"

    def ready(self) -> None:
        """The command that builds the search index builds this room's too."""
        from . import indexing
        from .models import NoticeVersion

        collections.keep(
            collections.Kept(
                collection=indexing.COLLECTION,
                label=self.verbose_name,
                documents=indexing.everything,
                faults=indexing.faults,
                is_empty=lambda: not NoticeVersion.objects.exists(),
            )
        )
