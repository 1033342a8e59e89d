"""Addresses of the notice board."""

from django.urls import path

from portal.core.pages import converters  # noqa: F401 - registers `record`

from .views import Notices

app_name = "notices"
urlpatterns = [
    path("", Notices.view("listed"), name="list"),
    path("feed.atom", Notices.view("feed"), name="feed"),
    path("feed/<slug:kind>.atom", Notices.view("feed"), name="kind_feed"),
    path("<record:number>/", Notices.view("detail"), name="detail"),
]
