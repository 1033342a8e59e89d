"""The products of a case: typed line by line, or ticked out of what the enterprise has."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from catalog.products.models import Product
from portal.applications.cases.models import Application, Item
from portal.applications.cases.reasons import words_of_reason
from portal.applications.cases.workflow.drafting import set_items
from portal.applications.cases.workflow.steps import EditConflict, Faulty
from portal.core.accounts.models import User
from portal.core.accounts.signed_in import SignedInRequest
from portal.core.text.digits import whole
from portal.core.workflow import NotAllowed

from .. import steps
from ..crumbs import crumbs_of
from ..reach import at_the_counter, my_application
from .forms import LineForm, tell
from .keys import new_key
from .returned import ITEMS, reasons_by_field
from .unsaved_forms import FOUND_AGAIN, TICKS, TOO_OLD, discard, kept_without_session, key_of, unsaved_at

TYPED = (Application.Kind.PRODUCT,)
OPEN = (Item.State.PENDING, Item.State.RETURNED)
MOVED = (
    "产品清单在别处（另一个窗口，或另一个人）改过，您的这一步没有做。下面是现在的清单，请看过之后再做一次。"
)


def row_of(item: Item) -> dict[str, Any]:
    """A line as `set_items` takes it."""
    if item.product_id and item.application.kind not in TYPED:
        return {"id": item.pk, "product": item.product_id}
    return {
        "id": item.pk,
        "name": item.name,
        "models_text": item.models_text,
        "brand": item.brand,
        "category": item.category_id or "",
    }


def open_rows(application: Application) -> list[dict[str, Any]]:
    return [row_of(item) for item in application.items.filter(state__in=OPEN)]


@kept_without_session
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_counter
def lines(request: SignedInRequest, number: str) -> HttpResponse:
    """The list of products with a form for one more, or the ticks of a renewal or a withdrawal."""
    application = my_application(request.user, number, to_edit=True)
    if application.kind not in (*TYPED, Application.Kind.RENEWAL, Application.Kind.WITHDRAW):
        raise Http404
    if not application.is_editable:
        return redirect("counter:case", number=number)
    if application.kind not in TYPED:
        return ticks(request, application)
    if request.method != "POST":
        return list_page(request, application, first_form(request, application, carried(application)))
    return add_line(request, application)


def add_line(request: SignedInRequest, application: Application) -> HttpResponse:
    form = LineForm(request.POST)
    if key_of(request, application) is None:
        tell(form, {"": TOO_OLD})
    if form.errors:
        return list_page(request, application, form, status=400)
    rows = [*open_rows(application), form.cleaned_data]
    refusal = saved(application, request, rows)
    if refusal is None:
        discard(request, application)
        messages.success(request, f"已加入「{form.cleaned_data['name'][:40]}」。")
        return redirect("counter:products", number=application.number)
    tell(form, refusal)
    return list_page(request, application, form, status=409)


@kept_without_session
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_counter
def line(request: SignedInRequest, number: str, item: int) -> HttpResponse:
    """One line: changed, or, with `copy`, the beginning of a new one."""
    application = my_application(request.user, number, to_edit=True)
    found = open_line(application, item)
    if request.method != "POST":
        return line_page(request, application, found, first_form(request, application, row_of(found)))
    form = LineForm(request.POST)
    if key_of(request, application) is None:
        tell(form, {"": TOO_OLD})
    if form.errors:
        return line_page(request, application, found, form, status=400)
    rows = [
        {**form.cleaned_data, "id": row["id"]} if row["id"] == item else row for row in open_rows(application)
    ]
    refusal = saved(application, request, rows)
    if refusal is None:
        discard(request, application)
        messages.success(request, f"已保存「{form.cleaned_data['name'][:40]}」。")
        return redirect("counter:products", number=number)
    tell(form, refusal)
    return line_page(request, application, found, form, status=409)


@require_POST
@at_the_counter
def copy_line(request: SignedInRequest, number: str, item: int) -> HttpResponse:
    """A new line like this one, shown in the form to be changed before it is added."""
    application = my_application(request.user, number, to_edit=True)
    values = row_of(open_line(application, item))
    form = LineForm(initial=values)
    return list_page(request, application, form, is_copy=True)


@require_POST
@at_the_counter
def remove_line(request: SignedInRequest, number: str, item: int) -> HttpResponse:
    application = my_application(request.user, number, to_edit=True)
    found = application.items.filter(pk=item, state__in=OPEN).first()
    if found is None:
        messages.warning(request, "这一行已经移除了。")
        return redirect("counter:products", number=number)
    refusal = saved(application, request, [row for row in open_rows(application) if row["id"] != item])
    if refusal:
        messages.error(request, "；".join(refusal.values()))
    else:
        messages.success(request, f"已移除「{found.name[:40]}」。")
    return redirect("counter:products", number=number)


def carried(application: Application) -> dict[str, Any]:
    """What the next product has in common with the last one, as a rule: its kind and its brand."""
    last = application.items.filter(state__in=OPEN).order_by("-position", "-pk").first()
    return {"brand": last.brand, "category": last.category_id} if last else {}


def first_form(request: HttpRequest, application: Application, initial: dict[str, Any]) -> LineForm:
    """What was typed before the session ended, else the line as it stands."""
    unsaved = unsaved_at(request, application)
    if unsaved is None:
        return LineForm(initial=initial)
    messages.warning(request, FOUND_AGAIN)
    return LineForm(unsaved.fields)


def open_line(application: Application, item: int) -> Item:
    found = application.items.filter(pk=item, state__in=OPEN).first()
    if found is None or application.kind not in TYPED or not application.is_editable:
        raise Http404
    return found


def saved(
    application: Application, request: SignedInRequest, rows: list[dict[str, Any]]
) -> dict[str, str] | None:
    """Save the lines; the sentences by field where they are refused. `revision` is the one that the page was drawn with."""
    try:
        set_items(application, by=request.user, rows=rows, revision=revision_of(request, application))
    except EditConflict:
        return {"": MOVED}
    except Faulty as faulty:
        return {name.rpartition(".")[2]: sentence for name, sentence in faulty.faults.items()}
    except NotAllowed as refusal:
        return {"": refusal.sentence}
    return None


def revision_of(request: HttpRequest, application: Application) -> int:
    sent = whole(request.POST.get("revision", ""))
    return -1 if sent is None else sent


def list_page(
    request: SignedInRequest,
    application: Application,
    form: LineForm,
    *,
    is_copy: bool = False,
    status: int = 200,
) -> HttpResponse:
    application.refresh_from_db()
    context = {
        "application": application,
        "items": [(item, item_reasons(item)) for item in application.items.select_related("category")],
        "form": form,
        "is_copy": is_copy,
        **frame(application, request.user),
    }
    return render(request, "counter/lines.html", context, status=status)


def line_page(
    request: SignedInRequest, application: Application, item: Item, form: LineForm, *, status: int = 200
) -> HttpResponse:
    application.refresh_from_db()
    context = {
        "application": application,
        "item": item,
        "form": form,
        "reasons": item_reasons(item),
        **frame(application, request.user),
    }
    return render(request, "counter/line.html", context, status=status)


def frame(application: Application, user: User) -> dict[str, Any]:
    return {
        "form_key": new_key(application, user),
        "pages": steps.pages_of(application, steps.PRODUCTS),
        "following": steps.after(application, steps.PRODUCTS),
        "reasons_of_all": reasons_by_field(application).get(ITEMS, []),
        "crumbs": crumbs_of(application, "产品"),
    }


def item_reasons(item: Item) -> list[str]:
    """Why a line came back."""
    if item.state == Item.State.APPROVED:
        return []
    return [words_of_reason(item.application.kind, {"field": ITEMS, **reason}) for reason in item.reasons]


def ticks(request: SignedInRequest, application: Application) -> HttpResponse:
    """Which products move to the new certificate, or leave the list. Ticks that were not saved stay as they were made."""
    notice, unsaved = "", unsaved_at(request, application)
    chosen = {str(key) for key in application.items.values_list("product_id", flat=True)}
    if request.method == "POST":
        chosen = set(request.POST.getlist(TICKS))
    elif unsaved is not None:
        notice, chosen = FOUND_AGAIN, set(unsaved.fields.get(TICKS, []))
    if request.method == "POST" and key_of(request, application) is None:
        notice = TOO_OLD
    elif request.method == "POST":
        rows = [{"product": key} for key in request.POST.getlist(TICKS)]
        refusal = saved(application, request, rows)
        if refusal is None:
            discard(request, application)
            following = steps.after(application, steps.PRODUCTS)
            if "on" in request.POST and following:
                return redirect(following.href)
            messages.success(request, f"已选 {len(rows)} 个产品。")
            return redirect("counter:products", number=application.number)
        notice = "；".join(refusal.values())
        application.refresh_from_db()
    context = {
        "application": application,
        "products": [(product, str(product.pk) in chosen) for product in products_meant(application)],
        "notice": notice,
        **frame(application, request.user),
    }
    is_refused = request.method == "POST"
    return render(request, "counter/ticks.html", context, status=409 if is_refused else 200)


def products_meant(application: Application) -> Any:
    found = Product.objects.filter(enterprise=application.enterprise_id).select_related(
        "category", "certificate"
    )
    if application.kind == Application.Kind.RENEWAL:
        found = found.filter(certificate=application.target.removeprefix("certificate:"))
    return found.order_by("certificate_id", "pk")
