"""Addresses and forms of the batch desk."""

from django.urls import reverse


def at(name, *args):
    return reverse(f"admin:publication_batch_{name}", args=args)


def page_of(batch):
    return at("change", batch.pk)
