"""What a stranger takes from the site, and what the checker says of it."""

import json
import subprocess
import sys
from pathlib import Path

from django.test import Client

from portal.core.checkpoints import keys, witnessing
from portal.core.checkpoints.notes import Checkpoint
from portal.core.checkpoints.witnessing import Refused, Witness
from portal.core.editions.models import PublicRow
from portal.site.log import checker


class Folder:
    """Of somebody who keeps what the site once gave."""

    def __init__(self, path: Path):
        self.path = path

    def take(self, address: str, name: str) -> str:
        response = Client().get(address)
        assert response.status_code == 200, address
        return self.put(name, response.getvalue())

    def put(self, name: str, content: bytes) -> str:
        (self.path / name).write_bytes(content)
        return name

    def proof(self, row: PublicRow, name: str = "proof.json") -> str:
        return self.take(f"/proof/{row.key}", name)

    def log(self, name: str = "log.jsonl") -> str:
        return self.take("/log/editions.jsonl", name)

    def checkpoint(self, name: str = "checkpoint") -> str:
        return self.take("/log/checkpoint", name)

    def read(self, name: str) -> dict:
        return json.loads((self.path / name).read_text())

    def check(self, *arguments: str) -> tuple[int, str]:
        """Exit code and output, of a Python that sees neither the portal nor any package."""
        (self.path / "check.py").write_bytes(checker.python_file())
        done = subprocess.run(
            [sys.executable, "-I", "-S", "check.py", *arguments],
            cwd=self.path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
        )
        return done.returncode, done.stdout + done.stderr


class Witnessing:
    """A witness that the site knows. Its requests reach the site's views."""

    def __init__(self, settings, folder: Path, monkeypatch):
        monkeypatch.setattr(witnessing, "fetched", self.fetched)
        self.folder, self.key = folder, str(keys.current())
        self.asked: list[str] = []
        settings.LOG_WITNESSES = [self.there().key]

    def there(self) -> Witness:
        return Witness("示例认证中心", self.folder, "https://portal.example/log", self.key)

    def signs(self) -> Checkpoint:
        found = self.there().witnessed()
        self.key = ""  # kept since
        return found

    def fetched(self, address: str, most: int, sent: bytes | None = None) -> bytes:
        path = address.removeprefix("https://portal.example")
        self.asked.append(path)
        client = Client(enforce_csrf_checks=True)
        response = (
            client.get(path)
            if sent is None
            else client.post(path, sent, content_type="text/plain; charset=utf-8")
        )
        if response.status_code != 200:
            raise Refused(f"{response.status_code} {response.content.decode()}")
        assert len(response.content) <= most
        return response.content
