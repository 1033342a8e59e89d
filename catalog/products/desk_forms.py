"""Forms of the registers: other rows are named by their number or code, and only rows in scope can be named."""

from typing import Any, TypeVar

from django import forms
from django.db import models

from catalog.enterprises.models import Enterprise
from catalog.fields.catalogue import CERTIFICATE, PRODUCT
from catalog.fields.form_fields import DeclaredChoice, DeclaredDay, DeclaredField
from portal.core.accounts.models import User
from portal.core.desk.fields import CodeField, WordsField
from portal.core.editions import clock
from portal.core.text import uscc
from portal.core.text.normalise import fold, fold_number
from portal.core.text.runs import segments

from .models import Category, Certificate, KindGuideVersion, KindWordsVersion, LocalRequirement, Product

Row = TypeVar("Row", bound=models.Model)


def only(rows: models.QuerySet[Row]) -> Row | None:
    """The one row, or None where there is none or more than one."""
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def enterprise_called(rows: models.QuerySet[Enterprise], text: str) -> Enterprise | None:
    """By USCC, else by its exact name."""
    return rows.filter(uscc=uscc.normalise(text)).first() or only(rows.filter(name_key=fold(text)))


def certificate_called(rows: models.QuerySet[Certificate], text: str) -> Certificate | None:
    """By number; where two bodies use the same number, `代码:编号`."""
    body, _, number = text.rpartition(":")
    if body:
        rows = rows.filter(body__code=body.strip())
    return only(rows.filter(number_key=fold_number(number)))


class CertificateField(CodeField):
    def __init__(self, **kwargs: Any):
        super().__init__(
            find=lambda text: certificate_called(Certificate.objects.all(), text),
            show=shown_certificate,
            unknown="没有找到唯一的一张证书。请填写完整编号；不同机构的编号相同时写成「机构代码:编号」。",
            help_text="证书编号。",
            required=False,
            **kwargs,
        )


def shown_certificate(key: object) -> str:
    certificate = Certificate.objects.select_related("body").filter(pk=key).first()
    if certificate is None:
        return ""
    twins = Certificate.objects.filter(number_key=certificate.number_key).count()
    return f"{certificate.body.code}:{certificate.number}" if twins > 1 else certificate.number


class CertificateForm(forms.ModelForm):
    number = DeclaredField(CERTIFICATE["number"])
    star = DeclaredChoice(CERTIFICATE["star"], choices=[("", "请选择"), *Certificate.Star.choices])
    standard = DeclaredField(CERTIFICATE["standard"])
    issued_on = DeclaredDay(CERTIFICATE["issued_on"])
    valid_until = DeclaredDay(CERTIFICATE["valid_until"])
    applicant_name = DeclaredField(CERTIFICATE["applicant_name"])
    maker_name = DeclaredField(CERTIFICATE["maker_name"])
    factory_name = DeclaredField(CERTIFICATE["factory_name"])
    status_on = DeclaredDay(CERTIFICATE["status_on"])
    status_reason = DeclaredField(CERTIFICATE["status_reason"])
    renews = CertificateField(label="换自证书")
    user: User

    class Meta:
        model = Certificate
        fields = (
            "body",
            "number",
            "star",
            "standard",
            "issued_on",
            "valid_until",
            "applicant_name",
            "maker_name",
            "factory_name",
            "status",
            "status_on",
            "status_reason",
            "renews",
        )

    def clean_status_on(self) -> Any:
        day = self.cleaned_data["status_on"]
        if day and day > clock.today():
            raise forms.ValidationError("状态日期不能在今天之后。")
        return day

    def clean_renews(self) -> Certificate | None:
        renewed = self.cleaned_data["renews"]
        if renewed and renewed.pk == self.instance.pk:
            raise forms.ValidationError("证书不能换自它自己，请填写换证之前的那一张。")
        return renewed

    def clean(self) -> dict:
        """The number's key is compared in the database, so the rule is asked here where it can be told."""
        cleaned = super().clean() or self.cleaned_data
        body, number = cleaned.get("body"), cleaned.get("number")
        if body and number:
            same = Certificate.objects.filter(body=body, number_key=fold_number(number)[:80])
            if same.exclude(pk=self.instance.pk).exists():
                self.add_error("number", "该认证机构已有这一证书编号。")
        if cleaned.get("status") == Certificate.Status.VALID:
            cleaned["status_on"], cleaned["status_reason"] = None, ""
        return cleaned


