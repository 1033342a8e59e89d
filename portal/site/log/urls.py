"""Addresses of the open log and of proofs; included at the root."""

from django.urls import include, path

from . import tree_views, views

log_urls = [
    path("", views.page, name="page"),
    path("editions.jsonl", views.editions, name="editions"),
    path("check.py", views.checker, name="checker"),
    path("check.html", views.checker_page, name="checker-page"),
    path("keys.jsonl", tree_views.keys, name="keys"),
    path("checkpoint", tree_views.newest, name="checkpoint"),
    path("checkpoint/<int:size>", tree_views.kept, name="kept"),
    path("timestamp/<int:number>.tsr", tree_views.timestamp, name="timestamp"),
    path("cosign", tree_views.cosign, name="cosign"),
    path("tile/<path:where>", tree_views.tile, name="tile"),
]

urlpatterns = [
    path("log/", include((log_urls, "log"))),
    path("proof/<path:key>", views.proof, name="proof"),
]
