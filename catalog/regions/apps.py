from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "catalog.regions"
    verbose_name = "行政区划与试点"

    def ready(self) -> None:
        from portal.core.pages.place import divisions_by

        from .models import Division

        divisions_by(lambda: Division.objects.values_list("code", flat=True))
