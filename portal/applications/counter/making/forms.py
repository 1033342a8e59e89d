"""The forms of a case at the counter: filled from the draft, shown again with what was typed."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from catalog.enterprises.selling import SEPARATOR, places_of
from catalog.fields.catalogue import PRODUCT
from catalog.publication.models import NATIONAL
from catalog.regions.models import RegionVersion
from catalog.regions.naming import DivisionNames
from portal.applications.cases.asking import AnswerForm, Day, Line
from portal.applications.cases.forms import FORMS, ItemForm
from portal.applications.cases.models import Application
from portal.applications.privacy.texts import CONTACT_PUBLICATION, PURPOSES
from portal.core.accounts.models import User
from portal.core.pages.templatetags.pages import cn_day

from ..sections import CONSENT, SECTIONS, Section, names_of
from .consenting import consents
from .wording import template_of

WORDING = "template_version"  # the one that stands above the form: saving it says that it was read
UNKNOWN_LIST = "请从名单中选择一份清单。"


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


def lists() -> list[tuple[str, str]]:
    """The national list, and those of the pilot regions."""
    pilots = RegionVersion.objects.current().standing().filter(approval_batch__isnull=False)
    found = pilots.select_related("page__division").order_by("page_id")
    return [(NATIONAL, "全国产品清单"), *((version.page_id, f"{version.name}清单") for version in found)]


class CaseForm(AnswerForm):
    """The answers of an application; beside them the list it is for, and a consent, where its kind has them."""

    publisher = forms.ChoiceField(
        label="申报到哪一份清单",
        choices=lists,
        error_messages={"invalid_choice": UNKNOWN_LIST},
        required=False,
    )
    consent = forms.BooleanField(label=PURPOSES[CONTACT_PUBLICATION].current.words, required=False)

    def __init__(self, application: Application, *args: Any, user: User, **kwargs: Any):
        kwargs.setdefault("initial", initial_of(application) | {CONSENT: consents(application, user)})
        super().__init__(*args, **kwargs)
        self.application = application
        names = names_of(application.kind)
        self.fields = {name: field for name, field in self.fields.items() if name in names} | FORMS[
            application.kind
        ]().fields
        self.order_fields(names)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                # Read once: a page asks for them several times.
                field.choices = list(field.choices)  # type: ignore[arg-type]
        if wording := template_of(application):
            self.initial[WORDING] = wording.pk

    def clean_publisher(self) -> str:
        if "publisher" in self.data and not self.cleaned_data["publisher"]:
            raise forms.ValidationError(UNKNOWN_LIST)
        return self.cleaned_data["publisher"]

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


def told(field: forms.Field, value: object) -> str:
    """A value as people read it."""
    if isinstance(field, forms.BooleanField):
        return "是" if value and value != "False" else "否"
    if not value:
        return "（空）"
    if isinstance(field, Day):
        return day_words(value)
    choices = getattr(field, "choices", None)
    return str(dict(choices).get(value, value)) if choices else str(value)


def day_words(value: object) -> str:
    """2026年11月24日; what is no day as it was typed."""
    try:
        return cn_day(datetime.date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


class LineForm(ItemForm):
    name = Line(PRODUCT["name"], required=True, error_messages={"required": "请写明产品名称。"})


def tell(form: forms.Form, sentences: Mapping[str, str]) -> None:
    """Put sentences at their fields; those about no field of the form stand above it."""
    for name, sentence in sentences.items():
        form.add_error(name if name in form.fields else None, sentence)
