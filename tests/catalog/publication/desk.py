"""Addresses and forms of the batch desk."""

from django.urls import reverse


def at(name, *args):
    return reverse(f"admin:publication_batch_{name}", args=args)


def address(batch, slug):
    """Where a step of the batch is asked for and taken."""
    return at(slug.replace("-", "_"), batch.pk)


def page_of(batch):
    return at("change", batch.pk)
