"""Seconds of processor: what else the machine does touches them little."""

import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection


def cost(work: Callable[[], object]) -> float:
    began = spent()
    work()
    return spent() - began


def spent() -> float:
    """By this process so far; and by that of the PostgreSQL server behind its connection, on the same machine (Linux)."""
    if connection.vendor != "postgresql":
        return time.process_time()
    connection.ensure_connection()
    ran = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return time.process_time() + int(ran.split()[0]) / 1e9
