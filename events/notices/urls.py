"""Addresses of the notice board."""

from django.urls import path

from portal.core.pages import converters  # noqa: F401 - registers `record`

from . import feeds, views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("feed.atom", feeds.feed, name="feed"),
    path("feed/<slug:kind>.atom", feeds.feed, name="kind_feed"),
    path("<record:number>/", views.notice_detail, name="detail"),
]
