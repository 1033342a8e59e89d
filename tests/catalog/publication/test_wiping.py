"""What was deleted is in no file of the database once it was wiped: `redact_line` does so at its end."""

from pathlib import Path

import pytest
from django.db import connection

from catalog.publication.publishing.redaction import wipe_freed_space
from tests.make import make_enterprise

NAME = "示例要抹去的名字"


def files_with_it() -> list[str]:
    database = str(connection.settings_dict["NAME"])
    files = [Path(database + end) for end in ("", "-wal")]
    return [file.name for file in files if file.exists() and NAME.encode() in file.read_bytes()]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the files of PostgreSQL are the server's")
@pytest.mark.django_db(transaction=True)
def test_what_was_deleted_is_in_no_file_of_the_database():
    enterprise = make_enterprise(name=NAME)
    assert files_with_it()
    enterprise.delete()
    wipe_freed_space()
    assert files_with_it() == []
