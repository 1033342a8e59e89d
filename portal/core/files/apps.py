from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "portal.core.files"
    label = "files"
    verbose_name = "文件"
