"""Addresses of the activities."""

from django.urls import path

from portal.core.pages import converters  # noqa: F401 - registers `record`

from .views import Activities, Results

app_name = "activities"
urlpatterns = [
    path("", Activities.view("listed"), name="list"),
    path("calendar/", Activities.view("month"), name="month"),
    path("calendar.ics", Activities.view("ics_all"), name="ics_all"),
    path("results/", Results.view("listed"), name="results"),
    path("results/<record:number>/", Results.view("detail"), name="result"),
    path("<record:number>/", Activities.view("detail"), name="detail"),
    path("<record:number>.ics", Activities.view("ics"), name="ics"),
]
