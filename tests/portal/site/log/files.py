"""What a stranger takes from the site, and what the checker says of it."""

import json
import subprocess
import sys
from pathlib import Path

from django.test import Client

from portal.core.editions.models import PublicRow

CHECKER = Path(__file__).parents[4] / "portal/site/log/check.py"


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

    def read(self, name: str) -> dict:
        return json.loads((self.path / name).read_text())

    def check(self, *arguments: str) -> tuple[int, str]:
        """Exit code and output, of a Python that sees neither the portal nor any package."""
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(CHECKER), *arguments],
            cwd=self.path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
        )
        return done.returncode, done.stdout + done.stderr
