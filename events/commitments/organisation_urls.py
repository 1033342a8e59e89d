"""Addresses of the organisations."""

from django.urls import path

from portal.core.pages import converters  # noqa: F401 - registers `record`

from .views.organisations import Claims, Organisations

app_name = "organisations"
urlpatterns = [
    path("", Organisations.view("listed"), name="list"),
    path("<record:number>/", Organisations.view("detail"), name="detail"),
    path("claims/<record:number>/", Claims.view("detail"), name="claim"),
]
