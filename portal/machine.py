"""What the machine has: processors and memory, as far as a container lets this process have them."""

import os
from pathlib import Path

MEGABYTE = 1024 * 1024
OF_A_WORKER = (
    400 * MEGABYTE
)  # a process of the web server with full memories: program, pages, postings, masks
SHARE = 0.5  # of the memory; the rest is the database's, the job worker's and the system's
CGROUP = Path("/sys/fs/cgroup")


def web_workers() -> int:
    """One a processor, as far as the memory goes: a process draws one page at a time."""
    return max(1, min(processors(), int(SHARE * memory() / OF_A_WORKER), 64))


def processors() -> int:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _, period = _line(CGROUP / "cpu.max").partition(" ")
    if quota.isdigit() and period.isdigit():
        usable = min(usable, max(1, int(quota) // int(period)))
    return usable


def memory() -> int:
    """Bytes."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _line(CGROUP / "memory.max")
    return min(whole, int(limit)) if limit.isdigit() else whole


def _line(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
