"""The first administrator."""

import io
import re

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def said() -> str:
    output = io.StringIO()
    call_command("create_admin", stdout=output)
    return output.getvalue()


def test_the_administrator_gets_a_generated_password_that_works():
    name, password = re.search(r"(\w+)  (\S+)\n", said()).groups()
    user = authenticate(username=name, password=password)
    assert name == "admin"
    assert user.is_superuser
    assert user.is_staff


def test_a_second_time_nothing_is_changed_and_nothing_is_said():
    said()
    before = get_user_model().objects.values_list("pk", "password").get()
    assert said() == ""
    assert get_user_model().objects.values_list("pk", "password").get() == before


def test_another_superuser_is_enough():
    get_user_model().objects.create_superuser("chen", password="x")
    assert said() == ""
    assert not get_user_model().objects.filter(username="admin").exists()
