"""Addresses of the data interface; included at the root."""

from django.urls import include, path, re_path

from . import views

api_urls = [
    path("", views.root, name="root"),
    path("openapi.json", views.openapi, name="openapi"),
    path("figures", views.figures, name="figures"),
    path("changes", views.changes, name="changes"),
    path("certificates/<str:body>/<path:number>", views.record, {"name": "certificates"}, name="certificate"),
    path("<slug:name>", views.listed, name="list"),
    path("<slug:name>/<str:number>", views.record, name="record"),
    re_path(r"^(?P<rest>[\s\S]+)$", views.unknown, name="unknown"),  # a path of Django's ends at a line break
]

urlpatterns = [
    path("api/", views.page, name="api-page"),
    path("api/v1/", include((api_urls, "api"))),
]
