"""Typed reading of environment variables; a value that cannot be read stops the start and names its variable.

An empty value counts as not set. To read a setting is to declare it: name, kind, default, bounds and the words of
`.env.example` stand in one call, and `make env` writes that file from them. Every name that was read is kept in
DEFAULTS, so that a system check can name a misspelt line of the settings file.
"""

import ipaddress
import os
import textwrap
from base64 import b64decode
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from portal.core.checkpoints.notes import COSIGNING, VerifierKey

TRUE = {"true", "yes", "on", "1"}
FALSE = {"false", "no", "off", "0"}
DATABASES = {"postgres", "postgresql", "sqlite"}
CACHES = {"redis", "rediss"}
SHARED_MEMORY = "portal.core.shared_memory.SharedMemory"
BUCKET_WORDS = {"region", "style"}
MAIL_SERVERS = {"smtp", "smtp+tls", "smtp+ssl"}

DEFAULTS: dict[str, str] = {}  # name -> default as it would be written; empty where the default is computed
NAMES_IN_FILE: set[str] = set()
EXAMPLE: list[str] = []  # the lines of .env.example
WIDTH = 120

T = TypeVar("T")


class BadSetting(ImproperlyConfigured):
    """A setting that keeps the portal from starting; the message says which, and what to write instead."""


def read_file(path: Path) -> None:
    """Take over the lines of a settings file; what the real environment says goes first."""
    if not path.exists():
        return
    environ.Env.read_env(path)
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    assignments = (line.removeprefix("export ") for line in lines if "=" in line and not line.startswith("#"))
    NAMES_IN_FILE.update(line.split("=")[0].strip() for line in assignments)


def example() -> str:
    """The text of .env.example, of everything that was read so far."""
    return "\n".join(EXAMPLE) + "\n"


def section(title: str) -> None:
    """A heading of the example; what is read next stands under it."""
    EXAMPLE.extend(["", f"# -- {title} ".ljust(112, "-")])


def tell(words: str) -> None:
    """What the example says of the settings that are read next."""
    EXAMPLE.extend(textwrap.wrap(words, WIDTH, initial_indent="# ", subsequent_indent="# "))


def _declare(name: str, default: str) -> None:
    if name not in DEFAULTS:
        EXAMPLE.append(f"{name}={default}")
    DEFAULTS[name] = default


def _read(name: str, default: str, wanted: str, convert: Callable[[str], T], is_secret: bool = False) -> T:
    value = os.environ.get(name, "").strip() or default
    try:
        return convert(value)
    except BadSetting:
        raise
    except (ValueError, ImproperlyConfigured) as fault:
        written = "(its value is not shown)" if is_secret else f"= {value}"
        raise BadSetting(
            f"{name} {written} cannot be read: it must be {wanted}. See .env.example."
        ) from fault


def text(name: str, default: str = "") -> str:
    _declare(name, default)
    return _read(name, default, "text", str)


def choice(name: str, default: str, allowed: set[str]) -> str:
    def convert(value: str) -> str:
        if value not in allowed:
            raise ValueError
        return value

    _declare(name, default)
    return _read(name, default, " or ".join(sorted(allowed)), convert)


def truth(name: str, default: bool) -> bool:
    def convert(value: str) -> bool:
        if value.lower() not in TRUE | FALSE:
            raise ValueError
        return value.lower() in TRUE

    _declare(name, str(default).lower())
    return _read(name, DEFAULTS[name], "true or false", convert)


def whole_number(name: str, default: int, at_least: int = 0, at_most: int | None = None) -> int:
    def convert(value: str) -> int:
        number = int(value)
        if number < at_least or (at_most is not None and number > at_most):
            raise ValueError
        return number

    _declare(name, str(default))
    wanted = f"a whole number, at least {at_least}" + (
        f" and at most {at_most}" if at_most is not None else ""
    )
    return _read(name, DEFAULTS[name], wanted, convert)


def words(name: str) -> list[str]:
    _declare(name, "")
    return [word.strip() for word in _read(name, "", "text", str).split(",") if word.strip()]


def public_key(name: str) -> bytes:
    """32 bytes in base64; nothing where there is none."""

    def convert(value: str) -> bytes:
        key = b64decode(value, validate=True)
        if len(key) not in (0, 32):
            raise ValueError
        return key

    _declare(name, "")
    return _read(name, "", "32 bytes in base64", convert)


def verifier_keys(name: str) -> list[VerifierKey]:
    """Keys of witnesses, with blanks between."""

    def convert(value: str) -> list[VerifierKey]:
        keys = [VerifierKey.read(word) for word in value.split()]
        if any(key.kind != COSIGNING for key in keys):
            raise ValueError
        return keys

    _declare(name, "")
    return _read(name, "", "keys such as ca.example.cn/w1+1a2b3c4d+BA..., with blanks between", convert)


