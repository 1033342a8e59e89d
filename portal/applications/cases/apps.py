from django.apps import AppConfig

from portal.core.schedule.acts import Act, keep


class DeskConfig(AppConfig):
    name = "portal.applications.cases"
    label = "desk"
    verbose_name = "企业申报"

    def ready(self) -> None:
        from .reminding import by_itself

        keep(Act("remind", "到期与补正提醒", cron="30 7 * * *", run=by_itself))
