"""The idle end of a session moves at most once a minute, and holds."""

import datetime

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.core.session_keys import is_of_ours
from tests.make import make_user

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
PAGE = "/accounts/"


@pytest.fixture
def signed_in(client):
    with time_machine.travel(NOW, tick=False):
        client.force_login(make_user())
    return client


def asked_after(client, seconds):
    with time_machine.travel(NOW + datetime.timedelta(seconds=seconds), tick=False):
        return client.get(PAGE)


def end():
    return (Session.objects.get().expire_date - NOW).total_seconds()


def test_the_end_is_moved_once_a_minute(signed_in):
    age = settings.SESSION_COOKIE_AGE
    assert settings.SESSION_COOKIE_NAME not in asked_after(signed_in, 59).cookies
    assert end() == age

    cookie = asked_after(signed_in, 60).cookies[settings.SESSION_COOKIE_NAME]

    assert end() == age + 60
    assert cookie["max-age"] == age
    asked_after(signed_in, 100)
    assert end() == age + 60


def test_whoever_goes_on_working_stays_signed_in(signed_in):
    for minute in range(1, 3 * settings.SESSION_COOKIE_AGE // 60, 10):
        assert asked_after(signed_in, 60 * minute).status_code == 200


def test_whoever_does_nothing_is_signed_out(signed_in):
    asked_after(signed_in, 59)
    assert asked_after(signed_in, settings.SESSION_COOKIE_AGE + 1).status_code == 302


def test_moving_the_end_brings_no_session_back(signed_in):
    Session.objects.all().delete()
    assert asked_after(signed_in, 90).status_code == 302
    assert not Session.objects.filter(expire_date__gt=timezone.now()).exists()


def test_a_session_that_ended_elsewhere_is_told_as_that(signed_in, rf):
    from django.contrib.sessions.exceptions import SessionInterrupted

    from portal.views import bad_request

    page = bad_request(rf.get("/"), SessionInterrupted()).content.decode()
    assert "您已退出登录" in page
    assert "地址里有认不出的内容" not in page


def test_a_session_is_known_by_its_key_under_a_secret_of_before_too(signed_in, settings):
    key = Session.objects.get().session_key
    assert is_of_ours(key)
    settings.SECRET_KEY, former = "another", settings.SECRET_KEY
    assert not is_of_ours(key)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert is_of_ours(key)
