"""Addresses of the import desk, and what its pages say."""

from django.urls import reverse

from portal.core.editions import clock

YEAR = clock.today().year


def at(name, *args):
    return reverse(f"admin:imports_importrun_{name}", args=args)


def text_of(response):
    return response.content.decode()
