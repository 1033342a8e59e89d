"""Names for processes that tell, on the machine where they ran, whether they still do.

A process id alone comes again, after a restart of the machine or in another container; so the name holds the boot, the
namespace of process ids and the moment of the start as well.
"""

import os
from functools import cache
from pathlib import Path

GONE_STATES = {"Z", "X"}  # ended, only not yet asked for its exit code


@cache
def place() -> str:
    """Where this process's id means something: this boot, this namespace. Empty where the system does not tell."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def own_name() -> str:
    pid = os.getpid()
    return f"{place()} {pid} {_started(pid)}"


def is_gone(name: str) -> bool | None:
    """Whether the process of that name has ended; None where that cannot be told from here."""
    where, pid, started = name.rsplit(" ", 2)
    if not where or where != place():
        return None
    return _started(int(pid)) != started


def _started(pid: int) -> str:
    """In ticks since the boot; empty for a process that is not there, or only its exit code."""
    try:
        # What stands before the bracket is the program's name, and may hold anything.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in GONE_STATES else fields[19]
