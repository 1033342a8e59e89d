"""Addresses of the online platforms."""

from django.urls import path

from . import views

app_name = "online"
urlpatterns = [
    path("", views.Offers.view("listed"), name="list"),
    path("feed/", views.Offers.view("described"), name="described"),
    path("enter/<slug:platform>/", views.Offers.view("enter"), name="enter"),
    path("<slug:platform>.json", views.feed, name="feed"),
    path("go/<int:number>/", views.Offers.view("leave"), name="leave"),
]
