"""Addresses of the standing pages; included at the root."""

from django.urls import include, path

from . import views

standing_urls = [path(f"{name}/", views.standing, {"name": name}, name=name) for name in views.PAGES]

urlpatterns = [
    path("guide/", views.guides, name="guide"),
    path("guide/<slug:slug>/", views.guide, name="guide-detail"),
    path("about/", include((standing_urls, "about"))),
    path("sitemap/", views.site_map, name="sitemap"),
    path("sitemap.xml", views.site_map_xml, name="sitemap-xml"),
    path("sitemap-<int:number>.xml", views.site_map_part, name="sitemap-part"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(".well-known/security.txt", views.security, name="security-txt"),
]
