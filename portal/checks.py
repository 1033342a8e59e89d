"""System checks of the house: settings that contradict each other, each with an id and a hint.

Those marked `deploy` hold for a running site, not for every command; `portal.wsgi` asks for all of them.
"""

import difflib
import ipaddress
import os
import re
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks
from django.core.checks.messages import ERROR
from django.core.files.storage import storages
from django.db import DatabaseError

from portal import environment
from portal.core.busy import FilesAway
from portal.core.checkpoints.notes import NAME
from portal.core.files.depot import depot
from portal.core.files.models import StoredFile
from portal.core.index import health as index_health

TAG = "portal"


def start_faults() -> list[CheckMessage]:
    """Everything that must keep this process from serving pages."""
    found = run_checks(tags=[TAG], include_deployment_checks=True)
    return [message for message in found if message.level >= ERROR]


@register(TAG)
def several_nodes_share_everything(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Two nodes with a secret, a cache, a database or files of their own would contradict each other."""
    if settings.NODES == 1:
        return []
    shared = (
        ("E001", "SECRET_KEY", settings.SECRET_KEY_IS_SHARED, "the same long random text on every node"),
        (
            "E002",
            "DATABASE_URL",
            settings.DATABASES["default"]["ENGINE"].endswith("postgresql"),
            "the address of one PostgreSQL database",
        ),
        (
            "E003",
            "CACHE_URL",
            settings.CACHES["default"]["BACKEND"] == environment.SHARED_MEMORY,
            "the address of one Redis server",
        ),
        (
            "E004",
            "FILES_BUCKET or FILES_ROOT",
            bool(settings.FILES_BUCKET or os.environ.get("FILES_ROOT")),
            "a bucket, or a folder that every node mounts",
        ),
        (
            "E014",
            "LOG_KEY_FILE",
            bool(os.environ.get("LOG_KEY_FILE") or settings.LOG_SIGN_COMMAND),
            "a copy of one key on every node, or set LOG_SIGN_COMMAND",
        ),
    )
    return [
        Error(
            f"NODES is {settings.NODES}, but the nodes do not share {name}.",
            hint=f"Set {name} to {what}, or NODES to 1.",
            id=f"portal.{number}",
        )
        for number, name, is_shared, what in shared
        if not is_shared
    ]


@register(TAG)
def the_log_can_be_signed_and_stamped(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if bool(settings.LOG_SIGN_COMMAND) != bool(settings.LOG_PUBLIC_KEY):
        hint = "Set both, or neither: a command signs with a key whose public part has to be known."
        found.append(
            Error("Only one of LOG_SIGN_COMMAND and LOG_PUBLIC_KEY is set.", hint=hint, id="portal.E015")
        )
    if not re.fullmatch(NAME, settings.LOG_ORIGIN):
        hint = "Write it like portal.example.cn/log, without blanks and +."
        found.append(
            Error(f"LOG_ORIGIN = {settings.LOG_ORIGIN} is no name of a log.", hint=hint, id="portal.E016")
        )
    if settings.LOG_TSA_URL and not (
        settings.LOG_TSA_URL.startswith(("http://", "https://")) and settings.LOG_TSA_CERTIFICATES.is_file()
    ):
        hint = "Set LOG_TSA_URL to an http(s) address and LOG_TSA_CERTIFICATES to a PEM file with its roots."
        found.append(
            Error("The timestamping authority cannot be asked or verified.", hint=hint, id="portal.E017")
        )
    return found


@register(TAG)
def https_needs_a_trusted_proxy(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """TLS ends at a proxy; without trust in its header every request would be redirected for ever."""
    if not settings.IS_HTTPS or settings.TRUSTED_PROXIES:
        return []
    return [
        Error(
            "SITE_URL is https, but no proxy is trusted to say which requests came encrypted.",
            hint="Set TRUSTED_PROXIES to the number of proxies in front (usually 1), and let them set X-Forwarded-Proto.",
            id="portal.E006",
        )
    ]


@register(TAG)
def listening_is_for_a_proxy(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Beyond this machine the portal speaks without TLS, and believes what a trusted proxy would have written."""
    if ipaddress.ip_address(settings.LISTEN).is_loopback:
        return []
    if settings.TRUSTED_PROXIES:
        risk = "whoever reaches it past the proxy may claim any network address"
    else:
        risk = "passwords reach it unencrypted"
    return [
        Warning(
            f"LISTEN is {settings.LISTEN}: {risk}.",
            hint="Let a firewall admit the proxy alone, or set LISTEN to 127.0.0.1.",
            id="portal.W002",
        )
    ]


@register(TAG)
def staff_need_a_second_factor(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Only the suite, whose database is thrown away, may let staff in with a password alone."""
    if settings.STAFF_NEEDS_SECOND_FACTOR or getattr(settings, "DISPOSABLE_DATABASE", False):
        return []
    return [
        Error(
            "STAFF_NEEDS_SECOND_FACTOR is off: staff would come in with a password alone.",
            hint="Take the line out of the settings; it is True in portal/settings.py.",
            id="portal.E008",
        )
    ]


@register(TAG, deploy=True)
def bucket_is_closed(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """One private paper is asked for as a stranger would. A server that is away stops no start."""
    try:
        places = (place for place in depot().everything() if place[0] == StoredFile.Root.PRIVATE)
        first = next(places, None) if settings.FILES_BUCKET else None
        is_closed = first is None or not depot().is_open_to_all(*first[:2])
    except FilesAway:
        return []
    if is_closed:
        return []
    return [
        Error(
            "The bucket of FILES_BUCKET gives private papers to whoever asks for them.",
            hint="Take away the policy or the access list that lets everybody read; only the portal's own key may.",
            id="portal.E009",
        )
    ]


@register(TAG, deploy=True)
def static_files_are_collected(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    is_hashed = isinstance(storages["staticfiles"], ManifestFilesMixin)
    if settings.DEBUG or not is_hashed or (settings.STATIC_ROOT / "staticfiles.json").exists():
        return []
    return [
        Error(
            f"{settings.STATIC_ROOT} holds no collected static files; every page would fail.",
            hint="Run `manage.py collectstatic --noinput` (`make run` does).",
            id="portal.E007",
        )
    ]


@register(TAG)
def settings_file_names_are_known(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """A misspelt line of the settings file would be ignored in silence."""
    warnings: list[CheckMessage] = []
    for name in sorted(environment.NAMES_IN_FILE - environment.DEFAULTS.keys()):
        near = difflib.get_close_matches(name, environment.DEFAULTS, n=1)
        hint = f"Is {near[0]} meant?" if near else "The names are listed in .env.example."
        warnings.append(
            Warning(f"The settings file sets {name}, which is no setting.", hint=hint, id="portal.W001")
        )
    return warnings


@register(Tags.database)
def search_index_is_up_to_date(
    app_configs: object, databases: Collection[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Asked where the database is: by `migrate` and `check --database default`. Before the tables are made there is nothing
    to say."""
    try:
        faults = index_health.faults() if databases else []
    except DatabaseError:
        return []
    return [
        Warning(
            f"The search index of {fault.collection} has to be built again: {fault.sentence}。",
            hint="`manage.py build_index` builds it beside the old one; `make run` orders it as a job.",
            id="portal.W010",
        )
        for fault in faults
    ]
