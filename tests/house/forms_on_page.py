"""The forms of a page as a browser sends them: address, and the values that stand in them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

TEXTS = {
    "text",
    "search",
    "tel",
    "email",
    "url",
    "number",
    "date",
    "password",
    "datetime-local",
    "month",
    "time",
}
PRESSED = {"submit", "image", "button", "reset"}


@dataclass
class Form:
    """`texts` are the names of fields that are typed, `chosen` those of all others, `files` of uploads."""

    path: str
    values: dict[str, list[str]] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    chosen: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, path: str):
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self.open: dict[str, Form] = {}
        self.current: Form | None = None
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form" and at.get("method", "").lower() == "post":
            self.current = Form(urlsplit(urljoin(self.path, at.get("action") or self.path)).path)
            self.forms.append(self.current)
            if "id" in at:
                self.open[at["id"]] = self.current
        form = self.open.get(at.get("form", "")) or self.current
        name = at.get("name", "")
        if tag == "option" and self.select and self.current and "selected" in at:
            self.current.values.setdefault(self.select, []).append(at.get("value", ""))
        if form is None or not name or "disabled" in at:
            return
        if tag == "select":
            self.select = name
            form.chosen.add(name)
        elif tag == "textarea":
            self.area = name
            form.texts.add(name)
            form.values.setdefault(name, []).append("")
        elif tag in ("input", "button"):
            self._input(form, name, at.get("type", "text" if tag == "input" else "submit").lower(), at)

    def _input(self, form: Form, name: str, kind: str, at: dict[str, str]) -> None:
        if kind in PRESSED:
            form.buttons.append((name, at.get("value", "")))
        elif kind == "file":
            form.files.add(name)
        elif kind in ("checkbox", "radio"):
            form.chosen.add(name)
            if "checked" in at:
                form.values.setdefault(name, []).append(at.get("value", "on"))
        else:
            (form.texts if kind in TEXTS else form.chosen).add(name)
            form.values.setdefault(name, []).append(at.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.area and self.current and self.current.values.get(self.area):
            self.current.values[self.area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.current = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""


def forms_on(path: str, page: str) -> list[Form]:
    """Forms that are sent by POST."""
    reader = _Reader(path)
    reader.feed(page)
    return reader.forms


def typed(form: Form, changes: dict[str, Any]) -> dict[str, Any]:
    """What is sent: the values of the form, with the first button that has a name, and `changes`."""
    sent: dict[str, Any] = {
        name: values if len(values) > 1 else values[0] for name, values in form.values.items()
    }
    for name, value in form.buttons[:1]:
        sent.setdefault(name, value)
    return sent | changes
