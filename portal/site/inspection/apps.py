from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "portal.site.inspection"
    label = "inspection"
    verbose_name = "网站自查"
