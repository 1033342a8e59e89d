"""The benchmark goes its whole way, on a database of its own; how long anything takes is not a matter for a test."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the command makes a database of its own; once is enough"
)
@pytest.mark.parametrize(
    ("subject", "lines", "shape"),
    [
        (["list"], 6, r"against .* ratio \d+\.\d+$"),
        (["locks", "--list", "40"], 17, r"^act |^[a-z ]+ +\d+ +\d+ .* (yes|NO)$"),
        (["index"], 13, r"^measure |^.* / .* (yes|no)$"),
        (["size"], 13, r"MB .* bytes a line$|^40 lines: \d+ MB a 100,000 lines, goal 250, held: no$"),
        (["desk", "--cases", "60"], 4, r"^measure |^.* / .* (yes|no)$"),
        (["exports"], 4, r"^rows |^40 \| (csv|jsonl|xlsx) \| .* \| (yes|no) \| \d+$"),
        (["pages"], 11 if shutil.which("nginx") else 10, r"^\| .* \| (held|yes |no  ) \|$"),
    ],
)
def test_every_measure_is_of_one_run(tmp_path, subject, lines, shape):
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "VAR_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "benchmark", *subject, "--rows", "40"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed = done.stdout.splitlines()
    assert len(printed) == lines
    assert all(re.search(shape, line) for line in printed)
    assert not (tmp_path / "benchmark.sqlite3").exists()
