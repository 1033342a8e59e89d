"""What was typed, or stored, as the forms of a case read it: values, what names persons, and a sentence for each fault."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from catalog.fields.catalogue import ENTERPRISE
from portal.core.text.normalise import clean

from .forms import FIELDS, FORMS, ITEM_FIELDS, ItemForm

OTHER_LABELS = {
    "uscc": ENTERPRISE["uscc"].label,
    "documents": "材料",
    "items": "产品",
    "all": "整件",
}
Faults = dict[str, str]


def clean_values(kind: str, raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], Faults]:
    """(values, personal, faults by field name) of what was typed. Empty fields are no fault: a draft may be half done.

    A field that is not in `raw` is not in the answer either; a faulty one is only among the faults.
    """
    form = FORMS[kind](raw)
    faults = {name: str(errors[0]) for name, errors in form.errors.items()}
    values, personal = (form.answers(is_personal=of_persons) for of_persons in (False, True))
    return _named_in(raw, values), personal, faults


def _named_in(raw: Mapping[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """A box that is not named was not left unticked: nobody asked."""
    return {name: value for name, value in values.items() if name in raw}


def clean_item(raw: Mapping[str, Any]) -> tuple[dict[str, Any], Faults]:
    """One product line as typed: (name, models_text, brand, category), and the faults by field name."""
    return clean_items([raw])[0]


def clean_items(rows: Sequence[Mapping[str, Any]]) -> list[tuple[dict[str, Any], Faults]]:
    """`clean_item()` of each; one form reads them all, so that the catalogue is read once."""
    form = ItemForm()
    return [_item(form, row) for row in rows]


def _item(form: ItemForm, raw: Mapping[str, Any]) -> tuple[dict[str, Any], Faults]:
    values: dict[str, Any] = {}
    faults: Faults = {}
    for name, field in form.fields.items():
        try:
            values[name] = field.clean(raw.get(name))
        except ValidationError as error:
            faults[name] = error.messages[0]
    return values, faults


def tidy(text: str) -> str:
    """Free text of several lines as it may be stored: each line without what nobody can see."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(clean(line) for line in lines).strip("\n")


def field_label(kind: str, name: str) -> str:
    """What a field is called on the page; the name itself for one that no form has."""
    every = (*FIELDS[kind], *ITEM_FIELDS)
    return next((field.label for field in every if field.name == name), OTHER_LABELS.get(name, name))
