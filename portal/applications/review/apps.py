from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "portal.applications.review"
    label = "review"
    verbose_name = "申报审核"
