from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "events.activities"
    verbose_name = "活动"
