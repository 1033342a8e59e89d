from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "portal.core.mail"
    label = "mail"
    verbose_name = "站内消息与邮件"
