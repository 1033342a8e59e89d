"""Passwords: three of four classes, and generated ones that pass."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from portal.core.accounts.passwords import character_classes, generated_password


@pytest.mark.parametrize("password", ["kuaihuo7Nongjia", "bambus-88-hof", "GRÜNE_dächer", "木结构House7"])
def test_eight_characters_of_three_classes_are_accepted(password):
    validate_password(password)


@pytest.mark.parametrize(
    "password", ["kuaihuonongjia", "bambushof88", "BAMBUSHOF88", "12345678-90", "竹木结构房屋建材下乡"]
)
def test_fewer_than_three_classes_are_refused_with_a_sentence(password):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password)
    assert "密码须包含大写字母、小写字母、数字、符号四类字符中的至少三类。" in refusal.value.messages


def test_seven_characters_are_refused():
    with pytest.raises(ValidationError) as refusal:
        validate_password("aB3-xYz")
    assert [error.code for error in refusal.value.error_list] == ["password_too_short"]


@pytest.mark.parametrize(
    ("password", "classes"), [("", 0), ("aaa", 1), ("aA", 2), ("aA1", 3), ("aA1-", 4), ("竹", 1)]
)
def test_the_classes_of_a_password_are_counted(password, classes):
    assert character_classes(password) == classes


def test_generated_passwords_pass_and_differ():
    made = {generated_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        validate_password(password)
        assert len(password) == 16
