"""Writes .env.example from the declarations of portal/installation.py: `make env`."""

from pathlib import Path

import tests.settings  # noqa: F401 - reads every setting, and nothing of this machine
from portal import environment

FILE = Path(__file__).resolve().parent.parent / ".env.example"

if __name__ == "__main__":
    FILE.write_text(environment.example(), encoding="utf-8")
