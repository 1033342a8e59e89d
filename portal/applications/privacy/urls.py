"""The public inventory."""

from django.urls import path

from . import views

app_name = "privacy"
urlpatterns = [path("data/", views.inventory, name="inventory")]
