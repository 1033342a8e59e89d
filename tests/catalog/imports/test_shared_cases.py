"""Workbooks as people and programs really write them: each gives what its line in cases.csv promises."""

import csv
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from catalog.enterprises.models import Enterprise
from catalog.imports.checking import file as checking
from catalog.imports.management.commands import import_list as printing
from catalog.imports.reporting import report
from tests.make import make_user

from .conftest import seed_facts
from .promises import MAKER, PROMISES

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
CODE = "91330400DEM000010C"


def cases():
    if not (CASES / "cases.csv").exists():
        return []
    with (CASES / "cases.csv").open(encoding="utf-8", newline="") as lines:
        return [pytest.param(row["file"], row["register"], id=row["file"]) for row in csv.DictReader(lines)]


class Answer:
    """What `import_list --dry-run --json` says of a file, and what the import would write of it."""

    def __init__(self, code, text, planned, outcome):
        self.code, self.text, self.planned, self.outcome = code, text, planned, outcome
        self.refused = text.split("\n")[0].removeprefix("refused: ") if code == 1 else ""
        self.told = {} if code == 1 else json.loads(text)

    def values(self, name):
        return [planned.values.get(name) for planned in self.planned]

    def certificates(self, name):
        return [planned.certificate_values.get(name) for planned in self.planned]

    @property
    def faults(self):
        return {(fault["cell"].partition("!")[2], fault["rule"]) for fault in self.told["faults"]}

    @property
    def faulty_cells(self):
        return {cell for cell, _rule in self.faults}

    def told_of(self, cell):
        return [told.rule for told in self.outcome.warnings if told.cell.endswith(f"!{cell}")]

    def questions(self):
        return {question.rule: question for question in self.outcome.questions}

    def is_taken(self, rows):
        assert self.code == 0, self.text
        return not self.told["faults"] and self.told["new"] == rows


@pytest.fixture
def ask(db, tmp_path, capsys, monkeypatch):
    seed_facts()
    make_user("editor", username="editor")
    Enterprise.objects.create(uscc=CODE, name=MAKER, name_key=MAKER)
    planned, outcomes = [], []
    monkeypatch.setattr(
        printing, "answer", lambda *given: (outcomes.append(given[2]), report.answer(*given))[1]
    )
    plain = checking.Plan.add
    monkeypatch.setattr(checking.Plan, "add", lambda plan, row: (planned.append(row), plain(plan, row))[1])

    def run(path, register="products", *options):
        planned.clear()
        command = [
            "import_list",
            str(path),
            "--register",
            register,
            "--publisher",
            "national",
            "--by",
            "editor",
        ]
        try:
            call_command(*command, "--dry-run", "--json", *options)
            code = 0
        except SystemExit as end:
            code = end.code
        return Answer(code, capsys.readouterr().out, list(planned), outcomes[-1] if outcomes else None)

    return run


@pytest.mark.skipif(not cases(), reason="../shared/cases is not beside this project")
@pytest.mark.parametrize(("name", "register"), cases())
def test_a_workbook_of_real_life_gives_what_is_promised(ask, name, register):
    promise = PROMISES[name.partition("-")[0]]

    promise(ask(CASES / name, register))


@pytest.mark.skipif(not cases(), reason="../shared/cases is not beside this project")
def test_the_answers_of_the_operator_decide(ask):
    taken = ask(CASES / "04-hidden-rows.xlsx", "products", "--answer", "rows:清单=take")
    left = ask(CASES / "04-hidden-rows.xlsx", "products", "--answer", "rows:清单=leave")
    parts = ask(CASES / "33-summary-and-parts.xlsx", "products", "--answer", "alike:汇总=parts")
    hidden = ask(CASES / "33b-hidden-old-sheet.xlsx", "products", "--answer", "sheet:旧版=take")

    assert taken.is_taken(3)
    assert left.is_taken(2)
    assert parts.is_taken(2)
    assert hidden.is_taken(2)
