"""The papers of a case: each is uploaded by itself, looked at at once, and shown only to who may see the case."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.applications.cases.models import Application, Document, Purpose
from portal.applications.cases.workflow.drafting import add_document, remove_document
from portal.core.accounts.signed_in import SignedInRequest
from portal.core.files.intake.documents import ACCEPT
from portal.core.files.intake.refusals import FileRefused
from portal.core.files.private import serve_private
from portal.core.workflow import NotAllowed

from .. import steps
from ..crumbs import crumbs_of
from ..reach import at_the_counter, my_application
from .returned import DOCUMENTS, reasons_by_field

HINTS: dict[str, str] = {
    Purpose.LICENCE: "正本或副本的照片或扫描件，四角都要拍到，字要看得清。",
    Purpose.AUTHORISATION: "办理人不是法定代表人时要交：写明授权谁办理，盖公章。",
    Purpose.CERTIFICATE: "证书和全部附件；几页的请合成一份 PDF，或一页一页上传。",
    Purpose.RENAME: "企业名称变了才要交：登记机关的准予变更登记通知书。",
    Purpose.LETTER: "下载承诺书，打印、签名、盖公章，再拍照或扫描上传。",
    Purpose.OTHER: "办理单位要求补充的，或您认为有用的。",
}


@dataclass(frozen=True)
class Slot:
    """One purpose with what lies there and the sentence about the last try."""

    purpose: str
    label: str
    hint: str
    documents: list[Document]
    fault: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_counter
def papers(request: SignedInRequest, number: str) -> HttpResponse:
    application = my_application(request.user, number, to_edit=True)
    if request.method != "POST":
        if not application.is_editable or not steps.PAPERS_OF[application.kind]:
            return redirect("counter:case", number=number)
        return page(request, application)
    return receive_all(request, application, chosen(request, application))


def chosen(request: SignedInRequest, application: Application) -> list[str]:
    """The purposes for which a file came: whatever button was pressed, what was chosen is handed in."""
    asked = steps.PAPERS_OF[application.kind]
    named = request.POST.get("purpose", "")
    if named not in asked and "next" not in request.POST:
        raise Http404
    return [purpose for purpose in asked if purpose == named or f"file-{purpose}" in request.FILES]


def receive_all(request: SignedInRequest, application: Application, purposes: list[str]) -> HttpResponse:
    """Each by itself: what is refused is told at its place, and the others stay."""
    faults, status = {}, 200
    for purpose in purposes:
        try:
            document = receive(request, application, purpose)
        except FileRefused as refused:
            faults[purpose], status = refused.sentence, 400
        except NotAllowed as refusal:
            faults[purpose], status = refusal.sentence, 409
        else:
            messages.success(request, f"已收到「{document.get_purpose_display()}」。")
    if faults:
        return page(request, application, faults=faults, status=status)
    following = steps.after(application, steps.PAPERS)
    if "next" in request.POST and following:
        return redirect(following.href)
    return redirect("counter:papers", number=application.number)


def receive(request: SignedInRequest, application: Application, purpose: str) -> Document:
    upload = request.FILES.get(f"file-{purpose}") or request.FILES.get("file")
    if upload is None:
        raise FileRefused("document.none", "没有收到文件：没有选，或者没有传完就断了。请重新选择文件再上传。")
    content = upload.read(settings.DOCUMENT_MAX_BYTES + 1)
    name = upload.name or "未命名"
    return add_document(application, by=request.user, purpose=purpose, content=content, name=name)


def page(
    request: HttpRequest, application: Application, *, faults: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "application": application,
        "slots": slots_of(application, faults or {}),
        "accept": ACCEPT,
        "limit": f"{settings.DOCUMENT_MAX_BYTES / 1024 / 1024:g}",
        "page_limit": settings.DOCUMENT_MAX_PAGES,
        "reasons": reasons_by_field(application).get(DOCUMENTS, []),
        "pages": steps.pages_of(application, steps.PAPERS),
        "following": steps.after(application, steps.PAPERS),
        "crumbs": crumbs_of(application, "材料"),
    }
    return render(request, "counter/papers.html", context, status=status)


def slots_of(application: Application, faults: dict[str, str]) -> list[Slot]:
    lying: dict[str, list[Document]] = {}
    for document in application.documents.standing().select_related("file"):
        lying.setdefault(document.purpose, []).append(document)
    return [
        Slot(purpose, purpose.label, HINTS[purpose], lying.get(purpose, []), faults.get(purpose, ""))
        for purpose in steps.PAPERS_OF[application.kind]
        if _is_asked(application, purpose) or purpose in lying
    ]


def _is_asked(application: Application, purpose: str) -> bool:
    """Whoever is the legal representative needs no authorisation."""
    return purpose != Purpose.AUTHORISATION or not application.values.get("is_legal_representative")


@require_POST
@at_the_counter
def remove(request: SignedInRequest, number: str, document: int) -> HttpResponse:
    application = my_application(request.user, number, to_edit=True)
    found = application.documents.filter(pk=document).first()
    if found is None:
        raise Http404
    try:
        remove_document(found, by=request.user)
    except NotAllowed as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, f"已移除「{found.get_purpose_display()}」。")
    return redirect("counter:papers", number=number)


@require_safe
@at_the_counter
def show(request: SignedInRequest, number: str, document: int) -> HttpResponse:
    """A paper, to who works on the case; somebody who may only read the enterprise's cases reads it, too."""
    application = my_application(request.user, number)
    found = application.documents.select_related("file").filter(pk=document).first()
    if found is None:
        raise Http404
    return serve_private(
        request,
        found.file,
        name=found.file.name,
        by=request.user,
        step="case.document_viewed",
        target=application,
    )
