"""What a machine can tell a reviewer about a case before it is read: findings, worst first. Nothing is decided here."""

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q

from catalog.enterprises.models import Enterprise, Membership
from catalog.fields.phones import is_mobile
from catalog.products.models import Certificate
from catalog.publication.models import EnterpriseLine, ListingStatus, ProductLine
from catalog.standing.days import days_left
from catalog.standing.registers import CERTIFICATE
from portal.applications.cases.certificates import certificate_named
from portal.applications.cases.models import Application, ApplicationKind, Document, Submission
from portal.applications.cases.prefilling import bears_name, certificate_to_renew
from portal.applications.cases.workflow.lines import identity
from portal.applications.effects.holders import ROLES, other_holder
from portal.core.editions import clock
from portal.core.text.clauses import bare
from portal.core.text.normalise import fold
from portal.core.text.uscc import Level, province_of, verdict

from .findings import Finding, from_kept
from .licences import licence_findings

Kind = ApplicationKind
_ORDER = {"error": 0, "warning": 1, "ok": 2}
_COMPANY_FORM = re.compile(r"(?:股份|集团)?有限(?:责任)?公司|公司|集团|厂$")
SIMILAR_SHOWN = 3
SHORTEST_CORE = 4  # of two short names one character is a large difference
SHAPES_COMPARED = 200


def machine_checks(application: Application) -> list[Finding]:
    """Of the newest submission, or of the draft where there is none."""
    return sorted(_all(application), key=lambda finding: _ORDER[finding.level])


def findings_of(application: Application) -> list[Finding] | None:
    """What an office reads: of a case under review as of now; of a decided one what was found before the decision.

    None where it was decided before findings were kept: now a machine would find what the decision itself has done.
    """
    if application.state == Application.State.SUBMITTED:
        return machine_checks(application)
    return None if application.findings is None else from_kept(application.findings)


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level == "error"]


def _all(application: Application) -> Iterator[Finding]:
    newest = application.submissions.order_by("-ordinal").first()
    values = newest.values if newest else application.values
    papers = _papers(application, newest)
    yield from _code(application, values)
    if application.kind == Kind.REGISTER:
        yield from licence_findings(application, values, papers)
    if application.kind in (Kind.REGISTER, Kind.CHANGE):
        yield from _name(application, values)
        yield from _phone(application, values)
    if application.kind in (Kind.PRODUCT, Kind.RENEWAL):
        yield from _certificate(application, values)
        yield from _printed_names(application, values)
        yield from _shape(values)
    if application.kind == Kind.PRODUCT:
        yield from _removed_before(application)
        yield from _removed_products(application, newest.items if newest else [])
    if application.kind == Kind.RENEWAL:
        yield from _old_certificate(application)
    yield from _scans(application, papers)


def _papers(application: Application, submission: Submission | None) -> list[Document]:
    """What was handed in; what the enterprise adds to a returned case is not the office's to look at yet."""
    papers = application.documents.select_related("file")
    if submission is None:
        return list(papers.standing())
    return list(papers.filter(pk__in=[paper["id"] for paper in submission.documents]))


def _code(application: Application, values: dict[str, Any]) -> Iterator[Finding]:
    judged = verdict(application.uscc)
    known = Enterprise.objects.filter(uscc=application.uscc).values_list("uscc_override_reason", flat=True)
    if judged.level is Level.VALID:
        yield Finding("ok", "统一社会信用代码的校验位正确。", "uscc")
    elif any(known):
        yield Finding("ok", "统一社会信用代码的校验位不符，此前已按「证照核对一致」采用。", "uscc")
    else:
        yield Finding("error", f"{judged.reason}核对一致的，通过时写明「证照核对一致」。", "uscc")
    if application.kind != Kind.REGISTER:
        return
    owners = Membership.objects.active().filter(enterprise__uscc=application.uscc, role=Membership.Role.OWNER)
    if owners.exists():
        yield Finding("warning", "这家企业已有管理人，本件是争议：请按营业执照和授权书判断。", "uscc")
    registered, said = province_of(application.uscc), values.get("division") or ""
    if registered and said and registered[:2] != said[:2]:
        yield Finding("warning", "信用代码的登记省份与所在地不同，请与营业执照核对。", "division")


