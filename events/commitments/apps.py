from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "events.commitments"
    verbose_name = "合作承诺"
