from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "catalog.regions"
    verbose_name = "行政区划与试点"
