"""Which generations are in force, as columns of somebody else's query: what is remembered of an index has them in its key."""

from collections.abc import Iterable

from django.db.models import Subquery

from portal.core.index.models import IndexState


def built_columns(collections: Iterable[str]) -> dict[str, Subquery]:
    """By a name of its own, the mark of the generation that is read of each collection; NULL for one that has none."""
    return {
        f"built_{collection}": Subquery(IndexState.objects.filter(pk=collection).values("built"))
        for collection in collections
    }
