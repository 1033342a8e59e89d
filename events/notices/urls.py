"""Addresses of the notice board."""

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("<int:number>/", views.notice_detail, name="detail"),
]
