"""Addresses of the online platforms."""

from django.urls import path

from . import views

app_name = "online"
urlpatterns = [
    path("", views.Offers.view("listed"), name="list"),
    path("<slug:platform>.json", views.feed, name="feed"),
    path("go/<int:number>/", views.Offers.view("leave"), name="leave"),
]
