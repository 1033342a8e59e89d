from django.apps import AppConfig

from portal.core.schedule.acts import Act, keep


class InspectionConfig(AppConfig):
    name = "portal.site.inspection"
    label = "inspection"
    verbose_name = "网站自查"

    def ready(self) -> None:
        from .nightly import by_itself

        keep(Act("inspection", "网站自查", cron="10 3 * * *", run=by_itself))
