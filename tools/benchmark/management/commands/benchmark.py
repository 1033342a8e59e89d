"""Measure what the portal promises to be quick at, on a database made for it and dropped afterwards."""

import shutil
import tempfile
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from tools.benchmark import copies, desk, doors, exports, imports, indexing, lists, locks, pages, sizes, table


class Command(BaseCommand):
    help = "Measure speed and memory on a database made for it; the portal's own data are not touched."

    def add_arguments(self, parser: CommandParser) -> None:
        subjects = parser.add_subparsers(
            dest="subject",
            required=True,
            metavar="import|list|index|locks|exports|pages|doors|desk|size|mirror",
        )
        subject = subjects.add_parser(
            "import", help="checking and saving against bare reading and bare inserts"
        )
        subject.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
        subject = subjects.add_parser("list", help="publication, search and pages against plain SQL")
        subject.add_argument("--rows", type=int, nargs="+", default=[10_000, 60_000])
        subject = subjects.add_parser(
            "index", help="making and reading the index against bare inserts and reads"
        )
        subject.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
        subject.add_argument("--pages", action="store_true", help="and what pages cost there")
        subject = subjects.add_parser("locks", help="how long each act holds the write lock")
        subject.add_argument("--rows", type=int, nargs="+", default=[1_000], help="sizes of batches")
        subject.add_argument("--list", type=int, default=10_000, help="products on the list beside them")
        subject = subjects.add_parser("exports", help="files of the whole list against a bare cursor")
        subject.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])

        subject = subjects.add_parser(
            "pages", help="pages against a view without middleware, and behind nginx"
        )
        subject.add_argument("--rows", type=int, nargs="+", default=[10_000])
        subject = subjects.add_parser("doors", help="known names against unknown ones at the entrance")
        subject.add_argument("--pairs", type=int, default=doors.PAIRS)
        subject.add_argument("--doors", nargs="+", choices=doors.DOORS, default=list(doors.DOORS))

        subject = subjects.add_parser("size", help="room that a published list takes, table by table")
        subject.add_argument("--rows", type=int, nargs="+", default=[20_000])
        subject = subjects.add_parser(
            "mirror", help="a copy of the site: time, room, and what an update writes"
        )
        subject.add_argument("--rows", type=int, nargs="+", default=[5_000])
        subject = subjects.add_parser(
            "desk", help="pages of the desk with many rows behind them and with few"
        )
        subject.add_argument("--cases", type=int, default=5_000)
        subject.add_argument("--rows", type=int, default=10_000, help="entries of a draft")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"measure_{options['subject']}")(options)

    def measure_import(self, options: dict[str, Any]) -> None:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            for rows in options["rows"]:
                path = _written(folder, rows)
                with _OwnDatabase():
                    importing, peak = imports.measure_import(rows, path)
                with _OwnDatabase():
                    reading, inserting = imports.measure_bare(rows, path)
                self.stdout.write(str(imports.Measured(rows, reading, inserting, importing, peak)))

    def measure_doors(self, options: dict[str, Any]) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write(doors.HEADINGS)
        with _OwnDatabase():
            doors.people(options["pairs"])
            for name in options["doors"]:
                self.stdout.write(str(doors.measure(name, options["pairs"])))

    def measure_list(self, options: dict[str, Any]) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)  # pages are drawn with their stylesheet
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            for rows in options["rows"]:
                with _OwnDatabase():
                    for compared in lists.measure_list(rows, _written(folder, rows)):
                        self.stdout.write(f"{rows:,} rows: {compared}")

    def measure_index(self, options: dict[str, Any]) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write(table.HEADINGS)
        for rows in options["rows"]:
            with _OwnDatabase():
                for measure in indexing.measure_index(rows):
                    self.stdout.write(str(measure))
                for measure in pages.in_process(rows) if options["pages"] else ():
                    self.stdout.write(str(measure))

    def measure_locks(self, options: dict[str, Any]) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)  # a reader's pages are drawn meanwhile
        self.stdout.write(locks.HEADINGS)
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder, _OwnDatabase():
            for held in locks.measure_locks(options["list"], options["rows"], Path(folder)):
                self.stdout.write(str(held))

    def measure_exports(self, options: dict[str, Any]) -> None:
        self.stdout.write(exports.HEADINGS)
        for rows in options["rows"]:
            with _OwnDatabase():
                for exported in exports.measure_exports(rows):
                    self.stdout.write(str(exported))

    def measure_pages(self, options: dict[str, Any]) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write(table.HEADINGS)
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            for rows in options["rows"]:
                with _OwnDatabase():
                    for line in pages.measure_pages(rows, _written(folder, rows)):
                        self.stdout.write(str(line))

    def measure_size(self, options: dict[str, Any]) -> None:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            for rows in options["rows"]:
                with _OwnDatabase():
                    for line in sizes.measure_size(rows, _written(folder, rows)):
                        self.stdout.write(line)

    def measure_mirror(self, options: dict[str, Any]) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)
        for rows in options["rows"]:
            with _OwnDatabase():
                for line in copies.measure_copy(rows):
                    self.stdout.write(line)

    def measure_desk(self, options: dict[str, Any]) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write(table.HEADINGS)
        with _OwnDatabase():
            for measure in desk.measure_desk(options["cases"], options["rows"]):
                self.stdout.write(str(measure))


def _written(folder: str, rows: int) -> Path:
    """A list of so many rows, made in a process of its own: the memory that it takes must not count as the import's."""
    path = Path(folder) / f"{rows}.xlsx"
    with get_context("fork").Pool(1) as writer:
        writer.apply(imports.write_list, (path, rows))
    return path


class _OwnDatabase:
    """A fresh database of the same kind as the portal's; for SQLite a file, as an installation has.

    The first SQLite file is kept as it was after the migrations, which take longer than many a measure.
    """

    _migrated: ClassVar[TemporaryDirectory | None] = None

    def __enter__(self) -> None:
        self.portal_name = connection.settings_dict["NAME"]
        connection.settings_dict["CONN_MAX_AGE"] = None  # one process of the server does all of a measure
        if connection.vendor != "sqlite":
            connection.creation.create_test_db(verbosity=0, autoclobber=True)
            return
        file = settings.VAR_DIR / "benchmark.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)
        if self._migrated:
            shutil.copyfile(Path(self._migrated.name) / file.name, file)
        connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=bool(self._migrated))
        if not self._migrated:
            _OwnDatabase._migrated = kept = TemporaryDirectory(prefix="benchmark-")
            connection.cursor().execute("VACUUM INTO %s", [str(Path(kept.name) / file.name)])

    def __exit__(self, *_: object) -> None:
        connection.creation.destroy_test_db(self.portal_name, verbosity=0)
