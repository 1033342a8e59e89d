from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "events.reports"
    verbose_name = "年度报告"
