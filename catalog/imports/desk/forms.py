"""Forms of the import pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from catalog.imports.importing import ImportRequest
from catalog.imports.models import HeadingChoice, ImportRun
from catalog.imports.reading.limits import MEGABYTE
from catalog.imports.understanding.cleaning import LABELS
from catalog.imports.understanding.heading_words import FIELDS
from catalog.imports.understanding.meanings import How, normalise
from catalog.publication.compiling.compile import Reason
from catalog.publication.compiling.numbering import next_number
from catalog.publication.desk.drafts import draft_choices, publisher_of
from catalog.publication.models import Batch, ReasonCode
from portal.core.accounts.models import User
from portal.core.desk.fields import CleanCharField, DayInput
from portal.core.editions import clock
from portal.core.files.intake.clamd import refuse_infected
from portal.core.files.intake.refusals import FileRefused
from portal.core.text.digits import whole

AUTOMATIC, UNUSED = "", "-"


class UploadForm(forms.Form):
    """Which file goes where."""

    file = forms.FileField(label="文件", help_text="", allow_empty_file=True)
    register = forms.ChoiceField(label="内容", choices=ImportRun.Register.choices)
    draft = forms.ChoiceField(label="放入批次")
    scope = forms.ChoiceField(
        label="范围",
        choices=ImportRun.Scope.choices,
        help_text="选「完整清单」时，会列出本文件没有而清单上有的内容；不经选择，什么也不会移出。",
    )

    def __init__(self, *args: Any, user: User, again: ImportRun | None = None, **kwargs: Any):
        """`again`: the run whose mended file is sent; what was said of it need not be said twice."""
        super().__init__(*args, **kwargs)
        draft: Any = self.fields["draft"]
        choices = [
            choice
            for choice in draft_choices(user)
            if user.may("imports.run", _division(publisher_of(choice[0])))
        ]
        # Of several publishers none is guessed: a list in another one's draft is work to take back.
        is_one = len({publisher_of(choice[0]) for choice in choices}) == 1
        draft.choices = choices if is_one else [("", "请选择"), *choices]
        if again is not None:
            self.initial.update(register=again.register, scope=again.scope, draft=target_of(again))
        self.fields["file"].help_text = (
            f"Excel 工作簿（.xlsx、.xls）或 CSV；不超过 {settings.IMPORT_MAX_BYTES / MEGABYTE:g} MB、"
            f"{settings.IMPORT_MAX_ROWS:,} 行、{settings.IMPORT_MAX_COLUMNS} 列。"
        )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(
                f"文件有 {(file.size or 0) / MEGABYTE:.1f} MB，超过上限 {settings.IMPORT_MAX_BYTES / MEGABYTE:g} MB。"
                "请删去图片和无关内容，或拆成几个文件分别上传。"
            )
        try:
            refuse_infected(file.read())
        except FileRefused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        file.seek(0)
        return file

    def import_request(self, by: User) -> ImportRequest:
        publisher, _, kind = self.cleaned_data["draft"].partition(":")
        draft = Batch.objects.filter(publisher=publisher, kind=kind, state=Batch.State.DRAFT).first()
        return ImportRequest(
            register=self.cleaned_data["register"],
            publisher=publisher,
            by=by,
            slug=draft.slug if draft else next_number(publisher, kind).slug,
            is_complete=self.cleaned_data["scope"] == ImportRun.Scope.COMPLETE,
        )


def target_of(run: ImportRun) -> str:
    """The choice of the form that names the batch a run was meant for."""
    batch = run.batch or Batch.objects.filter(slug=run.batch_slug).first()
    kinds = (kind for kind in Batch.Kind if next_number(run.publisher, kind).slug == run.batch_slug)
    return f"{run.publisher}:{batch.kind if batch else next(kinds, Batch.Kind.BATCH)}"


def _division(publisher: str) -> str:
    return "" if publisher == "national" else publisher


class HeadingForm(forms.Form):
    """One select for every heading of a run: found by the words, a field, or not used."""

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.run = run
        chosen = HeadingChoice.objects.filter(register=run.register, publisher=run.publisher)
        self.chosen = {choice.heading_key: choice.field or UNUSED for choice in chosen}
        fixed = [(UNUSED, "不取这一列"), *LABELS[run.register].items()]
        self.written = headings_of(run)
        understood = _understood(run)
        for number, written in enumerate(self.written):
            choices = [(AUTOMATIC, understood.get(written, "按标题理解")), *fixed]
            self.fields[f"heading-{number}"] = forms.ChoiceField(
                label=written,
                choices=choices,
                required=False,
                initial=self.chosen.get(normalise(written), AUTOMATIC),
            )

    def clean(self) -> dict[str, Any]:
        """In one sheet a field has one column, except where columns are joined."""
        cleaned = super().clean() or self.cleaned_data
        joined = {entry.name for entry in FIELDS[self.run.register] if entry.is_joined}
        choice_of = dict(zip(self.written, cleaned.values(), strict=False))
        for sheet in self.run.report.get("sheets", []):
            taken: dict[str, str] = {}
            for column in sheet["columns"]:
                name = choice_of.get(column["written"], AUTOMATIC)
                if name in (AUTOMATIC, UNUSED) or name in joined:
                    continue
                if name in taken:
                    label = LABELS[self.run.register][name]
                    raise forms.ValidationError(
                        f"「{sheet['name']}」里「{taken[name]}」和「{column['written']}」都指定为「{label}」，请只留一列。"
                    )
                taken[name] = column["written"]
        return cleaned

    def remember(self, by: User) -> int:
        """Keep what was chosen for the files of this publisher; returns how many headings changed."""
        changed = 0
        for number, written in enumerate(self.written):
            value, key = self.cleaned_data.get(f"heading-{number}", AUTOMATIC), normalise(written)
            if value == self.chosen.get(key, AUTOMATIC) or not key:
                continue
            changed += 1
            same = HeadingChoice.objects.filter(
                register=self.run.register, publisher=self.run.publisher, heading_key=key
            )
            if value == AUTOMATIC:
                same.delete()
                continue
            HeadingChoice.objects.update_or_create(
                register=self.run.register,
                publisher=self.run.publisher,
                heading_key=key,
                defaults={
                    "heading": written[:100],
                    "field": "" if value == UNUSED else value,
                    "chosen_by": by,
                },
            )
        return changed


def _understood(run: ImportRun) -> dict[str, str]:
    """What stands in a select as long as nobody chose: what the heading and its values were taken for."""
    columns = [column for sheet in run.report.get("sheets", []) for column in sheet["columns"]]
    by_words = [column for column in columns if column["how"] != How.BY_HAND]
    return {
        column["written"]: f"{column['label']}（认出）" if column["label"] else "（不取）"
        for column in by_words
    }


def headings_of(run: ImportRun) -> list[str]:
    """Every heading of the run once."""
    written = (column["written"] for sheet in run.report.get("sheets", []) for column in sheet["columns"])
    return list(dict.fromkeys(written))


class EndForm(forms.Form):
    """What of the list a complete file no longer names is to go, and why: the public will read it."""

    which = forms.ChoiceField(
        label="移出哪些",
        choices=[("ticked", "下面勾选的"), ("all", "全部")],
        widget=forms.RadioSelect,
        initial="ticked",
    )
    reason_code = forms.ChoiceField(label="原因", choices=[("", "请选择"), *ReasonCode.choices])
    reason = CleanCharField(label="原因说明", max_length=300, help_text="一句话，公众会看到。不写个人信息。")
    fact_on = forms.DateField(label="事实日期", required=False, widget=DayInput)
    authority = CleanCharField(label="认定机关", max_length=100, required=False)
    document = CleanCharField(label="依据文件", max_length=200, required=False)
    number = forms.IntegerField(label="移出数量", required=False, min_value=0)

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.run = run
        self.fields[
            "number"
        ].help_text = f"移出超过清单的 {settings.LISTING_END_CONFIRM_PERCENT}% 时，须填写数量确认。"

    def clean_fact_on(self) -> Any:
        day = self.cleaned_data["fact_on"]
        if day and day > clock.today():
            raise forms.ValidationError("事实日期不能在今天之后。")
        return day

    def ids(self) -> list[int]:
        if self.cleaned_data["which"] == "all":
            return list(self.run.report.get("missing_ids", []))
        ticked = self.data.getlist("missing")  # type: ignore[attr-defined]
        return [pk for sent in ticked if (pk := whole(sent))]

    def reason_given(self) -> Reason:
        names = ("reason_code", "reason", "fact_on", "authority", "document")
        return Reason(**{name: self.cleaned_data[name] for name in names})
