"""Settings are read from the environment, typed, and a bad one stops the start with its name."""

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from portal import environment
from portal.environment import BadSetting

ROOT = Path(__file__).resolve().parents[2]


def listed() -> dict[str, str]:
    return dict(
        re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    )


def start(tmp_path: Path, *words: str, **variables: str) -> subprocess.CompletedProcess:
    """Run manage.py as an installation would, with only these variables set."""
    clean = {name: value for name, value in os.environ.items() if name not in environment.DEFAULTS}
    clean |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "ENV_FILE": str(tmp_path / "env")}
    clean |= {"VAR_DIR": str(tmp_path / "var")} | variables
    command = [sys.executable, "manage.py", *(words or ("check",))]
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True)


def test_the_example_lists_every_setting_with_its_default():
    assert listed() == environment.DEFAULTS


def test_the_example_is_what_the_declarations_say():
    """`make env` writes it; nobody does by hand."""
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == environment.example()


def test_every_listed_setting_has_a_comment_above_it():
    blocks = (ROOT / ".env.example").read_text(encoding="utf-8").split("\n")
    for before, line in itertools.pairwise(blocks):
        if "=" in line and not line.startswith("#"):
            assert before.startswith("#") or "=" in before, line


@pytest.mark.parametrize(
    ("variable", "value", "wanted"),
    [
        ("PORT", "eight", "a whole number, at least 1 and at most 65535"),
        ("PORT", "70000", "a whole number, at least 1 and at most 65535"),
        ("DEBUG", "ture", "true or false"),
        ("SITE_URL", "portal.example.cn", "an address without a path"),
        ("LOG_FORMAT", "xml", "json or plain"),
        ("LISTEN", "everywhere", "an IP address of this machine"),
        ("HOLD_HOURS", "73", "a whole number, at least 1 and at most 72"),
    ],
)
def test_a_value_that_cannot_be_read_stops_the_start_and_names_its_variable(
    tmp_path, variable, value, wanted
):
    ended = start(tmp_path, **{variable: value})
    assert ended.returncode == 1
    assert ended.stderr.startswith(
        f"The portal cannot start: {variable} = {value} cannot be read: it must be {wanted}"
    )
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "value", ["mysql://u:geheim@host/name", "geheim", "postgres://u:geheim@host:port/name"]
)
def test_a_bad_database_address_is_refused_without_showing_its_password(tmp_path, value):
    ended = start(tmp_path, DATABASE_URL=value)
    assert ended.returncode == 1
    assert "DATABASE_URL" in ended.stderr
    assert "geheim" not in ended.stderr


def test_an_empty_value_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("PORT", "")
    assert environment.whole_number("PORT", 8000) == 8000


def test_the_real_environment_goes_before_the_settings_file(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "NAMES_IN_FILE", set())
    (tmp_path / "env").write_text("# comment\nTHREADS=3\nexport WORKERS=4\n", encoding="utf-8")
    monkeypatch.setenv("THREADS", "5")
    monkeypatch.delenv("WORKERS", raising=False)
    environment.read_file(tmp_path / "env")
    monkeypatch.setenv("WORKERS", os.environ["WORKERS"])  # so that it is taken out again afterwards
    assert environment.whole_number("THREADS", 8) == 5
    assert environment.whole_number("WORKERS", 1) == 4
    assert sorted(environment.NAMES_IN_FILE) == ["THREADS", "WORKERS"]


def test_a_cache_address_of_another_kind_is_refused(monkeypatch):
    monkeypatch.setenv("CACHE_URL", "memcache://host")
    with pytest.raises(BadSetting, match="CACHE_URL"):
        environment.cache("CACHE_URL")


def test_a_misspelt_line_of_the_settings_file_is_pointed_out(tmp_path):
    (tmp_path / "env").write_text("SITE_ULR=https://portal.example.cn\n", encoding="utf-8")
    ended = start(tmp_path)
    assert ended.returncode == 0
    assert "portal.W001" in ended.stderr
    assert "Is SITE_URL meant?" in ended.stderr


def test_the_secret_key_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    for _ in range(2):
        assert start(tmp_path, "version").returncode == 0  # the least that reads the settings
        file = tmp_path / "var" / "secret_key"
        assert file.stat().st_mode & 0o777 == 0o600
        assert len(file.read_text()) >= 64
        made = file.read_text()
    assert file.read_text() == made
    assert {found.name for found in file.parent.iterdir()} <= {"secret_key", "cache"}


def test_a_folder_that_cannot_be_made_stops_the_start(tmp_path):
    (tmp_path / "file").touch()
    ended = start(tmp_path, VAR_DIR=str(tmp_path / "file" / "var"))
    assert ended.returncode == 1
    assert "The portal cannot start: VAR_DIR" in ended.stderr


def test_what_a_database_address_asks_for_reaches_the_driver(tmp_path):
    """Two hosts of which one takes writes; replicas read only."""
    program = "from portal import settings; print(settings.DATABASES, settings.REPLICAS)"
    given = {
        "DATABASE_URL": "postgres://u:p@a,b:5432/name?target_session_attrs=read-write",
        "DATABASE_REPLICA_URLS": "postgres://u:p@c:5432/name postgres://u:p@d:5433/name",
        "VAR_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | given,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "'target_session_attrs': 'read-write'" in done.stdout
    assert done.stdout.count("default_transaction_read_only=on") == 2
    assert "('replica1', 'replica2')" in done.stdout


@pytest.mark.parametrize(
    "address",
    [
        "s3://key:secret@host/bucket",
        "https://host/bucket?secret",
        "https://key:secret@host/",
        "https://key:secret@host/bucket?colour=red",
    ],
)
def test_an_address_that_leads_to_no_bucket_stops_the_start_without_its_secret(monkeypatch, address):
    monkeypatch.setenv("FILES_BUCKET", address)
    with pytest.raises(BadSetting, match="FILES_BUCKET") as told:
        environment.bucket("FILES_BUCKET")
    assert "secret@" not in str(told.value).replace("key:secret@host/bucket/prefix", "")


def test_without_its_library_a_bucket_says_what_to_install(monkeypatch):
    monkeypatch.setenv("FILES_BUCKET", "https://key:secret@host/bucket")
    assert environment.bucket("FILES_BUCKET")["bucket_name"] == "bucket"
    monkeypatch.setattr(environment, "find_spec", lambda _name: None)
    with pytest.raises(BadSetting, match=r"requirements-s3\.txt"):
        environment.bucket("FILES_BUCKET")
