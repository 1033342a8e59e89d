from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "portal.applications.counter"
    label = "counter"
    verbose_name = "企业办事"
