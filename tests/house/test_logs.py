"""Log lines for machines."""

import json
import logging
import sys

from portal.logs import JsonFormatter


def line(**extra) -> dict:
    record = logging.LogRecord("portal.test", logging.WARNING, __file__, 1, "批次 %s", ("2022-1",), None)
    record.__dict__ |= extra
    text = JsonFormatter().format(record)
    assert "\n" not in text
    return json.loads(text)


def test_a_line_is_one_object_with_the_message_as_printed():
    written = line()
    assert written["message"] == "批次 2022-1"
    assert written["level"] == "WARNING"
    assert written["logger"] == "portal.test"
    assert written["time"].endswith("+00:00")


def test_a_request_is_named_without_its_query(rf):
    written = line(request=rf.get("/check/?number=private"), status_code=404)
    assert (written["method"], written["path"], written["status"]) == ("GET", "/check/", 404)
    assert "private" not in json.dumps(written)


def test_an_error_brings_its_traceback():
    try:
        raise ValueError("reason")
    except ValueError:
        written = line(exc_info=sys.exc_info())
    assert "ValueError: reason" in written["traceback"]


def test_a_path_that_opens_something_is_written_without_its_key(rf):
    for path, key in (
        ("/desk/invitations/abc-DEF_123/", "abc-DEF_123"),
        ("/desk/calendar/abc-DEF_123.ics", "abc-DEF_123"),
        ("/accounts/confirm-email/abc:DEF_123/", "abc:DEF_123"),
        ("/accounts/password/reset/key/5-abc123/", "5-abc123"),
    ):
        written = line(request=rf.get(path), status_code=404, msg="Not Found: %s", args=(path,))
        assert key not in json.dumps(written)
        assert written["path"].startswith("/")
