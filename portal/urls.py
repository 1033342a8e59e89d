"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from catalog.regions.chosen import choose, keep
from portal import views
from portal.core.entrance.views import too_many
from portal.core.pages import mode
from portal.site import views as site_views
from portal.site.check_many.views import many
from portal.site.house.views import build
from portal.site.metrics.views import metrics
from portal.site.poster import views as poster_views
from portal.site.region_feed import region_feed
from portal.site.suggestions import suggest

urlpatterns = [
    path("", site_views.home, name="home"),
    path("search/", site_views.search, name="search"),
    path("search/words/", site_views.words, name="search-words"),
    path("search/suggest.json", suggest, name="search-suggest"),
    path("figures/", include("portal.site.figures.urls")),
    path("check/many/", many, name="check-many"),
    path("v/", include("portal.site.sheets.urls")),
    path("campaigns/", include("catalog.campaigns.urls")),
    path("regions/<str:code>/feed.atom", region_feed, name="region-feed"),
    path("place/", choose, name="place"),
    path("place/keep/", keep, name="place-keep"),
    path("poster/", poster_views.page, name="poster"),
    path("poster/<str:form>", poster_views.printed, name="poster-paper"),
    path("build/", build, name="build"),
    path("regions/", include("catalog.regions.urls")),
    path("notices/", include("events.notices.urls")),
    path("enquiries/", include("events.enquiries.urls")),
    path("reports/", include("events.reports.urls")),
    path("online/", include("events.online.urls")),
    path("files/", include("portal.core.files.urls")),
    path("privacy/", include("portal.applications.privacy.urls")),
    path("accounts/data/", include("portal.applications.privacy.account_urls")),
    path("activities/", include("events.activities.urls")),
    path("commitments/", include("events.commitments.urls")),
    path("organisations/", include("events.commitments.organisation_urls")),
    path("desk/", include("portal.applications.counter.urls")),
    path("", include("portal.site.about.urls")),
    path("", include("portal.site.log.urls")),
    path("", include("portal.site.api.urls")),
    path("mode/", mode.switch, name="mode"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("catalog.publication.urls")),
    path("accounts/", include("portal.core.entrance.urls")),
    path("admin/", admin.site.urls),
]

handler400 = views.bad_request
handler404 = views.not_found
handler429 = too_many
handler500 = views.breakdown
