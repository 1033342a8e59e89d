"""Log lines, plain for people or as JSON for machines; what a stranger can cause at will is one line of either."""

import copy
import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from portal.incidents import given_to

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
SECRET_IN_PATH = re.compile(
    r"(/desk/(?:invitations|calendar)/|/accounts/(?:confirm-email|password/reset/key)/)[^/\s]+"
)


def without_secrets(text: str) -> str:
    """A path whose last part opens something, without that part."""
    return SECRET_IN_PATH.sub(r"\1…", text)


def is_refusal(record: logging.LogRecord) -> bool:
    """A request that was answered with 4xx: not our fault, so where in our code it was refused tells nothing."""
    return 400 <= getattr(record, "status_code", 0) < 500


def on_one_line(text: str) -> str:
    """With every control character spelt out, so that nobody's words look like lines of the log."""
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class PlainFormatter(logging.Formatter):
    """Time, level, logger, message; with an error of ours its traceback on the lines below."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        incident = given_to(getattr(record, "request", None))
        line = super().formatMessage(record)
        return on_one_line(without_secrets(f"{line} [{incident}]" if incident else line))

    def format(self, record: logging.LogRecord) -> str:
        if is_refusal(record):
            record = copy.copy(record)
            record.exc_info = record.exc_text = record.stack_info = None
        return super().format(record)


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message; with a request its method, path and status; with an error its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if request := getattr(record, "request", None):
            line |= {
                "method": getattr(request, "method", None),
                "path": without_secrets(getattr(request, "path", "")),
            }
            if incident := given_to(request):
                line["incident"] = incident
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if record.exc_info and not is_refusal(record):
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
