"""Addresses of public files."""

from django.urls import path, register_converter

from . import views


class Sha256Converter:
    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Sha256Converter, "sha256")

app_name = "files"
urlpatterns = [path("<sha256:sha256>/<str:name>", views.public_file, name="public")]
