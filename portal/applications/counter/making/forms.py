"""The forms of a case: filled from the draft, read by the one rule a field has, shown again with what was typed."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from catalog.enterprises.selling import SEPARATOR, places_of
from catalog.fields.catalogue import PRODUCT
from catalog.regions.naming import DivisionNames
from portal.applications.cases.cleaning import clean_item, clean_values
from portal.applications.cases.models import Application
from portal.core.pages.templatetags.pages import cn_day

from ..fields import CONSENT, FIELDS, SECTIONS, Section, choice_of, declared_line, lists, names_of, text_of
from .consenting import consents
from .wording import template_of

WORDING = "template_version"  # the one that stands above the form: saving it says that it was read


@dataclass(frozen=True)
class Shown:
    """A field with what an office said of it at the last return."""

    field: forms.BoundField
    reasons: list[str]


@dataclass(frozen=True)
class ShownSection:
    section: Section
    fields: list[Shown]


@dataclass(frozen=True)
class Difference:
    """A field that says one thing in this form and another in the saved draft."""

    label: str
    own: str
    saved: str


class TypedForm(forms.Form):
    """Keeps what was typed beside the sentences about it. `read(raw)` gives the faults by field name."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    @property
    def raw(self) -> dict[str, str]:
        """What was typed, field by field. An unticked box sends nothing; any other field that was not sent stays."""
        ticks = {name: "" for name, field in self.fields.items() if isinstance(field, forms.BooleanField)}
        return ticks | {name: self.data[name] for name in self.fields if name in self.data}

    def read(self, raw: Mapping[str, str]) -> dict[str, str]:
        raise NotImplementedError

    def full_clean(self) -> None:
        """Nothing of Django's own rules: a half-filled form is no mistake, and every value has one rule."""
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data: dict[str, Any] = {}
        if self.is_bound:
            self.say(self.read(self.raw))

    def say(self, faults: Mapping[str, str]) -> None:
        """Put sentences at their fields; those about no field of this form stand above it."""
        for name, sentence in faults.items():
            place = name if name in self.fields else NON_FIELD_ERRORS
            self.errors.setdefault(place, self.error_class()).append(sentence)


class CaseForm(TypedForm):
    """The values of an application. `kept` is what may be saved, whatever else is wrong."""

    def __init__(self, application: Application, *args: Any, user: Any, **kwargs: Any):
        kwargs.setdefault("initial", initial_of(application) | {CONSENT: consents(application, user)})
        super().__init__(*args, **kwargs)
        self.application = application
        self.values: dict[str, Any] = {}
        self.personal: dict[str, Any] = {}
        self.publisher: str | None = None
        for name in names_of(application.kind):
            self.fields[name] = FIELDS[name]()
        if wording := template_of(application):
            self.fields[WORDING] = forms.CharField(
                label="承诺书文本", required=False, widget=forms.HiddenInput()
            )
            self.initial[WORDING] = wording.pk

    def read(self, raw: Mapping[str, str]) -> dict[str, str]:
        self.values, self.personal, faults = clean_values(self.application.kind, raw)
        if "publisher" in raw:
            self.publisher = raw["publisher"] if raw["publisher"] in dict(lists()) else None
            if self.publisher is None:
                faults["publisher"] = "请从名单中选择一份清单。"
        return faults

    @property
    def consents(self) -> bool | None:
        """Whether the box for publishing the contact is ticked; None where the form has none."""
        return bool(self.raw[CONSENT]) if CONSENT in self.fields else None

    def sections(self, reasons: Mapping[str, list[str]]) -> list[ShownSection]:
        """The fields in their sections, each with the reasons that stand at it."""
        return [
            ShownSection(section, [Shown(self[name], reasons.get(name, [])) for name in section.names])
            for section in SECTIONS[self.application.kind]
        ]

    def differences(self) -> list[Difference]:
        """Where this form and the saved draft part ways."""
        found = []
        for name, field in self.fields.items():
            if name == WORDING:
                continue
            own, saved = told(field, self[name].value()), told(field, self.initial.get(name))
            if own != saved:
                found.append(Difference(plain_label(field), own, saved))
        return found


def initial_of(application: Application) -> dict[str, Any]:
    """What the draft holds, as the form shows it."""
    return shown_values(application.values, application.personal or {}, application.publisher)


def shown_values(values: Mapping[str, Any], personal: Mapping[str, Any], publisher: str) -> dict[str, Any]:
    """Stored values as they are typed: divisions by their names."""
    names = DivisionNames()
    shown = {**values, **personal, "publisher": publisher}
    if code := shown.get("division"):
        shown["division"] = names.full(code).replace(" ", "") or code
    places = places_of(shown.get("sells_in") or "")
    if places and all(code.isdigit() for code in places):
        shown["sells_in"] = SEPARATOR.join(names.full(code).replace(" ", "") or code for code in places)
    return shown


def plain_label(field: forms.Field) -> str:
    """The label of a field without its remark."""
    return str(field.label).split("（")[0]


def told(field: forms.Field, value: Any) -> str:
    """A value as people read it."""
    if isinstance(field, forms.BooleanField):
        return "是" if value and value != "False" else "否"
    if not value:
        return "（空）"
    if field.widget.attrs.get("class") == "input day":
        return day_words(value)
    choices = getattr(field, "choices", None)
    return str(dict(choices).get(value, value)) if choices else str(value)


def day_words(value: Any) -> str:
    """2026年11月24日; what is no day as it was typed."""
    try:
        return cn_day(datetime.date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


class LineForm(TypedForm):
    """One product of a certificate. `categories` are grouped choices."""

    def __init__(self, *args: Any, categories: list, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.row: dict[str, Any] = {}
        self.fields["name"] = declared_line(PRODUCT["name"])
        self.fields["category"] = choice_of(PRODUCT["category"].label, [("", "请选择"), *categories])
        models = PRODUCT["models_text"]
        self.fields["models_text"] = text_of(models.label, hint=models.help, rows=3)
        self.fields["brand"] = declared_line(PRODUCT["brand"])

    def read(self, raw: Mapping[str, str]) -> dict[str, str]:
        self.row, faults = clean_item(raw)
        if not raw.get("name", "").strip():
            faults["name"] = "请写明产品名称。"
        return faults
