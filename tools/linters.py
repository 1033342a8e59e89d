"""The linters and what they look at. What is not among them, and why: docs/security.md."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

PROGRAMS = Path(sys.executable).parent
DJADE_TARGET = ("--target-version", "5.2")


@dataclass(frozen=True)
class Command:
    words: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def _templates() -> list[str]:
    return sorted(str(path) for path in Path("templates").rglob("*.html"))


def _manage(*words: str, **environment: str) -> Command:
    return Command(
        [sys.executable, "manage.py", *words], {"DJANGO_SETTINGS_MODULE": "tests.settings", **environment}
    )


def _public_site(scratch: str) -> dict[str, str]:
    """Settings as a public site has them, in a folder of their own."""
    return {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "ENV_FILE": f"{scratch}/no-such-file",
        "VAR_DIR": scratch,
        "SITE_URL": "https://portal.example.cn",
        "TRUSTED_PROXIES": "1",
    }


def commands(scratch: str) -> list[tuple[str, Command]]:
    """Name and command of every linter, in the order in which they run; `scratch` is a folder they may fill."""
    public = _public_site(scratch)
    found = [
        ("ruff check", Command([str(PROGRAMS / "ruff"), "check", "."])),
        ("ruff format", Command([str(PROGRAMS / "ruff"), "format", "--check", "."])),
        ("layers", Command([str(PROGRAMS / "lint-imports"), "--no-logo"])),
        ("migrations", _manage("makemigrations", "--check", "--dry-run")),
        ("static files", _manage("collectstatic", "--noinput", "--verbosity", "0", **public)),
        ("deployment checks", _manage("check", "--deploy", "--fail-level", "WARNING", **public)),
        ("mypy", Command([str(PROGRAMS / "mypy")])),
    ]
    if templates := _templates():
        found.insert(2, ("djade", Command([str(PROGRAMS / "djade"), "--check", *DJADE_TARGET, *templates])))
    return found


def run(command: Command, environment: dict[str, str]) -> bool:
    environment = {**os.environ, **environment, **command.environment}
    return subprocess.run(command.words, env=environment, stdin=subprocess.DEVNULL).returncode == 0


def reformat() -> int:
    """Rewrite what the formatters can rewrite."""
    rewrites = [["ruff", "check", "--fix", "."], ["ruff", "format", "."]]
    if templates := _templates():
        rewrites.append(["djade", *DJADE_TARGET, *templates])
    for words in rewrites:
        subprocess.run([str(PROGRAMS / words[0]), *words[1:]])
    return 0