def _name(application: Application, values: dict[str, Any]) -> Iterator[Finding]:
    name = values.get("name", "")
    enterprise = application.enterprise
    if enterprise is not None and not bears_name(enterprise, name):
        level = "warning" if application.kind == Kind.CHANGE else "error"
        yield Finding(level, f"登记的名称是「{enterprise.name}」，与填写的「{name}」不同。", "name")
    others = Enterprise.objects.exclude(uscc=application.uscc)
    key = fold(name)[:120]
    if (same := others.filter(name_key=key).first()) is not None:
        yield Finding("error", f"同名企业已登记，信用代码是 {same.uscc}。", "name")
    near = [other for other, other_key in others.values_list("name", "name_key") if is_near(key, other_key)]
    if near:
        yield Finding("warning", f"有近似名称的企业：{'、'.join(sorted(near)[:SIMILAR_SHOWN])}。", "name")


def is_near(key: str, other: str) -> bool:
    """Whether two folded names differ, and only in the legal form or by one character."""
    if key == other:
        return False
    core, other_core = _COMPANY_FORM.sub("", key), _COMPANY_FORM.sub("", other)
    return len(core) >= SHORTEST_CORE and (core == other_core or _differs_by_one(core, other_core))


def _differs_by_one(one: str, other: str) -> bool:
    """One character replaced, added or left out."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    at = next((place for place, char in enumerate(shorter) if char != longer[place]), len(shorter))
    rest = at + (len(longer) == len(shorter))
    return shorter[rest:] == longer[at + 1 :]


def _phone(application: Application, values: dict[str, Any]) -> Iterator[Finding]:
    phone = values.get("phone", "")
    if not phone:
        return
    if is_mobile(phone):
        yield Finding("warning", "单位电话像个人手机，公开前请与企业确认。", "phone")
    cases = Application.objects.exclude(uscc=application.uscc).exclude(submitted_at__isnull=True)
    case = cases.filter(values__phone=phone).order_by("-pk").first()
    enterprise = Enterprise.objects.exclude(uscc=application.uscc).filter(phone=phone).order_by("pk").first()
    if case is not None:
        yield Finding("warning", f"另一件 {case.number} 填了同一个单位电话。", "phone")
    elif enterprise is not None:
        yield Finding("warning", f"「{enterprise.name}」登记了同一个单位电话。", "phone")


def _certificate(application: Application, values: dict[str, Any]) -> Iterator[Finding]:
    today = clock.today()
    until = values.get("valid_until")
    if until:
        day = datetime.date.fromisoformat(until)
        code = CERTIFICATE.of(None, today, status=Certificate.Status.VALID, valid_until=day).code
        if code == "expired":
            yield Finding("error", f"证书已于 {until} 到期。", "valid_until")
        elif code == "ending":
            yield Finding(
                "warning", f"证书将于 {until} 到期，还有 {days_left(day, today)} 天。", "valid_until"
            )
        else:
            yield Finding("ok", f"证书有效期至 {until}。", "valid_until")
    known = certificate_named(values)
    if known is None:
        return
    if application.enterprise and (holder := other_holder(known, application.enterprise)):
        yield Finding("error", f"这张证书已登记在「{holder}」名下。", "number")
    if known.status != Certificate.Status.VALID:
        yield Finding("error", f"登记的状态是「{known.get_status_display()}」。", "number")
    successor = Certificate.objects.filter(renews=known).first()
    if successor is not None:
        yield Finding("error", f"这张证书已换证为 {successor.number}。", "number")
    different = [
        label for name, label in _COMPARED.items() if _stored(known, name) != (values.get(name) or "")
    ]
    if different:
        yield Finding("warning", f"与登记的这张证书不同：{'、'.join(different)}。", "number")


_COMPARED = {"star": "等级", "issued_on": "发证日期", "valid_until": "有效期至", "standard": "标准"}


def _stored(certificate: Certificate, name: str) -> str:
    value = getattr(certificate, name)
    return value.isoformat() if isinstance(value, datetime.date) else value or ""


def _printed_names(application: Application, values: dict[str, Any]) -> Iterator[Finding]:
    """A former name on a certificate is no fault: certificates outlive renames."""
    enterprise = application.enterprise
    if enterprise is None:
        return
    printed = [values[role] for role in ROLES if values.get(role)]
    borne = [name for name in printed if bears_name(enterprise, name)]
    if not borne:
        yield Finding("error", f"证书上没有本企业的名称（{enterprise.name}）。", "applicant_name")
    elif all(fold(name)[:120] != enterprise.name_key for name in borne):
        yield Finding("ok", f"证书上是本企业的曾用名「{borne[0]}」。", "applicant_name")
    else:
        yield Finding("ok", "证书上有本企业的名称。", "applicant_name")


def _shape(values: dict[str, Any]) -> Iterator[Finding]:
    """Numbers of one body look alike; one that looks like none of them is worth a look at the scan."""
    number, body = values.get("number", ""), values.get("body", "")
    known = Certificate.objects.filter(body__code=body).exclude(number=number).order_by("-pk")
    numbers = list(known.values_list("number", flat=True)[:SHAPES_COMPARED])
    if number and numbers and shape_of(number) not in {shape_of(one) for one in numbers}:
        yield Finding("warning", f"编号的样式在这家机构的证书里没有见过，例如它的 {numbers[0]}。", "number")


def shape_of(number: str) -> str:
    """CABR-01(02)-(2025)-CGP-035 → A-9(9)-(9)-A-9: letters and digits by their runs."""
    runs = re.sub(r"[^\W\d_]+", "A", fold(number))
    return re.sub(r"\d+", "9", runs)


def _removed_before(application: Application) -> Iterator[Finding]:
    lines = EnterpriseLine.objects.current().filter(enterprise=application.enterprise)
    for line in lines.exclude(listing_status=ListingStatus.LISTED):
        status = ListingStatus(line.listing_status).label
        yield Finding("warning", f"企业在名录中的状态是「{status}」：{bare(line.reason)}。", "all")


def _removed_products(application: Application, lines: list[dict[str, Any]]) -> Iterator[Finding]:
    """Approval lists them again, on whichever certificate: that is to be meant."""
    asked = {identity(line["name"], line["models_text"]) for line in lines}
    removed = ProductLine.objects.current().filter(
        enterprise=application.enterprise, listing_status=ListingStatus.REMOVED
    )
    for line in removed.select_related("product").order_by("position", "pk"):
        if (line.product.name_key, line.product.models_key) in asked:
            sentence = f"产品「{line.name}」曾移出清单（{line.reason or line.get_reason_code_display()}），通过后会重新列入，请核对原因是否已消除。"
            yield Finding("warning", sentence, "items")


def _old_certificate(application: Application) -> Iterator[Finding]:
    old = certificate_to_renew(application)
    if old is not None and old.status != Certificate.Status.VALID:
        sentence = f"旧证书 {old.number} 登记的状态是「{old.get_status_display()}」，请核对能否换证。"
        yield Finding("warning", sentence, "number")


def _scans(application: Application, papers: list[Document]) -> Iterator[Finding]:
    """The same bytes in a case of somebody else."""
    hashes = {paper.file.sha256 for paper in papers}
    twins = (
        Document.objects.filter(file__sha256__in=hashes)
        .exclude(Q(application=application) | Q(application__uscc=application.uscc))
        .exclude(application__submitted_at__isnull=True)
        .select_related("application")
        .order_by("-pk")
    )
    if (twin := twins.first()) is not None:
        yield Finding(
            "error", f"同一份扫描件在另一件 {twin.application.number} 中用过，请核对是谁的材料。", "documents"
        )
