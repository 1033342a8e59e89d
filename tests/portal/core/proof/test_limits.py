"""Limits counted in the cache: for whom, and until when."""

import datetime

import time_machine

from portal.core.proof.limits import DAY, HOUR, Limit, network

NOON = datetime.datetime(2026, 11, 24, 4, 0, tzinfo=datetime.UTC)


def test_an_ipv6_line_is_counted_as_one():
    assert network("2001:db8::1") == network("2001:db8::ffff:1")
    assert network("2001:db8:0:1::1") != network("2001:db8::1")
    assert network("::ffff:192.0.2.1") == network("192.0.2.1")


def test_a_limit_ends_with_its_window_and_counts_each_by_himself():
    limit = Limit("test", 1, HOUR)
    with time_machine.travel(NOON, tick=False) as clock:
        limit.take("me")
        assert limit.is_full("me")
        assert not limit.is_full("you")
        clock.shift(HOUR)
        assert not limit.is_full("me")


def test_the_wait_is_told_in_minutes_or_hours():
    with time_machine.travel(NOON, tick=False):
        assert Limit("test", 1, HOUR).wait() == "60 分钟"
        assert Limit("test", 1, DAY).wait() == "20 小时"
