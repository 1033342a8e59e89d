"""The reading of all pages as a job beside the server: it takes too long for a request."""

from django_tasks import task

from .reading import read_site


@task()
def read_pages() -> None:
    read_site()
