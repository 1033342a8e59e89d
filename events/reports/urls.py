"""Addresses of the yearly reports."""

from django.urls import path

from portal.core.pages import converters  # noqa: F401 - registers `record`

from . import files
from .views import Reports

app_name = "reports"
urlpatterns = [
    path("", Reports.view("listed"), name="list"),
    path("feed.atom", Reports.view("feed"), name="feed"),
    path("<record:year>/<slug:place>/", Reports.view("of_place"), name="detail"),
    path("<record:year>/<slug:place>.<slug:extension>", files.file, name="file"),
]
