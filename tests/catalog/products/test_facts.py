"""The categories and certification bodies that come with the project."""

from collections import Counter

import pytest

from catalog.products import facts
from catalog.products.models import Category
from portal.core.facts import add_missing
from portal.core.text.normalise import fold


@pytest.fixture
def categories(db) -> list[Category]:
    add_missing(facts.catalogues(), identity=["version"])
    return facts.categories()


def test_there_are_fifty_one_kinds_in_six_groups_and_twelve_green_product_standards(categories):
    schemes = Counter(category.scheme for category in categories)
    assert schemes == {Category.Scheme.GREEN_MATERIAL: 51, Category.Scheme.GREEN_PRODUCT: 12}
    groups = {category.group_code for category in categories if category.scheme == "green_material"}
    assert groups == {"1", "2", "3", "4", "5", "6"}
    assert len({category.code for category in categories}) == 63
    assert not {category.code for category in categories} & {category.group_code for category in categories}


def test_every_category_has_a_part_of_the_house_that_exists(categories):
    parts = {category.house_part for category in categories}
    assert parts == set(Category.HousePart.values)


def test_no_word_means_two_categories(categories):
    words = [fold(word) for category in categories for word in {category.name, *category.aliases}]
    assert [word for word, times in Counter(words).items() if times > 1] == []


def test_the_short_names_that_lists_use_are_known(categories):
    by_word = {fold(word): category.code for category in categories for word in category.aliases}
    assert by_word[fold("卷材")] == "302"
    assert by_word[fold("马桶")] == "209"
    assert by_word[fold("太阳能热水器")] == "35606"


def test_no_name_means_two_certification_bodies():
    bodies = facts.certification_bodies()
    names = [fold(name) for body in bodies for name in (body.name, *body.short_names)]
    assert len(names) == len(set(names))
    assert fold("CTC") in names
