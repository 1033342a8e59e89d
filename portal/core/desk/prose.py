"""The editor of prose. Without its script it is the textarea that it grows out of: empty lines part paragraphs there."""

from django import forms
from django.forms import Script

from portal.core.text.prose import from_textarea


class ProseWidget(forms.Textarea):
    def __init__(self, attrs: dict | None = None):
        super().__init__({"data-prose": "", "rows": 16, **(attrs or {})})

    @property
    def media(self) -> forms.Media:
        return forms.Media(js=[Script("desk_prose.js", type="module")])  # type: ignore[list-item]


class ProseField(forms.CharField):
    """What is stored is sanitised here, whatever a browser sends; templates sanitise once more."""

    widget = ProseWidget

    def to_python(self, value: object) -> str:
        return from_textarea(super().to_python(value) or "")

    def has_changed(self, initial: object, data: object) -> bool:
        return (initial or "") != self.to_python(data)
