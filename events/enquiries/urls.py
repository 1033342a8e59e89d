"""Addresses of the enquiries."""

from django.urls import path

from . import views
from .answers.views import Answers

app_name = "enquiries"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/<slug:kind>/", views.new, name="new"),
    path("follow/", views.follow, name="follow"),
    path("answers/", Answers.view("listed"), name="answers"),
    path("answers/<int:number>/", Answers.view("detail"), name="answer"),
]
