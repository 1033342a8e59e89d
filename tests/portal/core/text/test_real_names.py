"""Search terms against names that real makers have; the file stays outside the project."""

import csv
import random
import subprocess
import sys
from pathlib import Path

import pytest

from portal.core.text.pinyin import readings
from portal.core.text.runs import runs, segments
from portal.core.text.tokens import name_terms, query_terms

SAMPLE = Path(__file__).resolve().parents[5] / "shared" / "data" / "real_enterprises_sample.csv"


@pytest.fixture(scope="module")
def names():
    if not SAMPLE.exists():
        pytest.skip("../shared/data/real_enterprises_sample.csv is not beside this project")
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        return [row["企业名称"] for row in csv.DictReader(file)]


def is_found(name, query):
    terms = name_terms(name)
    groups = query_terms(query)
    return bool(groups) and all(any(alternative <= terms for alternative in group) for group in groups)


def first_han_run(name):
    return next(run.text for segment in segments(name) for run in runs(segment) if run.is_han)


def test_each_name_is_found_by_any_two_neighbouring_characters(names):
    choose = random.Random(1)
    for name in names:
        start = choose.randrange(len(name) - 1)
        assert is_found(name, name[start : start + 2]), name


def test_each_name_is_found_by_pinyin_and_initials_of_its_first_four_characters(names):
    for name in names:
        spelled = [syllables[0] for syllables in readings(first_han_run(name))][:4]
        assert is_found(name, "".join(spelled)), name
        assert is_found(name, "".join(syllable[0] for syllable in spelled)), name


def test_a_query_of_two_characters_does_not_find_names_without_them(names):
    found = [name for name in names if is_found(name, "陶瓷")]
    assert found == [name for name in names if "陶瓷" in name]
    assert 0 < len(found) < len(names) / 2


def test_the_text_rules_need_no_django():
    modules = "normalise, uscc, dates, stars, numbers, tokens, highlight, pinyin"
    program = f"import sys; from portal.core.text import {modules}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[4]).returncode == 0
