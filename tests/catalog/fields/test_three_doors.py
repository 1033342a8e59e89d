"""One judge for every field: cell, form of the counter and page of the back end give the same verdict, value and sentence."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalog.fields.catalogue import CERTIFICATE, ENTERPRISE, PRODUCT
from catalog.imports.understanding.cell_text import is_ditto, shown
from catalog.imports.understanding.likeness import is_unit
from portal.core.text.normalise import fold
from tests.catalog.imports.conftest import seed_facts

from .doors import DOORS, TAKEN_AND_TOLD, Said, Values
from .values import VALUES

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DECLARED = {"enterprise": ENTERPRISE, "certificate": CERTIFICATE, "product": PRODUCT}
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=30)
PIECES = st.lists(
    st.sampled_from(
        [
            "0592",
            "-",
            "（",
            "）",
            "(",
            ")",
            "1234567",
            "转",
            "8",
            "、",
            "/",
            ";",
            "+",
            "138",
            "www",
            ".",
            "example",
            "cn",
            "http://",
            "https://",
            "@",
            ":",
            "А",
            "Ο",
            "\u200b",
            "\u202e",
            "示例",
            "厂",
            "无",
        ]
    ),
    min_size=1,
    max_size=8,
).map("".join)
FEW = settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FIELDS = [key for key in VALUES if key[1] not in ("star", "issued_on", "valid_until")]


def is_of_the_cell(said: Said) -> bool:
    """What only a workbook says: that a value was taken for what it means, or that one cell holds several."""
    return said == TAKEN_AND_TOLD or said.sentence.startswith("一格里有")


def compared(values: Values, tmp_path, client) -> None:
    """Fails with every value about which the doors differ, and with what each of them said.

    A list is read for what it means (a number among names), and its sender is told: there the two forms must agree.
    """
    heard = {}
    for name, door in DOORS.items():
        with transaction.atomic():  # each door finds the registers as the first one did
            heard[name] = door(values, tmp_path, client)
            transaction.set_rollback(True)
    differing = [
        f"{key}: " + "; ".join(f"{name} {said[key]}" for name, said in heard.items())
        for key in heard["workbook"]
        if len({said[key] for said in heard.values() if not is_of_the_cell(said[key])}) > 1
    ]
    assert not differing, f"{len(differing)} of {len(heard['workbook'])}:\n" + "\n".join(differing)
    assert heard["workbook"].keys() == heard["counter"].keys() == heard["back end"].keys()


def test_the_same_values_meet_the_same_judge_at_every_door(client, tmp_path, facts):
    assert sum(len(texts) for texts in VALUES.values()) >= 200
    compared(VALUES, tmp_path, client)


def is_for_a_cell(text: str) -> bool:
    """A formula, an error, a sign for the cell above, a unit of measure: to know them is the business of reading."""
    is_read = not set(text) & set("=#'") and not is_ditto(text) and not is_unit(shown(text))
    return bool(text.strip()) and is_read


@FEW
@given(data=st.data())
def test_whatever_is_typed_meets_the_same_judge_at_every_door(client, tmp_path, facts, data):
    """No required name may be drawn empty: what is lacking is told in other words at each door."""
    texts = st.lists(st.one_of(TEXT, PIECES).filter(is_for_a_cell), min_size=2, max_size=4, unique_by=fold)
    values = {}
    for register, name in FIELDS:
        drawn = data.draw(texts, label=name)
        required = DECLARED[register][name].is_required
        values[register, name] = [
            f"示例{place}号{text}" if required else text for place, text in enumerate(drawn)
        ]
    compared(values, tmp_path, client)


@pytest.fixture
def facts():
    seed_facts()


def test_no_value_of_the_table_stands_there_twice():
    for key, texts in VALUES.items():
        assert not [text for text, count in Counter(texts).items() if count > 1], key
