from django.apps import AppConfig

from portal.core.jobs.rhythms import every


class ScheduleConfig(AppConfig):
    name = "portal.core.schedule"
    label = "schedule"
    verbose_name = "定时事项"

    def ready(self) -> None:
        from .ordering import order_due

        every(20.0, order_due)
