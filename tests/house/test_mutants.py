"""The mutants of the rules: which there are, which are left out, and for which rooms."""

import subprocess
import sys

from tools.mutant_making import mutants_of, sampled
from tools.mutants import ROOMS, ROOT, chosen

RULE = '''"""A rule."""

SOON = 90
SENTENCE = "请写明理由。"


def is_over(last: int | None, day: int) -> bool:
    return last is not None and last < day
'''


def mutants(tmp_path):
    file = tmp_path / "rule.py"
    file.write_text(RULE, encoding="utf-8")
    return list(mutants_of(tmp_path, file))


def test_constants_and_comparisons_are_changed_and_words_and_types_are_not(tmp_path):
    lines = {mutant.after.strip() for mutant in mutants(tmp_path)}
    assert {"SOON = 91", "return last is not None and last <= day"} <= lines
    assert not any("XX" in line for line in lines)
    assert not any(line.startswith("def") for line in lines)
    assert {mutant.module for mutant in mutants(tmp_path)} == {"rule"}


def test_a_sample_is_the_same_each_time(tmp_path):
    found = mutants(tmp_path)
    assert len(sampled(found, 2)) == 2
    assert sampled(found, 2) == sampled(found, 2)
    assert sampled(found, 0) == sampled(found, 99)
    assert {*map(str, sampled(found, 0))} == {*map(str, found)}


def test_rooms_are_named_by_folder_or_file():
    ((room, files),) = chosen(["catalog/standing/days.py"], "main")
    assert (room.name, [file.name for file in files]) == ("catalog/standing", ["days.py"])
    assert [
        room.name for room, _files in chosen(["portal/core/workflow", "portal/core/text/masking.py"], "main")
    ] == [
        "portal/core/workflow",
        "portal/core/text/masking",
    ]


def test_the_rooms_that_are_there_have_tests():
    for room in ROOMS:
        if room.files:
            assert all((ROOT / path).exists() for path in room.tests), room.name


KILLS = """
import pathlib, sys, tempfile
from dataclasses import replace
from tools import mutants
from tools.mutant_making import mutants_of
from tools.mutant_trial import Trials
rules = mutants.ROOT / "catalog/standing/days.py"
found = list(mutants_of(mutants.ROOT, rules))
code = [one for one in found if one.is_inside_a_function][0]
value = next(one for one in found if "SOON = 91" in one.after)
harmless = [replace(one, source=rules.read_text()) for one in (code, value)]
room = mutants.Room("days", ("catalog/standing/days.py",), ("tests/catalog/standing/test_days.py",))
with tempfile.TemporaryDirectory() as scratch:
    folder = pathlib.Path(scratch)
    measure = mutants.Measure(room, [code, value, *harmless], Trials(folder), folder / "reach")
    print("ALIVE", [any(one is other for other in harmless) for one in measure.survivors()])
"""


def test_a_trial_kills_what_breaks_a_rule_and_spares_what_changes_nothing():
    done = subprocess.run([sys.executable, "-c", KILLS], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("ALIVE [True, True]")
