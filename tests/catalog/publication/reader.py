"""A process of its own that reads public pages: addresses come in, one JSON a line goes out. Run by `test_index_rebuild`."""

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.test import Client  # noqa: E402


def main() -> None:
    client = Client(headers={"host": "localhost"})
    for line in sys.stdin:
        answer = client.get(line.strip())
        body = answer.getvalue().decode()
        print(json.dumps({"status": answer.status_code, "body": body}), flush=True)


main()
