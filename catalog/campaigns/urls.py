"""Addresses of the campaigns."""

from django.urls import path

from .views import Campaigns

app_name = "campaigns"
urlpatterns = [
    path("", Campaigns.view("listed"), name="list"),
    path("<slug:slug>/", Campaigns.view("of_slug"), name="detail"),
]
