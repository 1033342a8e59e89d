"""404 in words."""

from django.http import Http404


class NeverPublic(Http404):
    """Nothing was ever public at this address; the sentence says so to the reader."""
