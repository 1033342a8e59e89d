from django.apps import AppConfig

from portal.core.schedule.acts import Act, keep


class PrivacyConfig(AppConfig):
    name = "portal.applications.privacy"
    label = "privacy"
    verbose_name = "个人信息"

    def ready(self) -> None:
        from .retention import by_itself

        keep(Act("retention", "清除过期的个人信息", cron="10 2 * * *", run=by_itself))
