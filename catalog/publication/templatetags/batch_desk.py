"""Tags of the batch desk."""

from django import forms, template
from django.urls import reverse
from django.utils.safestring import SafeString

from catalog.publication.desk.progress import STATUS
from catalog.publication.desk.steps import BatchStep
from catalog.publication.models import Batch
from portal.core.pages.templatetags.pages import status

register = template.Library()


@register.simple_tag
def batch_status(batch: Batch) -> SafeString:
    return status(STATUS[Batch.State(batch.state)], batch.get_state_display(), big=True)


@register.simple_tag
def step_href(step: BatchStep, batch: Batch) -> str:
    """An approval carries the digest of what its reader has before the eyes."""
    href = reverse(f"admin:publication_batch_{step.slug.replace('-', '_')}", args=[batch.pk])
    return f"{href}?digest={batch.digest}" if step.names_digest else href


@register.simple_tag
def chosen_word(field: forms.BoundField) -> str:
    """What was chosen or typed, in words."""
    value = field.value()
    choices = dict(getattr(field.field, "choices", ()))
    return str(choices.get(value, value))
