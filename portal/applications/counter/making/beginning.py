"""Beginning a case for an enterprise: what it is about is chosen, what the portal knows is filled in."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from catalog.campaigns.models import Campaign
from catalog.enterprises.models import Enterprise
from catalog.standing.spans import EXPIRED
from portal.applications.cases.models import Application
from portal.applications.cases.workflow.starting import start
from portal.core.accounts.signed_in import SignedInRequest
from portal.core.editions import clock
from portal.core.workflow import NotAllowed

from ..crumbs import HOME
from ..enterprise.overview import certificates_of
from ..reach import at_the_counter, my_enterprise

Kind = Application.Kind


@dataclass(frozen=True)
class About:
    """What a kind of case is for: said before it begins."""

    title: str
    words: str
    papers: str


ABOUT: dict[str, About] = {
    Kind.CHANGE: About(
        "变更企业资料",
        "改企业名称、所在地、电话、网址、销售范围或联系人。现有的内容会带出来，只改要改的。改了名称，清单上的产品会跟着改，不用重报。",
        "名称变了，要有登记机关的准予变更登记通知书；其他变更不用材料。",
    ),
    Kind.PRODUCT: About(
        "登记一张证书和它的产品",
        "一张证书报一件：填证书，列出证书上的产品，上传证书扫描件。产品可以一个一个填，也可以用工作簿一次填。",
        "证书和附件的扫描件或照片。",
    ),
    Kind.RENEWAL: About(
        "换证",
        "旧证书换了新证书：选旧证书，填新证书，原来的产品自动带过去，不用重填。",
        "新证书和附件的扫描件或照片。",
    ),
    Kind.WITHDRAW: About(
        "退出清单", "整个企业退出，或只退出几个产品。退出后清单上会写明日期和原因。", "不用材料。"
    ),
    Kind.COMMITMENT: About(
        "签署承诺书",
        "阅读条款，填写，下载承诺书，打印后签名盖章，上传扫描件。提交后 10 分钟内可以撤回。",
        "盖章后的承诺书扫描件或照片。",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_counter
def begin(request: SignedInRequest, uscc: str, kind: str) -> HttpResponse:
    if kind not in ABOUT:
        raise Http404
    membership = my_enterprise(request.user, uscc, to_edit=True)
    own = membership.enterprise
    if request.method != "POST":
        return page(request, own, kind, chosen=request.GET.get("certificate", ""))
    target = request.POST.get("target", "")
    if needs_target(kind) and target not in dict(targets(own, kind)):
        return page(request, own, kind, notice="请先选一项。", status=400)
    try:
        application = start(
            kind, by=request.user, enterprise=own, target=target if needs_target(kind) else ""
        )
    except NotAllowed as refusal:
        return page(request, own, kind, notice=refusal.sentence, status=409)
    return redirect("counter:fill", number=application.number)


def needs_target(kind: str) -> bool:
    return kind in (Kind.RENEWAL, Kind.COMMITMENT)


def targets(enterprise: Enterprise, kind: str) -> list[tuple[str, str]]:
    """What a case of this kind can be about: the old certificates, or the campaigns that are not over."""
    today = clock.today()
    if kind == Kind.RENEWAL:
        return [
            (f"certificate:{own.certificate.pk}", certificate_words(own))
            for own in certificates_of(enterprise, today)
        ]
    if kind == Kind.COMMITMENT:
        running = Campaign.objects.exclude(EXPIRED.when.q(today)).order_by("from_on")
        return [(f"campaign:{campaign.slug}", campaign.name) for campaign in running]
    return []


def certificate_words(own: Any) -> str:
    until = own.certificate.valid_until
    return f"{own.certificate.number}（{own.product_count} 个产品，{until.year}年{until.month}月{until.day}日到期）"


def page(
    request: HttpRequest,
    enterprise: Enterprise,
    kind: str,
    *,
    chosen: str = "",
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    choices = targets(enterprise, kind)
    chosen = f"certificate:{chosen}" if chosen else choices[0][0] if len(choices) == 1 else ""
    open_ones = Application.objects.filter(
        enterprise=enterprise, kind=kind, state__in=(Application.State.DRAFT, Application.State.RETURNED)
    )
    context = {
        "enterprise": enterprise,
        "kind": kind,
        "about": ABOUT[kind],
        "needs_target": needs_target(kind),
        "targets": choices,
        "chosen": chosen,
        "notice": notice,
        "open_ones": open_ones.order_by("-id"),
        "crumbs": [
            HOME,
            (enterprise.name, f"/desk/enterprises/{enterprise.uscc}/"),
            (ABOUT[kind].title, None),
        ],
    }
    return render(request, "counter/begin.html", context, status=status)
