"""System packages that the checks need, and their installation where that is possible."""

import ctypes
import glob
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


class MissingPackages(Exception):
    """Something is missing that this user cannot install; the message names it."""


def postgres_programs() -> Path | None:
    """The folder of initdb and postgres: the newest of Debian's, which are not on PATH, else PATH's."""
    folders = [Path(name) for name in glob.glob("/usr/lib/postgresql/*/bin")]
    folders.sort(key=lambda folder: float(folder.parent.name), reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True)
    return bool(listed.stdout.strip())


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


PRESENT: dict[str, Callable[[], bool]] = {
    "chromium": lambda: Path(CHROMIUM).exists(),
    "libatomic1": lambda: _loads("libatomic.so.1"),  # playwright's own driver is linked with it
    "fonts-noto-cjk": _has_chinese_font,
    "postgresql": lambda: postgres_programs() is not None,
    "nginx-light": lambda: shutil.which("nginx") is not None,
    "redis-server": lambda: shutil.which("redis-server") is not None,
    "gettext": lambda: shutil.which("msgfmt") is not None,
}


def missing(packages: Iterable[str]) -> list[str]:
    return [package for package in packages if not PRESENT[package]()]


def ensure(packages: Iterable[str]) -> None:
    """Install what is missing as root on Debian; elsewhere raise MissingPackages."""
    lacking = missing(packages)
    if not lacking:
        return
    names = " ".join(lacking)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise MissingPackages(
            f"These packages are missing: {names}. Install them (on Debian: apt-get install {names})."
        )
    print(f"Installing {names} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *lacking]):
        subprocess.run(["apt-get", "-qq", *command], env=environment, stdin=subprocess.DEVNULL, check=True)
    if still := missing(lacking):
        raise MissingPackages(f"Installed, but still not found: {' '.join(still)}.")
