"""Addresses of the organisations."""

from django.urls import path

from portal.core.pages import converters  # noqa: F401 - registers `record`

from .views import organisations

app_name = "organisations"
urlpatterns = [
    path("", organisations.organisation_list, name="list"),
    path("<record:number>/", organisations.organisation_detail, name="detail"),
    path("claims/<record:number>/", organisations.claim_detail, name="claim"),
]
