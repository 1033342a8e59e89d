from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "portal.inspection"
    verbose_name = "网站自查"
