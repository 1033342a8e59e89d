"""Looks for words in every table and in every stored file, also inside of workbooks."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import connection


def tables_with(words: Iterable[str]) -> set[str]:
    """Names of tables in which one of the words stands, as text, escaped in JSON, or in bytes."""
    wanted = [form for word in words for form in (word, word.encode("unicode_escape").decode())]
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                plain = " ".join(_plain(value) for value in row)
                if any(word in plain for word in wanted):
                    found.add(table)
    return found


def files_with(words: Iterable[str]) -> list[Path]:
    wanted = [word.encode() for word in words]
    files = [path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()]
    return [path for path in files if any(word in _inside(path.read_bytes()) for word in wanted)]


def _plain(value: object) -> str:
    return bytes(value).decode("utf-8", "ignore") if isinstance(value, (bytes, memoryview)) else str(value)


def _inside(content: bytes) -> bytes:
    if content[:2] != b"PK":
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return content + b"".join(archive.read(name) for name in archive.namelist())
