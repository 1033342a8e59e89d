"""Addresses of the open log and of proofs; included at the root."""

from django.urls import include, path

from . import views

log_urls = [
    path("", views.page, name="page"),
    path("editions.jsonl", views.editions, name="editions"),
    path("check.py", views.checker, name="checker"),
]

urlpatterns = [
    path("log/", include((log_urls, "log"))),
    path("proof/<path:key>", views.proof, name="proof"),
]
