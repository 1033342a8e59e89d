"""Settings that contradict each other are refused, each with an id and a hint."""

import re

import pytest

from portal import environment
from portal.checks import several_nodes_share_everything, start_faults
from tests.house.test_environment import start

SHARED = {
    "SECRET_KEY": "x" * 60,
    "DATABASE_URL": "postgres://u:p@127.0.0.1:1/name",
    "CACHE_URL": "redis://127.0.0.1:1/0",
    "FILES_ROOT": "files",
    "LOG_KEY_FILE": "log_key.pem",
}


NUMBERS = {
    "SECRET_KEY": "E001",
    "DATABASE_URL": "E002",
    "CACHE_URL": "E003",
    "FILES_ROOT": "E004",
    "LOG_KEY_FILE": "E014",
}


def test_several_nodes_that_share_nothing_do_not_start(tmp_path):
    ended = start(tmp_path, NODES="2")
    assert ended.returncode == 1
    for name, number in NUMBERS.items():
        assert f"portal.{number}" in ended.stderr
        assert re.search(rf"the nodes do not share .*{name}", ended.stderr)


def test_several_nodes_that_share_everything_are_not_refused_for_it(tmp_path):
    ended = start(tmp_path, NODES="2", **SHARED | {"FILES_ROOT": str(tmp_path / "files")})
    assert not [number for number in NUMBERS.values() if f"portal.{number}" in ended.stderr]


@pytest.mark.parametrize("missing", SHARED)
def test_several_nodes_are_refused_while_one_thing_is_not_shared(settings, monkeypatch, missing):
    def is_given(name: str) -> bool:
        return name != missing

    settings.NODES, settings.SECRET_KEY_IS_SHARED = 2, is_given("SECRET_KEY")
    engine = "django.db.backends.postgresql" if is_given("DATABASE_URL") else "django.db.backends.sqlite3"
    memory = environment.SHARED_MEMORY if is_given("CACHE_URL") else "django.core.cache.backends.locmem"
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", engine)
    monkeypatch.setitem(settings.CACHES["default"], "BACKEND", memory)
    for name in ("FILES_ROOT", "LOG_KEY_FILE"):
        monkeypatch.setenv(name, SHARED[name] if is_given(name) else "")
    assert [fault.id for fault in several_nodes_share_everything(None)] == [f"portal.{NUMBERS[missing]}"]


def test_one_node_shares_nothing_and_starts(settings):
    assert start_faults() == []


def test_a_log_that_could_not_be_signed_or_stamped_is_refused(settings, tmp_path):
    settings.LOG_SIGN_COMMAND = "sign"
    assert [fault.id for fault in start_faults()] == ["portal.E015"]
    settings.LOG_PUBLIC_KEY = bytes(32)
    assert start_faults() == []
    settings.LOG_ORIGIN = "a b"
    assert [fault.id for fault in start_faults()] == ["portal.E016"]
    settings.LOG_ORIGIN = "portal.example/log"
    settings.LOG_TSA_URL, settings.LOG_TSA_CERTIFICATES = "https://tsa.example", tmp_path / "none.pem"
    assert [fault.id for fault in start_faults()] == ["portal.E017"]
    settings.LOG_TSA_CERTIFICATES.touch()
    assert start_faults() == []


def test_https_without_a_trusted_proxy_is_refused(settings):
    settings.IS_HTTPS = True
    assert [fault.id for fault in start_faults()] == ["portal.E006"]
    settings.TRUSTED_PROXIES = 1
    assert start_faults() == []


def test_a_site_without_collected_static_files_does_not_serve(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "portal.core.pages.collected.CollectedFiles"}
    }
    settings.STATIC_ROOT = tmp_path
    assert [fault.id for fault in start_faults()] == ["portal.E007"]
    (tmp_path / "staticfiles.json").touch()
    assert start_faults() == []


def test_a_public_site_has_secure_cookies_and_strict_transport(tmp_path):
    question = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS,"
        "s.ALLOWED_HOSTS[0], s.CSRF_TRUSTED_ORIGINS, s.SECURE_PROXY_SSL_HEADER)"
    )
    ended = start(
        tmp_path, "shell", "-v0", "-c", question, SITE_URL="https://portal.example.cn/", TRUSTED_PROXIES="1"
    )
    assert ended.stdout.strip() == (
        "True True True 31536000 portal.example.cn ['https://portal.example.cn'] "
        "('HTTP_X_FORWARDED_PROTO', 'https')"
    )


def test_a_password_is_kept_as_a_slow_salted_hash(tmp_path):
    question = "from django.contrib.auth.hashers import make_password as kept; print(kept('a'), kept('a'))"
    one, other = start(tmp_path, "shell", "-v0", "-c", question).stdout.split()
    assert one != other
    scheme, rounds, *_ = one.split("$")
    assert scheme == "pbkdf2_sha256"
    assert int(rounds) >= 600_000
