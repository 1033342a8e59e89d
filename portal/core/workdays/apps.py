from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "portal.core.workdays"
    label = "workdays"
    verbose_name = "工作日历"
