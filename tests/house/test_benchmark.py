"""The benchmark goes its whole way, on a database of its own; how long anything takes is not a matter for a test."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from tests.conftest import migrated_file
from tools.benchmark.load import processor_seconds

ROW = r"^\| .* \| (held|---|yes |no  ) \|$"
SUBJECTS = (
    (("list",), 6, r"against .* ratio \d+\.\d+$"),
    (("locks", "--list", "40"), 18, r"^act |^[a-z ]+ +\d+ +\d+ .* (yes|NO)$"),
    (("index", "--pages"), 29, ROW),
    (("size",), 13, r"MB .* bytes a line$|^40 lines: \d+ MB a 100,000 lines, goal 250, held: no$"),
    (("desk", "--cases", "60"), 5, ROW),
    (("exports",), 4, r"^rows |^40 \| (csv|jsonl|xlsx) \| .* \| (yes|no) \| \d+$"),
    (("pages",), 19 if shutil.which("nginx") else 18, ROW),
)
# One after the other in one process. Figures that nobody reads need few requests, and no database migrated for them: the
# first one, which the command keeps, begins as the file that the suite keeps.
ALL = """
import shutil, sys, django
from django.core.management import call_command
from django.db import connection
django.setup()
from tools.benchmark import indexing, lists, pages
pages.REQUESTS, pages.IN_PROCESS, pages.ROUNDS, lists.TIMES, indexing.TIMES = 40, 2, 1, 1, 3
create = connection.creation.create_test_db
def create_from_kept(**options):
    if not options.get("keepdb"):
        shutil.copyfile(sys.argv[2], connection.settings_dict["TEST"]["NAME"])
    return create(**options | {"keepdb": True})
connection.creation.create_test_db = create_from_kept
for subject in sys.argv[1].split(","):
    call_command("benchmark", *subject.split(), "--rows", "40")
    print("--")
"""


@pytest.mark.long
@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the command makes a database of its own; once is enough"
)
def test_every_measure_is_of_one_run(tmp_path, django_db_setup):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", "VAR_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", ALL, ",".join(" ".join(words) for words, *_ in SUBJECTS), migrated_file()],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *told, after = done.stdout.split("--\n")
    assert not after
    for printed, (_words, lines, shape) in zip(told, SUBJECTS, strict=True):
        assert len(printed.splitlines()) == lines
        assert all(re.search(shape, line) for line in printed.splitlines())
    assert not (tmp_path / "benchmark.sqlite3").exists()


@pytest.mark.once
def test_work_shorter_than_a_tick_of_the_kernel_is_counted():
    before = processor_seconds(os.getpid())
    sum(range(1_000))
    assert 0 < processor_seconds(os.getpid()) - before < 5