def folder(name: str, default: Path, base: Path) -> Path:
    """A folder; a relative one is meant from `base`, whatever the working directory is."""
    _declare(name, "")
    return base / _read(name, str(default), "a folder", str)


def address(name: str, default: str) -> str:
    """An http(s) address without a path, as links are built from it; its default is computed."""

    def convert(value: str) -> str:
        parts = urlsplit(value)
        if (
            parts.scheme not in {"http", "https"}
            or not parts.hostname
            or parts.path.strip("/")
            or parts.query
        ):
            raise ValueError
        return f"{parts.scheme}://{parts.netloc}"

    _declare(name, "")
    return _read(name, default, "an address without a path, such as https://portal.example.cn", convert)


def link(name: str, *schemes: str) -> str:
    """An address to be shown as it is."""

    def convert(value: str) -> str:
        parts = urlsplit(value)
        is_address = parts.netloc or (parts.scheme == "mailto" and "@" in parts.path)
        if value and not (parts.scheme in schemes and is_address):
            raise ValueError
        return value

    _declare(name, "")
    return _read(name, "", " or ".join(f"{scheme}:…" for scheme in schemes), convert)


def own_address(name: str, default: str) -> str:
    """An address of this machine to listen on."""
    _declare(name, default)
    wanted = "an IP address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them"
    return _read(name, default, wanted, lambda value: str(ipaddress.ip_address(value)))


def database(name: str, default: str) -> dict[str, Any]:
    def convert(value: str) -> dict[str, Any]:
        if urlsplit(value).scheme not in DATABASES:
            raise ValueError
        return environ.Env.db_url_config(value)

    _declare(name, "")
    return _read(name, default, "postgres://user:password@host:5432/name or sqlite:////file", convert, True)


def databases(name: str) -> list[dict[str, Any]]:
    def convert(value: str) -> list[dict[str, Any]]:
        urls = value.split()
        if any(urlsplit(url).scheme not in DATABASES - {"sqlite"} for url in urls):
            raise ValueError
        return [environ.Env.db_url_config(url) for url in urls]

    _declare(name, "")
    return _read(
        name, "", "addresses postgres://user:password@host:5432/name with blanks between", convert, True
    )


def cache(name: str) -> dict[str, Any] | None:
    """The cache that an address names, or None where nothing is configured."""

    def convert(value: str) -> dict[str, Any] | None:
        if value and urlsplit(value).scheme not in CACHES:
            raise ValueError
        return environ.Env.cache_url_config(value) | {"BACKEND": SHARED_MEMORY} if value else None

    _declare(name, "")
    return _read(name, "", "an address such as redis://host:6379/0", convert, True)


def bucket(name: str) -> dict[str, Any] | None:
    """Options of django-storages for the bucket that an address names; None where nothing is configured."""

    def convert(value: str) -> dict[str, Any] | None:
        parts, said = urlsplit(value), dict(parse_qsl(urlsplit(value).query))
        bucket, _, prefix = unquote(parts.path).strip("/").partition("/")
        is_whole = parts.scheme in {"http", "https"} and parts.hostname and bucket
        if value and (not is_whole or not (parts.username and parts.password) or said.keys() - BUCKET_WORDS):
            raise ValueError
        if not value:
            return None
        if find_spec("storages") is None:
            raise BadSetting(
                f"{name} needs django-storages: .venv/bin/python -m pip install -r requirements-s3.txt"
            )
        return {
            "access_key": unquote(parts.username or ""),
            "secret_key": unquote(parts.password or ""),
            "endpoint_url": f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
            "bucket_name": bucket,
            "location": prefix,
            "region_name": said.get("region", "us-east-1"),
            "addressing_style": said.get("style", "path"),
        }

    _declare(name, "")
    wanted = "https://key:secret@host/bucket/prefix?region=…&style=path or virtual"
    return _read(name, "", wanted, convert, True)


def mail_server(name: str) -> dict[str, Any]:
    """Django's settings of the mail server that an address names; empty where nothing is configured."""

    def convert(value: str) -> dict[str, Any]:
        if value and (urlsplit(value).scheme not in MAIL_SERVERS or not urlsplit(value).hostname):
            raise ValueError
        found = environ.Env.email_url_config(value) if value else {}
        return {key: part for key, part in found.items() if key.startswith("EMAIL_") and part is not None}

    _declare(name, "")
    return _read(name, "", "an address such as smtp+tls://user:password@host:587", convert, True)
