"""What pages say about the work beside the server."""

from typing import Any

from django import template

from portal.core.jobs.standing import outage

register = template.Library()


@register.inclusion_tag("jobs/outage.html")
def jobs_outage() -> dict[str, Any]:
    """A warning while no worker is there; otherwise nothing."""
    return {"outage": outage()}
