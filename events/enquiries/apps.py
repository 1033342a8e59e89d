from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    name = "events.enquiries"
    verbose_name = "咨询投诉"
