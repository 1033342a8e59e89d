"""Which drafts can take all of some rows."""

from typing import Any

from django.db import models
from django.db.models import Count, Exists, Q

from catalog.enterprises.models import Enterprise
from catalog.products.models import Certificate
from catalog.publication.models import NATIONAL, Batch
from portal.core.accounts.roles import prefix_of

from .drafts import draft_choices
from .registers import current_lines

ANY = Q(pk__isnull=False)


def takers(user: Any, rows: models.QuerySet) -> list[tuple[str, str]]:
    """Of the drafts of the person those that can take every row: a batch of a province takes what lies there or stands on its
    list already, an erratum only what is public. One pass over the rows."""
    choices = draft_choices(user)
    asked = {choice: condition_of(choice, rows.model) for choice, _label in choices}
    counts = rows.aggregate(
        total=Count("pk"),
        **{f"n{place}": Count("pk", filter=asked[choice]) for place, (choice, _label) in enumerate(choices)},
    )
    return [one for place, one in enumerate(choices) if counts[f"n{place}"] == counts["total"]]


def condition_of(choice: str, model: type[models.Model]) -> Q:
    """Which rows this draft can take."""
    publisher, _, kind = choice.partition(":")
    lines = current_lines(model)
    if model is Certificate:  # of no publisher
        return Q(Exists(lines)) if kind == Batch.Kind.ERRATUM else ANY
    listed = Q(Exists(lines.filter(publisher=publisher)))
    if kind == Batch.Kind.ERRATUM:
        return listed
    if publisher == NATIONAL:
        return ANY
    column = "division" if model is Enterprise else "enterprise__division"
    return listed | Q(**{f"{column}__code__startswith": prefix_of(publisher)})
