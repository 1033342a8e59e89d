"""The reading of all pages as a job beside the server: it takes too long for a request."""

from portal.core.jobs.terms import job

from .reading import read_site


@job(seconds=1800)
def read_pages() -> None:
    read_site()
