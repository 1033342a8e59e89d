"""The page where a signed-up person types the code that the office gave."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.core.desk.fields import CleanCharField
from portal.core.proof.limits import give_back, taken

from . import activation, limits
from .fields import AddressField
from .proven import network_of

WRONG = "邮箱或激活码不对，或激活码已过期、已用过、输错太多次。请核对后再试，或请办公室重新发一个。"


class ActivationForm(forms.Form):
    email = AddressField(label="要激活的邮箱")
    code = CleanCharField(
        label="激活码",
        max_length=40,
        help_text="10 个字符，不分大小写。",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "请填写激活码。", "max_length": "激活码是 10 个字符。"},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return page(request, ActivationForm())
    form = ActivationForm(request.POST)
    if not form.is_valid():
        return page(request, form, HTTPStatus.BAD_REQUEST)
    counted = limits.activating(network_of(request))
    if full := taken(counted):
        form.add_error(None, f"试得太多了。请 {full.wait()}后再试。")
        return page(request, form, HTTPStatus.TOO_MANY_REQUESTS)
    if not activation.use(form.cleaned_data["email"], form.cleaned_data["code"]):
        form.add_error(None, WRONG)
        return page(request, form, HTTPStatus.BAD_REQUEST)
    give_back(counted)
    messages.success(request, "账号已激活，请登录。")
    return redirect("account_login")


def page(request: HttpRequest, form: ActivationForm, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {"form": form, "crumbs": [("登录", "/accounts/login/"), ("激活账号", None)]}
    return render(request, "entrance/activate.html", context, status=status)
