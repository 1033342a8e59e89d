"""`/figures/`: included by the addresses of the site."""

from django.urls import path

from . import views

app_name = "figures"
urlpatterns = [
    path("", views.page, name="page"),
    path("all.csv", views.as_csv, name="all-csv"),
    path("all.json", views.as_json, name="all-json"),
    path("<slug:slug>.csv", views.as_csv, name="csv"),
]
