"""How facts come into a database that may hold some already."""

import pytest

from catalog.products.models import CertificationBody
from portal.core.facts import add_missing, read_table, read_words


@pytest.mark.django_db
def test_what_is_missing_is_added_and_what_differs_is_left_and_counted():
    CertificationBody.objects.create(code="one", name="甲", source="改过的出处")
    CertificationBody.objects.create(code="two", name="乙")
    rows = [
        CertificationBody(code=code, name=name)
        for code, name in (("one", "甲"), ("two", "乙"), ("three", "丙"))
    ]
    tally = add_missing(rows, identity=["code"])
    assert (tally.label, tally.added, tally.kept, tally.different) == ("认证机构", 1, 2, 1)
    assert CertificationBody.objects.get(code="one").source == "改过的出处"


def test_words_of_a_cell():
    assert read_words("卷材、SBS防水卷材") == ["卷材", "SBS防水卷材"]
    assert read_words("") == []


def test_a_table_is_read_by_its_heading(tmp_path):
    (tmp_path / "t.csv").write_text("name,note\n商务部,\n", encoding="utf-8")
    assert read_table(tmp_path / "t.csv") == [{"name": "商务部", "note": ""}]
