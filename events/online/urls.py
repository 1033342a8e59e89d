"""Addresses of the online platforms."""

from django.urls import path

from . import views

app_name = "online"
urlpatterns = [
    path("", views.index, name="list"),
    path("<slug:platform>.json", views.feed, name="feed"),
    path("go/<int:number>/", views.leave, name="leave"),
]
