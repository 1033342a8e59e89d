"""What a case asks for beside what stands, and what a correction changed. For offices, and for who filled it in."""

import datetime
from dataclasses import dataclass
from typing import Any

from catalog.enterprises.selling import NATIONWIDE, SEPARATOR, places_of
from catalog.fields.field import Field
from catalog.products.models import Category, Certificate, CertificationBody
from catalog.regions.naming import DivisionNames
from events.commitments.models import TemplateVersion

from .certificates import certificate_named
from .forms import FIELDS, SOME, WHOLE
from .models import Application, ApplicationKind, Purpose, Submission
from .prefilling import certificate_to_renew

Kind = ApplicationKind
SCOPES = {WHOLE: "整家企业", SOME: "所列产品"}


@dataclass(frozen=True)
class ComparedField:
    """One field in words; `is_changed` where the two differ."""

    field: str
    label: str
    current: str
    proposed: str
    is_changed: bool


def against_current(application: Application, *, for_office: bool = True) -> list[ComparedField]:
    """The newest submission, or the draft, beside the register. Only offices read what an enterprise registered besides."""
    newest = application.submissions.order_by("-ordinal").first()
    proposed = newest.values if newest else application.values
    current = _current(application, proposed) if for_office else {}
    return _rows(application.kind, current, proposed)


def since_return(application: Application) -> list[ComparedField]:
    """What the newest submission changed of the one before it; nothing where there is only one."""
    newest = list(application.submissions.order_by("-ordinal")[:2])
    if len(newest) < 2:
        return []
    after, before = newest
    changed = [row for row in _rows(application.kind, before.values, after.values) if row.is_changed]
    return [*changed, *_changed_lines(before, after), *_changed_papers(before, after)]


def shown_values(application: Application) -> list[tuple[str, str, str]]:
    """(field, label, words) of the form as it stands, without what names persons."""
    rows = _rows(application.kind, {}, application.values)
    return [(row.field, row.label, row.proposed) for row in rows]


def _rows(kind: str, current: dict[str, Any], proposed: dict[str, Any]) -> list[ComparedField]:
    words = _Words()
    rows = []
    for field in FIELDS[kind]:
        if field.is_personal:
            continue
        before, after = words.of(field, current.get(field.name)), words.of(field, proposed.get(field.name))
        rows.append(ComparedField(field.name, field.label, before, after, before != after))
    return rows


def _current(application: Application, proposed: dict[str, Any]) -> dict[str, Any]:
    enterprise = application.enterprise
    if application.kind in (Kind.REGISTER, Kind.CHANGE) and enterprise:
        names = ("name", "address", "phone", "website", "sells_in")
        return {name: getattr(enterprise, name) for name in names} | {"division": enterprise.division_id}
    if application.kind == Kind.PRODUCT:
        return _said_of(certificate_named(proposed))
    if application.kind == Kind.RENEWAL:
        moved = application.state == application.State.APPROVED
        return _said_of(None if moved else certificate_to_renew(application))
    return {}


def _said_of(certificate: Certificate | None) -> dict[str, Any]:
    if certificate is None:
        return {}
    names = ("number", "star", "applicant_name", "maker_name", "factory_name", "standard")
    days = {name: getattr(certificate, name) for name in ("issued_on", "valid_until")}
    said = {name: getattr(certificate, name) for name in names} | {"body": certificate.body.code}
    return said | {
        name: day.isoformat() if isinstance(day, datetime.date) else "" for name, day in days.items()
    }


class _Words:
    """Codes in words; names are read when one is asked for."""

    def __init__(self) -> None:
        self.divisions = DivisionNames()

    def of(self, field: Field, value: object) -> str:
        if value in (None, ""):
            return ""
        if isinstance(value, bool):
            return "是" if value else "否"
        shown = getattr(self, f"_{field.name}", None)
        return shown(value) if shown else str(value)

    def _division(self, code: str) -> str:
        return self.divisions.full(code) or code

    def _sells_in(self, value: str) -> str:
        if value == NATIONWIDE:
            return value
        return SEPARATOR.join(self._division(code) for code in places_of(value))

    @staticmethod
    def _body(code: str) -> str:
        return CertificationBody.objects.filter(code=code).values_list("name", flat=True).first() or code

    @staticmethod
    def _star(code: str) -> str:
        return dict(Certificate.Star.choices).get(code, code)

    @staticmethod
    def _scope(value: str) -> str:
        return SCOPES.get(value, value)

    @staticmethod
    def _template_version(key: int) -> str:
        return str(TemplateVersion.objects.filter(pk=key).first() or key)


def _changed_lines(before: Submission, after: Submission) -> list[ComparedField]:
    """Lines by their keys: added, corrected, and those that the enterprise dropped.

    A line of the earlier submission that was approved then is not under review any more, and no change.
    """
    earlier = {item["id"]: item for item in before.items}
    later = {item["id"]: item for item in after.items}
    decided = set(
        after.application.items.filter(pk__in=earlier).exclude(pk__in=later).values_list("pk", flat=True)
    )
    names = dict(Category.objects.values_list("code", "name"))
    rows = []
    for key in [*earlier, *(key for key in later if key not in earlier)]:
        if key in decided:
            continue
        was, now = _line(earlier.get(key), names), _line(later.get(key), names)
        if was != now:
            rows.append(ComparedField("items", "产品", was, now, True))
    return rows


def _line(item: dict[str, Any] | None, names: dict[str, str]) -> str:
    if item is None:
        return ""
    parts = (item["name"], item["models_text"], item["brand"], names.get(item["category"], ""))
    return "；".join(part for part in parts if part)


def _changed_papers(before: Submission, after: Submission) -> list[ComparedField]:
    earlier = {paper["sha256"]: paper for paper in before.documents}
    later = {paper["sha256"]: paper for paper in after.documents}
    gone = [
        ComparedField("documents", "材料", _paper(earlier[key]), "", True)
        for key in earlier
        if key not in later
    ]
    new = [
        ComparedField("documents", "材料", "", _paper(later[key]), True)
        for key in later
        if key not in earlier
    ]
    return gone + new


def _paper(paper: dict[str, Any]) -> str:
    return f"{Purpose(paper['purpose']).label}《{paper['name']}》"