class ProductForm(forms.ModelForm):
    user: User
    brand = DeclaredField(PRODUCT["brand"])
    name = DeclaredField(PRODUCT["name"])
    models_text = DeclaredField(PRODUCT["models_text"], widget=forms.Textarea({"rows": 4}))
    certificate = CertificateField(label="证书")

    class Meta:
        model = Product
        fields = ("enterprise", "category", "brand", "name", "models_text", "certificate", "requirement")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "enterprise" not in self.fields:
            return  # a page to read only
        enterprises = Enterprise.objects.in_scope(self.user)
        self.fields["enterprise"] = CodeField(
            label="企业",
            find=lambda text: enterprise_called(enterprises, text),
            show=lambda key: Enterprise.objects.values_list("uscc", flat=True).get(pk=key),
            unknown="没有找到唯一的一家企业。请填写统一社会信用代码，或名录中的全名。",
            help_text="统一社会信用代码，或全名。",
        )
        requirement: Any = self.fields["requirement"]
        requirement.queryset = LocalRequirement.objects.in_scope(self.user)

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("certificate")) == bool(cleaned.get("requirement")) and not (
            {"certificate", "requirement"} & set(self.errors)
        ):
            self.add_error("certificate", "产品须有且只有一项依据：认证证书，或地方技术要求。")
        elif not self.errors:
            self._refuse_twin(cleaned)
        return cleaned

    def _refuse_twin(self, cleaned: dict) -> None:
        twin = Product(**{name: cleaned[name] for name in ("enterprise", "name", "models_text")})
        twin.derive_keys()
        same = Product.objects.filter(
            enterprise=cleaned["enterprise"],
            certificate=cleaned["certificate"],
            requirement=cleaned["requirement"],
            name_key=twin.name_key,
            models_key=twin.models_key,
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", "同一依据下已有同名同型号的产品。")


class RequirementForm(forms.ModelForm):
    user: User

    class Meta:
        model = LocalRequirement
        fields = ("publisher", "category", "title", "version", "text", "from_on", "until_on")

    def clean_publisher(self) -> str:
        publisher = self.cleaned_data["publisher"]
        if not self.user.may("registers.edit", publisher):
            raise forms.ValidationError("这不是您负责的地区，请填写您负责地区的省级代码。")
        return publisher


class OfKindForm(forms.ModelForm):
    """The kind is chosen once: a correction has no field for it."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("category", None)


class KindWordsForm(OfKindForm):
    """What people say for one kind. It is in force as soon as it is published, so no day is set for it."""

    MOST, LONGEST = 100, 20

    category = forms.ModelChoiceField(
        label="品类",
        queryset=Category.objects.filter(said=None),
        empty_label="请选择",
        help_text="已有用语的品类，请在它的现行版本上起草更正。",
    )
    words = WordsField(
        label="用语",
        help_text="老百姓、工匠、经销商对这类产品的叫法，包括方言和外文，用顿号或换行分开；目录里的别名不必重复。",
        widget=forms.Textarea({"rows": 4}),
    )

    class Meta:
        model = KindWordsVersion
        fields = ("category", "words", "source", "change_note")

    def clean_words(self) -> list[str]:
        words: list[str] = self.cleaned_data["words"]
        if len(words) > self.MOST:
            raise forms.ValidationError(f"一类最多 {self.MOST} 个用语，这里有 {len(words)} 个。")
        wrong = [
            word
            for word in words
            if len(word) > self.LONGEST or len("".join(segments(word))) < 1 or word.isdecimal()
        ]
        if wrong:
            raise forms.ValidationError(
                f"「{wrong[0][:40]}」不能作用语：须有文字，不能只是数字，最长 {self.LONGEST} 个字。"
            )
        return words


class KindGuideForm(OfKindForm):
    """The plain lines about one kind."""

    category = forms.ModelChoiceField(
        label="品类",
        queryset=Category.objects.filter(guide=None),
        empty_label="请选择",
        help_text="已有说明的品类，请在它的现行版本上起草更正。",
    )

    class Meta:
        model = KindGuideVersion
        fields = ("category", "what", "plain", "used_in", "to_ask", "not_promised", "source", "change_note")
