"""Addresses of the enquiries."""

from django.urls import path

from . import views
from .answers.views import answer_detail, answer_list

app_name = "enquiries"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/<slug:kind>/", views.new, name="new"),
    path("follow/", views.follow, name="follow"),
    path("answers/", answer_list, name="answers"),
    path("answers/<int:number>/", answer_detail, name="answer"),
]
