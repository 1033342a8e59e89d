"""The least that Django does: one view without middleware, the baseline of the pages. Served by gunicorn as `hello:application`."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:  # in a process of its own
    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="of a view that signs nothing",  # noqa: S106
        LOGGING_CONFIG=None,
    )
    application = get_wsgi_application()


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello, world")


urlpatterns = [path("", hello)]
