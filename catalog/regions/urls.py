"""Addresses of the regions."""

from django.urls import path

from . import views

app_name = "regions"
urlpatterns = [
    path("", views.region_list, name="list"),
    path("<str:code>/", views.region_detail, name="detail"),
    path("<str:code>/subsidies/<int:number>/", views.subsidy_detail, name="subsidy"),
]
