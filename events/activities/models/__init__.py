"""What this room keeps: activities, and the results that are reported of them."""

from .activities import Activity, ActivityVersion, ActivityVersionQuerySet, When
from .results import Indicator, Result, ResultVersion, ResultVersionQuerySet

__all__ = [
    "Activity",
    "ActivityVersion",
    "ActivityVersionQuerySet",
    "Indicator",
    "Result",
    "ResultVersion",
    "ResultVersionQuerySet",
    "When",
]
