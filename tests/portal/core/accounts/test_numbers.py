"""The number under which the public record names a person."""

import pytest
from django.db import DatabaseError, transaction

from portal.core.accounts.models import User
from portal.core.accounts.numbers import public_numbers
from tests.make import make_user

pytestmark = pytest.mark.django_db


def test_a_number_is_given_once_and_stays():
    user = make_user("editor")
    (number,) = public_numbers([user.pk]).values()
    assert len(number) == 8
    assert number.isdigit()
    assert public_numbers([user.pk, None]) == {user.pk: number}


def test_two_accounts_of_one_person_have_one_number_and_nobody_else_has_it():
    first, second = make_user("editor", person="A-1"), make_user("reviewer", person="A-1")
    nameless = [make_user("editor"), make_user("editor")]
    given = public_numbers([first.pk])
    given |= public_numbers([second.pk, *(user.pk for user in nameless)])
    assert given[first.pk] == given[second.pk]
    assert len(set(given.values())) == 3


def test_a_stale_copy_does_not_wipe_the_number_out():
    user = make_user("editor")
    stale = User.objects.get(pk=user.pk)
    number = public_numbers([user.pk])[user.pk]
    stale.first_name = "明"
    stale.save()
    assert User.objects.filter(pk=user.pk, public_number=number, first_name="明").exists()


@pytest.mark.parametrize("value", ["12345678", None])
def test_the_database_refuses_to_change_a_number(value):
    user = make_user("editor")
    public_numbers([user.pk])
    with pytest.raises(DatabaseError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(public_number=value)
