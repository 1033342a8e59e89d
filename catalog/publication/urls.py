"""Addresses of the registers; included at the root, because each register has a name of its own."""

from django.urls import include, path, re_path

from catalog.publication.views import (
    batches,
    check,
    differences,
    enterprises,
    exports,
    files,
    lists,
    products,
    subscriptions,
)
from catalog.publication.views.kinds import Kinds

product_urls = [
    path("", lists.products, name="list"),
    path("feed.atom", subscriptions.newest, {"register": "products"}, name="feed"),
    path("ends.ics", subscriptions.ends, name="ends"),
    re_path(r"^export\.(?P<extension>csv|xlsx|jsonl)$", exports.products, name="export"),
    path("<str:number>/", products.detail, name="detail"),
]
enterprise_urls = [
    path("", lists.enterprises, name="list"),
    path("feed.atom", subscriptions.newest, {"register": "enterprises"}, name="feed"),
    re_path(r"^export\.(?P<extension>csv|xlsx|jsonl)$", exports.enterprises, name="export"),
    path("<str:uscc>/", enterprises.detail, name="detail"),
]
kind_urls = [
    path("", Kinds.view("listed"), name="list"),
    path("<str:code>/", Kinds.view("detail"), name="detail"),
]
batch_urls = [
    path("", batches.index, name="list"),
    path("feed.atom", subscriptions.batches, name="feed"),
    path("notices.ics", subscriptions.notice_periods, name="periods"),
    path("<slug:slug>/feed.atom", subscriptions.batch, name="batch_feed"),
    path("<slug:slug>/", batches.detail, name="detail"),
    path("<slug:slug>/lines.jsonl", batches.lines, name="lines"),
    path("<slug:slug>/files/manifest.json", files.manifest_of_batch, name="manifest"),
    path("<slug:slug>/files/<str:register>.<str:extension>", files.of_batch, name="file"),
]
data_urls = [
    path("", files.index, name="index"),
    path("catalog.jsonld", files.catalog, name="catalog"),
    re_path(r"^(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/(?P<rest>.*)$", files.of_day, name="day"),
    path("<int:number>/manifest.json", files.manifest_of_lists, name="manifest"),
    path("<int:number>/csvw.json", files.tables_of_lists, name="tables"),
    path("<int:number>/<str:register>.schema.json", files.schema_of_list, name="schema"),
    path("<int:number>/<str:register>.<str:extension>", files.of_lists, name="file"),
]

urlpatterns = [
    path("products/", include((product_urls, "products"))),
    path("enterprises/", include((enterprise_urls, "enterprises"))),
    path("kinds/", include((kind_urls, "kinds"))),
    path("batches/", include((batch_urls, "batches"))),
    path("data/", include((data_urls, "data"))),
    path("check/", check.check, name="check"),
    path("differences/", differences.page, name="differences"),
    re_path(
        r"^differences/export\.(?P<extension>csv|xlsx|jsonl)$", differences.export, name="differences-export"
    ),
    path("differences/feed.atom", differences.feed, name="differences-feed"),
]
