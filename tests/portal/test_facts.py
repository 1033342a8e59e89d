"""How facts come into a database that may hold some already."""

import pytest

from catalog.campaigns.models import Organisation
from portal.facts import add_missing, read_table, read_words


@pytest.mark.django_db
def test_what_is_missing_is_added_and_what_differs_is_left_and_counted():
    Organisation.objects.create(name="商务部", short_name="改过的简称")
    Organisation.objects.create(name="农业农村部")
    rows = [Organisation(name=name, short_name="") for name in ("商务部", "农业农村部", "工业和信息化部")]
    tally = add_missing(rows, identity=["name"])
    assert (tally.label, tally.added, tally.kept, tally.different) == ("机构", 1, 2, 1)
    assert Organisation.objects.get(name="商务部").short_name == "改过的简称"


def test_words_of_a_cell():
    assert read_words("卷材、SBS防水卷材") == ["卷材", "SBS防水卷材"]
    assert read_words("") == []


def test_a_table_is_read_by_its_heading(tmp_path):
    (tmp_path / "t.csv").write_text("name,note\n商务部,\n", encoding="utf-8")
    assert read_table(tmp_path / "t.csv") == [{"name": "商务部", "note": ""}]
