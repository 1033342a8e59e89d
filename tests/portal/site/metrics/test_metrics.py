"""/metrics: who may read it, what it counts, and that its alerts speak of what there is."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import DatabaseError
from prometheus_client.parser import text_string_to_metric_families

from portal.core.index.models import IndexState

pytestmark = pytest.mark.django_db

ALERTS = Path(settings.BASE_DIR, "deploy", "alerts.yml")


@pytest.fixture
def client(client):
    """A program on this machine that asks the portal itself."""
    client.defaults["SERVER_NAME"] = "localhost"
    return client


def read(client, **headers) -> dict[tuple, float]:
    answer = client.get("/metrics", **headers)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_a_program_on_this_machine_may_read_and_nobody_through_a_proxy(client):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 404
    for name in ("X_FORWARDED_FOR", "X_FORWARDED_PROTO", "FORWARDED", "VIA"):
        assert client.get("/metrics", **{f"HTTP_{name}": "127.0.0.1"}).status_code == 404


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_a_program_on_this_machine_asks_by_an_address_of_the_machine(client, host):
    assert client.get("/metrics", HTTP_HOST=host).status_code == 200


def test_a_proxy_on_this_machine_that_tells_nothing_of_itself_is_known_by_the_host(client, settings):
    settings.ALLOWED_HOSTS = ["portal.example.cn", "localhost"]
    assert client.get("/metrics", HTTP_HOST="portal.example.cn").status_code == 404


def test_with_a_token_only_its_owner_may_read(client, settings):
    settings.METRICS_TOKEN = "令牌 a token"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer another").status_code == 404
    settings.METRICS_TOKEN = "a-token"
    headers = {
        "HTTP_AUTHORIZATION": "Bearer a-token",
        "REMOTE_ADDR": "192.0.2.7",
        "HTTP_X_FORWARDED_FOR": "x",
    }
    assert client.get("/metrics", **headers).status_code == 200


def test_answers_are_counted_by_the_name_of_their_address(client):
    def count(address, status):
        labels = (("address", address), ("method", "GET"), ("status", str(status)))
        return read(client).get(("portal_requests_total", *labels), 0)

    before = count("notices:list", 200), count("none", 404)
    for _ in range(3):
        client.get("/notices/")
        client.get("/no-such-address-of-a-stranger/")
    assert (count("notices:list", 200), count("none", 404)) == (before[0] + 3, before[1] + 3)


def test_no_stranger_makes_a_label(client):
    client.generic("BREW", "/")
    client.get("/enquiries/follow/?secret=1")
    written = client.get("/metrics").content.decode()
    assert "BREW" not in written
    assert "secret" not in written


def test_the_house_is_told(client):
    told = read(client)
    assert told[("portal_database_up",)] == 1
    assert told[("portal_edition",)] == 0
    assert ("portal_edition_age_seconds",) not in told
    assert told[("portal_letters", ("state", "failed"))] == 0
    assert told[("portal_jobs_waiting",)] == 0
    assert ("portal_schedule_trouble", ("act", "backup")) in told


def test_a_database_that_is_away_is_told_and_not_an_error(client, monkeypatch):
    def refuse():
        raise DatabaseError("down")

    monkeypatch.setattr("portal.site.metrics.standing._edition", refuse)
    told = read(client)
    assert told[("portal_database_up",)] == 0
    assert ("portal_worker_up",) not in told


def test_every_alert_speaks_of_something_that_is_measured(client, settings, tmp_path):
    settings.BACKUP_DIR = str(tmp_path)
    folder = tmp_path / "2026-01-02T030405"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")
    IndexState.objects.get_or_create(pk="notices", defaults={"stamp": "a", "rules": 1})
    settings.REPLICAS = ("default",)  # stands in: this database is asked how far behind it is
    client.get("/notices/")
    measured = {name for name, *_labels in read(client)} | {"portal_edition_age_seconds"}
    rules = yaml.safe_load(ALERTS.read_text())["groups"][0]["rules"]
    asked = {name for rule in rules for name in re.findall(r"portal_\w+", rule["expr"])}
    assert asked <= measured


def test_prometheus_reads_the_alerts():
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed: deploy/alerts.yml was not checked by Prometheus itself")
    done = subprocess.run([promtool, "check", "rules", ALERTS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
