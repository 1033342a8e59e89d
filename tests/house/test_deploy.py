"""The examples of `deploy/`, held against the project and the programs that read them. There is no container engine where these
tests run: what the images do is not proved, every command, name, file and script in them is.
"""

import contextlib
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
import yaml
from django.core.management import get_commands

from portal import installation
from tests.running import Installation, wait_until
from tools import front, prepare, serve
from tools.postgres import _as_owner, temporary_server

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
CONTAINER = DEPLOY / "container"
UNITS = sorted(DEPLOY.glob("*.service"))
COMPOSE = yaml.safe_load((CONTAINER / "compose.yml").read_text(encoding="utf-8"))
INSTRUCTIONS = re.findall(
    r"^([A-Z]+) (.*)$",
    (CONTAINER / "Containerfile").read_text(encoding="utf-8").replace("\\\n", ""),
    re.MULTILINE,
)
OF_THE_DATABASE_IMAGE = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "REPLICATION_PASSWORD"}


def said(instruction: str) -> list[str]:
    return [words for name, words in INSTRUCTIONS if name == instruction]


def parts_of(command: list[str]) -> tuple[str, ...]:
    """What a command of ours starts; fails for one that the project does not have."""
    *_python, module, name = command[:3]
    assert module == "-m"
    if name == "tools.prepare":
        assert command[3:] == []
        return (prepare.__name__,)
    assert name == "tools.serve"
    return serve.PARTS[serve.asked_for(command[3:]).parts]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_understood_by_systemd_and_starts_a_part_that_exists(unit, tmp_path):
    text = unit.read_text(encoding="utf-8")
    (command,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    assert [unit.stem.removeprefix("portal-")] == shlex.split(command)[3:]
    assert parts_of(shlex.split(command))
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed (apt install systemd)")
    for one in UNITS:  # they name each other
        there = one.read_text(encoding="utf-8").replace("/srv/portal/.venv/bin/python", sys.executable)
        (tmp_path / one.name).write_text(there, encoding="utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / unit.name], capture_output=True, text=True
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_there_is_a_unit_for_each_part_that_can_be_started_apart():
    assert {unit.stem.removeprefix("portal-") for unit in UNITS} == serve.PARTS.keys() - {"all"}
    manage = [
        command[2] for command in serve.commands("127.0.0.1", 1, 1, 1).values() if "manage.py" in command
    ]
    assert manage == ["run_jobs", "run_schedule"]
    assert set(manage) <= get_commands().keys()


def test_compose_starts_what_there_is_under_names_that_the_settings_know():
    started = {}
    for name, service in COMPOSE["services"].items():
        of_ours = service["image"] == "portal"
        known = set(installation.DECLARED) if of_ours else OF_THE_DATABASE_IMAGE
        assert set(service.get("environment", {})) <= known, name
        if of_ours:
            started[name] = parts_of(service["command"].split())
    assert started == {
        "prepare": (prepare.__name__,),
        "node1": (serve.WEB,),
        "node2": (serve.WEB,),
        "worker": (serve.JOBS,),
        "schedule": (serve.SCHEDULE,),
    }


def test_what_compose_asks_for_stands_in_its_example_and_is_there():
    text = (CONTAINER / "compose.yml").read_text(encoding="utf-8")
    example = (CONTAINER / "compose.env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{([A-Z_]+)", text)) == set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    for name, service in COMPOSE["services"].items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            is_there = source in COMPOSE["volumes"] or (CONTAINER / source).exists()
            assert is_there or source == "./tls", (name, source)
        assert set(service.get("depends_on", {})) <= COMPOSE["services"].keys(), name


def test_the_settings_of_compose_let_two_nodes_start(tmp_path):
    """Read by the portal as it reads them in a container, and judged by its own checks."""
    given = {name: words for name, words in COMPOSE["services"]["node1"]["environment"].items() if words}
    told = {"SITE_URL": "https://portal.example.cn", "SECRET_KEY": "k" * 64, "DATABASE_PASSWORD": "p"}
    given = {
        name: re.sub(r"\$\{([A-Z_]+)[^}]*\}", lambda m: told.get(m[1], ""), words)
        for name, words in given.items()
    }
    image = dict(pair.split("=", 1) for pair in said("ENV")[0].split())
    assert image.keys() <= set(installation.DECLARED)
    node = Installation(tmp_path, **(image | given | {"VAR_DIR": str(tmp_path / "var")}))
    assert node.start("manage.py", "check", "--deploy", "--tag", "portal").wait(timeout=120) == 0
    assert re.findall(r"portal\.[EW]\d+", node.log) == ["portal.W002"]  # it listens for nginx


def test_the_image_has_all_that_the_commands_need_and_nothing_else(tmp_path):
    """A checkout of what is copied, and only that, collects its static files as the build does and checks itself."""
    copied = [source for words in said("COPY") for source in words.split()[:-1]]
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{source}" for source in copied} == {line for line in ignored if line.startswith("!")}
    for source in copied:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, tmp_path / source)
    assert parts_of(yaml.safe_load(said("CMD")[0])) == (serve.WEB,)
    (build,) = (words for words in said("RUN") if "manage.py" in words)
    environment = Installation(tmp_path / "none").environment | {"VAR_DIR": str(tmp_path / "var")}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
    }
    (tmp_path / "none").mkdir(exist_ok=True)
    imports = "import tools.prepare, tools.serve, tools.intake, django; django.setup(); "
    checks = f"{imports}from django.core.management import call_command; call_command('check')"
    for command in (f"{build} --dry-run", f'SECRET_KEY=x python -c "{checks}"'):
        done = subprocess.run(
            ["/bin/sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert not (tmp_path / "var" / "secret_key").exists()


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed (apt install nginx-light)")
def test_nginx_of_compose_is_the_example_with_two_nodes(tmp_path, monkeypatch):
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    conf = tmp_path / "deploy" / "nginx.conf"
    script = CONTAINER / "nginx.sed"
    made = subprocess.run(["sed", "-f", script, conf], capture_output=True, text=True, check=True).stdout
    assert "server node1:8000 max_fails=0; server node2:8000 max_fails=0;" in made
    assert "alias /srv/portal/files/exports/;" in made
    conf.write_text(re.sub(r"node\d:8000", "127.0.0.1:8000", made), encoding="utf-8")  # no such names here
    monkeypatch.setattr(front, "DEPLOY", tmp_path / "deploy")
    (tmp_path / "nginx.conf").write_text(front.configuration(tmp_path, 1, 1, tmp_path), encoding="utf-8")
    checked = subprocess.run(
        ["nginx", "-t", "-c", tmp_path / "nginx.conf", "-e", tmp_path / "log"], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.postgres_only
def test_the_scripts_of_compose_make_a_replica_that_follows():
    with temporary_server() as primary, contextlib.ExitStack() as held:
        programs = f"{primary.programs}:/usr/bin:/bin"
        secret = {"REPLICATION_PASSWORD": "s'ecret $1"}
        reached = {"PGHOST": "127.0.0.1", "PGPORT": str(primary.port), "PGPASSWORD": primary.password}
        of_primary = {"POSTGRES_USER": "portal", "PGDATA": str(primary.folder / "data"), "PATH": programs}
        subprocess.run(["bash", CONTAINER / "primary.sh"], env=of_primary | secret | reached, check=True)
        ask(primary.url, "SELECT pg_reload_conf()")
        replica = held.enter_context(temporary_server())
        replica.stop()
        shutil.rmtree(replica.folder / "data")
        how = _as_owner(replica.folder)
        script = shutil.copy(CONTAINER / "replica.sh", replica.folder)
        data = replica.folder / "data"
        data.mkdir(mode=0o700)
        if "user" in how:
            shutil.chown(data, how["user"], how["group"])
        how["env"] = how["env"] | secret | {"PATH": programs, "PGDATA": str(data)}
        how["env"] |= {"PRIMARY_HOST": "127.0.0.1", "PRIMARY_PORT": str(primary.port)}
        options = ["-p", str(replica.port), "-c", "unix_socket_directories="]
        process = subprocess.Popen(["bash", script, *options], **how)
        held.callback(lambda: (process.terminate(), process.wait()))
        follower = primary.url.replace(str(primary.port), str(replica.port))
        wait_until(lambda: ask(follower, "SELECT pg_is_in_recovery()"), "the replica answers")
        ask(primary.url, "CREATE TABLE said AS SELECT 1 AS it")
        wait_until(lambda: ask(follower, "SELECT it FROM said") == 1, "it follows")
        assert ask(primary.url, "SELECT active FROM pg_replication_slots") is True


def ask(url: str, question: str):
    """The first value of an answer; None where none came."""
    with contextlib.suppress(psycopg2.Error):
        connection = psycopg2.connect(url, connect_timeout=3)
        with contextlib.closing(connection), connection, connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None
    return None
