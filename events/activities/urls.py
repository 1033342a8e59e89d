"""Addresses of the activities."""

from django.urls import path

from portal.core.pages import converters  # noqa: F401 - registers `record`

from . import views

app_name = "activities"
urlpatterns = [
    path("", views.activity_list, name="list"),
    path("calendar/", views.month, name="month"),
    path("calendar.ics", views.ics_all, name="ics_all"),
    path("results/", views.result_list, name="results"),
    path("results/<record:number>/", views.result_detail, name="result"),
    path("<record:number>/", views.detail, name="detail"),
    path("<record:number>.ics", views.ics, name="ics"),
]
