"""What a visitor sends and follows without an account. Forms and receipts are never stored by anybody on the way."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from catalog.publication.models import NATIONAL
from portal.core.accounts.addresses import client_address
from portal.core.editions import clock
from portal.core.files.intake.refusals import FileRefused
from portal.core.pages.cache import public_page
from portal.core.pages.parameters import BadParameter, Query
from portal.core.proof import keys, work
from portal.core.proof.limits import Limit, give_back, network, taken
from portal.core.proof.words import plain

from . import limits, tickets
from .answers.views import Answers
from .deadlines import Deadlines
from .figures import figures
from .forms import EnquiryForm, FollowForm
from .models import OFFICE_WORDS, TOPICS, Enquiry, Kind
from .office_names import OfficeNames
from .receiving import digest_of, receive, taken_in
from .subjects import Subject, subject_of

View = Callable[..., HttpResponse]
FORM = "enquiries"  # what the keys of these forms are for
CRUMB = ("咨询投诉", "/enquiries/")


def never_stored(view: View) -> View:
    """Somebody's words: no cache keeps them, no search engine lists the page, no other site learns its address."""

    @wraps(view)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return serve


@require_safe
@public_page
def index(request: HttpRequest) -> HttpResponse:
    Query.of(request).refuse_unknown(single=())
    context = {
        "figures": figures(clock.today()),
        "kinds": Kind.choices,
        "answers": Answers(request).rows()[:5],
        "answer_days": settings.ENQUIRY_ANSWER_DAYS,
        "crumbs": [("咨询投诉", None)],
    }
    return render(request, "enquiries/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_stored
def new(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in Kind.values:
        raise Http404
    if request.method == "POST":
        return send(request, kind)
    query = Query.of(request)
    query.refuse_unknown(single=("about", "topic"))
    subject = subject_asked(query)
    topic = query.first("topic")
    if topic and topic not in TOPICS.get(kind, ()):
        raise BadParameter.one(query, "topic", topic)
    place = subject.publisher if subject and subject.publisher != NATIONAL else ""
    form = EnquiryForm(kind, initial={"topic": topic, "place": place}, has_page=subject is not None)
    return form_page(request, kind, form, subject, keys.new_form(FORM))


def subject_asked(query: Query) -> Subject | None:
    path = query.first("about")
    subject = subject_of(path) if path else None
    if path and subject is None:
        raise BadParameter.one(query, "about", path, f"本站没有公开过「{path}」这一页。")
    return subject


def send(request: HttpRequest, kind: str) -> HttpResponse:
    """A form comes in: the same one twice is one enquiry; whatever is wrong is told beside what was typed."""
    subject = subject_of(request.POST.get("about", ""))
    form = EnquiryForm(kind, request.POST, request.FILES, has_page=subject is not None)
    signed = request.POST.get("form", "")
    key = keys.form_key(signed, FORM)
    if key is None:
        form.full_clean()
        form.add_error(None, "这一页打开得太久，没有提交。您写的还在下面，请再按一次提交；照片须重新选择。")
        return form_page(request, kind, form, subject, keys.new_form(FORM), status=400)
    sent_before = Enquiry.objects.filter(form_key=key).first()
    if sent_before is not None:
        return receipt(request, sent_before, key, is_changed=is_changed(form, sent_before))
    if kind == Kind.OBJECTION and not (subject and subject.is_in_notice):
        form.full_clean()
        form.add_error(
            None, "这一批不在公示期内，不能提出公示异议。对已公布的内容有疑问，请用「纠错」或「投诉举报」。"
        )
    if not form.is_valid():
        return form_page(request, kind, form, subject, signed, status=400)
    return take(request, form, subject, signed, key)


def take(
    request: HttpRequest, form: EnquiryForm, subject: Subject | None, signed: str, key: str
) -> HttpResponse:
    """A sound form: within the limits its pictures are opened and it becomes an enquiry."""
    who = network(client_address(request))
    is_proven = work.solves(request.POST.get("proof", ""), key)
    counted = limits.sending(who, is_proven=is_proven)
    pictures_of_one = [(limits.pictures_opened(), who)] if form.cleaned_data["pictures"] else []
    if full := taken([*counted, *pictures_of_one]):
        form.add_error(None, refusal_of(full))
        return form_page(request, form.kind, form, subject, signed, status=429)
    try:
        pictures = taken_in(form.cleaned_data["pictures"])
    except FileRefused as refused:
        give_back(counted)
        form.add_error("pictures", refused.sentence)
        return form_page(request, form.kind, form, subject, signed, status=400)
    enquiry = receive(
        form.kind,
        form.cleaned_data,
        key=key,
        subject=subject,
        pictures=pictures,
        is_proven=is_proven and work.spend(key),
        is_suspect=form.cleaned_data["homepage"],
    )
    return receipt(request, enquiry, key)


def refusal_of(full: Limit) -> str:
    """Why nothing more is taken from this network now."""
    often = "现在收到的太多了" if full.name == limits.OF_ALL else "您所在的网络提交得太多了"
    return f"{often}，没有提交。请 {full.wait()}后再按一次提交，您写的还在下面；急事请拨打 12315。"


def is_changed(form: EnquiryForm, sent: Enquiry) -> bool:
    """Whether a form that had been sent was changed before it was sent again."""
    form.full_clean()
    return digest_of(sent.kind, form.cleaned_data, sent.about) != sent.content_digest


def form_page(
    request: HttpRequest,
    kind: str,
    form: EnquiryForm,
    subject: Subject | None,
    signed: str,
    status: int = 200,
) -> HttpResponse:
    label = Kind(kind).label
    context = {
        "form": form,
        "kind": kind,
        "label": label,
        "subject": subject,
        "signed": signed,
        "challenge": work.challenge(keys.form_key(signed, FORM) or ""),
        "answer_days": settings.ENQUIRY_ANSWER_DAYS,
        "keep_days": settings.ENQUIRY_KEEP_DAYS,
        "crumbs": [CRUMB, (label, None)],
    }
    return render(request, "enquiries/form.html", context, status=status)


def receipt(request: HttpRequest, enquiry: Enquiry, key: str, *, is_changed: bool = False) -> HttpResponse:
    """Number and word: the only page that shows the word, and only to whoever has the form."""
    context = {
        "enquiry": enquiry,
        "word": tickets.word_of(key),
        "is_changed": is_changed,
        "due_on": Deadlines().due_on(enquiry.received_on),
        "office": OfficeNames().of(enquiry),
        "crumbs": [CRUMB, ("已收到", None)],
    }
    return render(request, "enquiries/receipt.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_stored
def follow(request: HttpRequest) -> HttpResponse:
    """Open an enquiry with number and word. A wrong number and a wrong word are answered alike."""
    if request.method != "POST":
        Query.of(request).refuse_unknown(single=())
        return follow_page(request, FollowForm())
    form = FollowForm(request.POST)
    if not form.is_valid():
        return follow_page(request, form, status=400)
    number, word = form.cleaned_data["number"], form.cleaned_data["word"]
    who = network(client_address(request))
    counted = [(limits.followed(), who), (limits.followed_number(), plain(number))]
    if full := taken(counted):
        form.add_error(None, f"试得太多了。请 {full.minutes_left()} 分钟后再试。")
        return follow_page(request, form, status=429)
    enquiry = tickets.opened(number, word)
    if enquiry is None:
        form.add_error(None, "编号或查询口令不对。请对照收到时记下的那一页再试；口令不分大小写。")
        return follow_page(request, form, status=400)
    give_back(counted)
    return render(request, "enquiries/followed.html", followed_context(enquiry))


def follow_page(request: HttpRequest, form: FollowForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "crumbs": [CRUMB, ("查询办理情况", None)]}
    return render(request, "enquiries/follow.html", context, status=status)


def followed_context(enquiry: Enquiry) -> dict:
    names = OfficeNames()
    return {
        "enquiry": enquiry,
        "acts": [(act, names.of(act)) for act in enquiry.acts.order_by("-id")],
        "deadline": Deadlines().of(enquiry),
        "office": names.of(enquiry),
        "photo_count": enquiry.photos.count(),
        "place": names.place(enquiry.place),
        "crumbs": [CRUMB, ("查询办理情况", reverse("enquiries:follow")), (enquiry.number, None)],
        "offices": OFFICE_WORDS,
    }
