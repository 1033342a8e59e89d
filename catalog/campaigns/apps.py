from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "catalog.campaigns"
    verbose_name = "活动年度"
