"""How often a long property is tried."""

from django.db import connection


def tries(number: int) -> int:
    """The rule itself is tried on SQLite; the run on PostgreSQL looks whether that database tells it alike."""
    return number if connection.vendor == "sqlite" else number // 3
