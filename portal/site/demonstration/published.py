"""A record of the demonstration, written by one person and published by another."""

from typing import Any

from portal.core.workflow import versions
from portal.core.workflow.records import Identity
from portal.core.workflow.versions import Wording

from .people import People


def published(people: People, model: type[Wording], identity: Identity, values: dict[str, Any]) -> Wording:
    """A saved identity gets one version more; what it says now is carried along."""
    version = versions.new_version(model, identity, by=people.editor)
    for name, value in values.items():
        setattr(version, name, value)
    version.save()
    return versions.publish(versions.submit(version, by=people.editor), by=people.reviewer)
