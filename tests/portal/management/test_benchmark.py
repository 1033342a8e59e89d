"""The benchmark goes its whole way, on a database of its own; how long anything takes is not a matter for a test."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the command makes a database of its own; once is enough"
)
def test_every_comparison_is_a_ratio_of_one_run(tmp_path):
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "VAR_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "benchmark", "list", "--rows", "40"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 6
    assert all(re.search(r"against .* ratio \d+\.\d+$", line) for line in lines)
    assert not (tmp_path / "benchmark.sqlite3").exists()
