"""Registers to import into: the project's facts, an editor, some enterprises."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from catalog.enterprises.models import Enterprise
from catalog.imports.importing import Imported, ImportRequest, import_file
from catalog.imports.models import ImportRun
from catalog.products import facts as product_facts
from catalog.regions import facts as region_facts
from catalog.regions.models import Division
from portal.core.accounts.models import User
from tests.make import make_campaign, make_user
from tests.module_rows import rows_of_a_module

from .desk import at
from .workbooks import write_xlsx

pytest.register_assert_rewrite("tests.catalog.imports.promises")

PROVINCES = (
    "12",
    "32",
    "33",
    "35",
)  # as many as the tests name: all 3,217 divisions would take most of their time


def seed_facts() -> None:
    divisions = [division for division in region_facts.divisions() if division.code[:2] in PROVINCES]
    Division.objects.bulk_create(divisions)
    product_facts.seed()
    make_campaign()


@pytest.fixture(scope="module")
def facts_of_the_module(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[bool]:
    """The facts laid once for a file of tests, each of which takes back only its own; False where tests commit."""
    with rows_of_a_module(request, django_db_blocker) as can_share:
        if can_share:
            seed_facts()
        yield can_share


@pytest.fixture
def facts(facts_of_the_module: bool, db: None) -> None:
    """Some divisions, all categories and certification bodies, and a campaign of this year."""
    if not facts_of_the_module:
        seed_facts()


@pytest.fixture
def editor(facts: None) -> User:
    return make_user("editor", username="editor")


@pytest.fixture
def import_rows(tmp_path: Path, editor: User) -> Callable[..., Imported]:
    """Imports rows, or a file, as the editor: `import_rows(rows, register="products", …)`."""

    def run(rows: list[list] | Path, **options: Any) -> Imported:
        path = (
            rows
            if isinstance(rows, Path)
            else write_xlsx(tmp_path / options.pop("name", "清单.xlsx"), {"清单": rows})
        )
        values: dict[str, Any] = {"register": "products", "publisher": "national", "by": editor}
        return import_file(path, ImportRequest(**values | options))

    return run


@pytest.fixture
def import_list(editor: User, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Calls the command; gives its exit code and what it printed."""

    def run(
        path: Path, *options: str, register: str = "products", publisher: str = "national"
    ) -> tuple[int, str]:
        command = [
            "import_list",
            str(path),
            "--register",
            register,
            "--publisher",
            publisher,
            "--by",
            "editor",
        ]
        try:
            call_command(*command, *options)
        except SystemExit as end:
            return int(end.code or 0), capsys.readouterr().out
        return 0, capsys.readouterr().out

    return run


HEADINGS = [
    "企业名称",
    "产品类别",
    "产品名称",
    "规格型号",
    "品牌",
    "认证机构",
    "证书编号",
    "星级",
    "有效期至",
]


def product_row(maker: Enterprise, number: int = 1, **changes: Any) -> list[Any]:
    """A sound row under HEADINGS; `changes` by heading."""
    until = datetime.date.today() + datetime.timedelta(days=900)
    row = dict(
        zip(
            HEADINGS,
            [
                maker.name,
                "纸面石膏板",
                f"石膏板{number}",
                "9.5 mm",
                "示例牌",
                "国检集团",
                f"CTC-{number:05d}",
                "三星级",
                until.isoformat(),
            ],
            strict=True,
        )
    )
    return list((row | changes).values())


def faults_of(imported: Imported) -> list[tuple[str, str]]:
    return [(fault.rule, fault.cell) for fault in imported.outcome.faults]


@pytest.fixture
def signed_in(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def upload(signed_in, tmp_path):
    """Uploads rows, or a file, and gives the run; the job is done by the time it answers."""

    def send(rows, **changes):
        path = rows if not isinstance(rows, list) else write_xlsx(tmp_path / "清单.xlsx", {"清单": rows})
        form = {"register": "products", "draft": "national:batch", "scope": "additions"} | changes
        answer = signed_in.post(at("add"), form | {"file": SimpleUploadedFile(path.name, path.read_bytes())})
        assert answer.status_code == 302, answer.content.decode()
        return ImportRun.objects.get(pk=int(answer.url.split("/")[-3]))

    return send
