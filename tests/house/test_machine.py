"""How many processes the web server has by default, and what they count together."""

import subprocess
import sys

import pytest

from portal import machine

GIGABYTE = 1024 * machine.MEGABYTE


@pytest.mark.parametrize(
    ("processors", "memory", "workers"),
    [(1, 1, 1), (2, 24, 2), (16, 64, 16), (16, 4, 5), (8, 0.5, 1), (200, 1000, 64)],
)
def test_there_is_a_worker_for_each_processor_as_far_as_the_memory_goes(
    monkeypatch, processors, memory, workers
):
    monkeypatch.setattr(machine, "processors", lambda: processors)
    monkeypatch.setattr(machine, "memory", lambda: int(memory * GIGABYTE))
    assert machine.web_workers() == workers


def test_a_container_gives_what_its_limits_say(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "CGROUP", tmp_path)
    assert machine.processors() >= 1
    assert machine.memory() > 0
    (tmp_path / "cpu.max").write_text("100000 100000\n")
    (tmp_path / "memory.max").write_text(f"{GIGABYTE}\n")
    assert (machine.processors(), machine.memory()) == (1, GIGABYTE)
    (tmp_path / "cpu.max").write_text("max 100000\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.memory() > GIGABYTE


COUNT = """
from django.conf import settings
settings.configure(CACHES={"default": {"BACKEND": "diskcache.DjangoCache", "LOCATION": %r}}, SECRET_KEY="x")
from django.core.cache import cache
from portal.core.proof.limits import Limit
for _ in range(100):
    Limit("try", 1000, 3600).take("somebody")
print(sum(cache.add(f"used:{number}", True, 600) for number in range(50)))
"""


def test_processes_of_one_machine_count_together(tmp_path):
    """A limit that each process counted for itself would be as many times as high; a used code would be good again."""
    code = COUNT % str(tmp_path)
    running = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [process.communicate(timeout=100)[0].split() for process in running]
    assert sum(int(added) for (added,) in said) == 50
    counted = subprocess.run(
        [
            sys.executable,
            "-c",
            COUNT.replace("range(100)", "range(0)") % str(tmp_path)
            + "\nprint(cache.get(Limit('try', 1, 3600)._key('somebody')))",
        ],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert counted.stdout.split()[-1] == "300"
