"""What is written about kinds at the desk, and published by a second person: their words and their plain lines."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from portal.core.desk.version_admin import VersionAdmin

from .desk_forms import KindGuideForm, KindWordsForm
from .guides import LINES
from .models import KindGuide, KindGuideVersion, KindWords, KindWordsVersion


class OfKindAdmin(VersionAdmin):
    """The kind is chosen once."""

    written: ClassVar[tuple[str, ...]]
    list_select_related = ("kind__category",)
    search_help_text = "品类代码"

    @admin.display(description="品类")
    def kind_name(self, version: Any) -> str:
        return version.kind.category.name

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = ["category", *self.written, "source", "change_note"]
        return fields if obj is None else fields[1:]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        own = [name for name in self.get_fields(request, obj) if name != "category"]
        return super().get_form(request, obj, change, **{**kwargs, "fields": own})


@admin.register(KindWordsVersion)
class KindWordsAdmin(OfKindAdmin):
    """What people say for a kind; the search understands it from the edition of its publication on."""

    form = KindWordsForm
    written = ("words",)
    list_display = ("category_code", "kind_name", "listed_words", "standing")
    search_fields = ("category_code",)

    @admin.display(description="用语")
    def listed_words(self, version: KindWordsVersion) -> str:
        return "、".join(version.words)

    def make_identity(self, form: Any) -> KindWords:
        return KindWords(category=form.cleaned_data["category"])

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.category_code = form.cleaned_data["category"].code
        super().save_model(request, obj, form, change)

    def prepare_correction(self, draft: Any, current: Any) -> None:
        draft.category_code = current.category_code


@admin.register(KindGuideVersion)
class KindGuideAdmin(OfKindAdmin):
    """The plain lines about a kind, as its page, the list and the product pages show them."""

    form = KindGuideForm
    written = LINES
    list_display = ("kind_id", "kind_name", "what", "standing")
    search_fields = ("kind__category__code",)

    def make_identity(self, form: Any) -> KindGuide:
        return KindGuide(category=form.cleaned_data["category"])
