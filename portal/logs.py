"""Log lines as JSON, one object a line, for machines that collect logs."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

SECRET_IN_PATH = re.compile(
    r"(/desk/(?:invitations|calendar)/|/accounts/(?:confirm-email|password/reset/key)/)[^/\s]+"
)


def without_secrets(text: str) -> str:
    """A path whose last part opens something, without that part."""
    return SECRET_IN_PATH.sub(r"\1…", text)


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
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
