"""Addresses of the regions."""

from django.urls import path

from .views import Regions, Subsidies

app_name = "regions"
urlpatterns = [
    path("", Regions.view("listed"), name="list"),
    path("<str:code>/", Regions.view("detail"), name="detail"),
    path("<str:code>/subsidies/<int:number>/", Subsidies.view("of_region"), name="subsidy"),
]
