"""Records with versions: notices, letters, activities, regions. Their lists and versions are found by the rooms' own pages."""

import datetime
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest

from catalog.regions.models import RegionPage, RegionVersion
from catalog.regions.views import Regions, unknown_region
from events.activities.models import ActivityVersion
from events.activities.views import Activities
from events.commitments.models import LetterVersion
from events.commitments.views.letters import LetterPages
from events.notices.article import body_words
from events.notices.models import NoticeVersion
from events.notices.views import Notices
from portal.core.files.shown import Attachment, Picture
from portal.core.pages.filters import DeclaredFilters
from portal.core.pages.missing import NeverPublic
from portal.core.pages.parameters import Query
from portal.core.pages.reading import ReadAt
from portal.core.pages.records import Records
from portal.core.text.digits import whole
from portal.core.workflow.records import Version

from .cursors import OWN, Found
from .kinds import (
    DAY_OR_NOT,
    NUMBER,
    NUMBER_OR_NOT,
    TEXT,
    TEXT_OR_NOT,
    TRUTH,
    Kind,
    Schema,
    listed,
    thing,
    titled,
)
from .problems import not_yet

FILE = thing(
    {"title": TEXT, "media_type": TEXT, "bytes": NUMBER, "sha256": TEXT, "transcript": TEXT, "href": TEXT}
)
PICTURE = thing({"alt": TEXT, "caption": TEXT, "sha256": TEXT, "href": TEXT})
TAKING_PART = thing({"name": TEXT, "uscc": TEXT})
VERSION = thing({"edition": NUMBER, "day": DAY_OR_NOT, "change_note": TEXT, "is_withdrawn": TRUTH})


@dataclass(frozen=True)
class Said:
    """One name of a row: what it is, and how a version says it."""

    schema: Schema
    of: Callable[[Any], Any]


def files_said(name: str) -> Said:
    return Said(listed(FILE), lambda version: [_file(one) for one in getattr(version, name)])


def pictures_said(name: str) -> Said:
    return Said(listed(PICTURE), lambda version: [_picture(one) for one in getattr(version, name)])


def _file(one: Attachment) -> dict[str, Any]:
    own = {"title": one.title, "media_type": one.media_type, "bytes": one.length, "sha256": one.sha256}
    return {**own, "transcript": one.transcript, "href": settings.SITE_URL + one.href}


def _picture(one: Picture) -> dict[str, Any]:
    largest = one.largest
    href = settings.SITE_URL + largest.href
    return {"alt": one.alt, "caption": one.caption, "sha256": largest.sha256, "href": href}


class RecordKind(Kind):
    """`columns` are columns of the version, said under their own names, a choice with its word; `further` says the rest,
    `judged` what the day that is read makes of it.
    """

    pages: ClassVar[type[Records[Any]]]
    model: ClassVar[type[Version]]
    columns: ClassVar[tuple[str, ...]]
    further: ClassVar[dict[str, Said]] = {}
    judged: ClassVar[dict[str, Callable[[Any, datetime.date], str]]] = {}
    related: ClassVar[tuple[str, ...]] = ()
    number: ClassVar[Schema] = NUMBER
    more = {"versions": listed(VERSION)}

    # -- names ---------------------------------------------------------------------------------------------------
    def row(self, reading: ReadAt) -> dict[str, Schema]:
        return {**self.sealed(), **dict.fromkeys(self.judged, TEXT)}

    def sealed(self) -> dict[str, Schema]:
        names: dict[str, Schema] = {"number": self.number}
        for name in (*self.columns, "publish_on", "change_note", "is_withdrawn"):
            field: Any = self.model._meta.get_field(name)
            names[name] = titled(_schema_of(field), field.verbose_name)
            if field.choices:
                names[f"{name}_word"] = TEXT
        names |= {name: said.schema for name, said in self.further.items()}
        return {**names, "page": TEXT}

    # -- rows ----------------------------------------------------------------------------------------------------
    def said_of(self, version: Any) -> dict[str, Any]:
        number = getattr(version, f"{version.IDENTITY}_id")
        said: dict[str, Any] = {"number": number}
        for name in (*self.columns, "publish_on", "change_note", "is_withdrawn"):
            value = getattr(version, name)
            said[name] = value.isoformat() if isinstance(value, datetime.date | datetime.time) else value
            if version._meta.get_field(name).choices:
                said[f"{name}_word"] = str(getattr(version, f"get_{name}_display")())
        said |= {name: one.of(version) for name, one in self.further.items()}
        return {**said, "page": f"{settings.SITE_URL}{self.page}{number}/"}

    def text_of(self, version: Any, day: datetime.date) -> str:
        judged = {name: judge(version, day) for name, judge in self.judged.items()}
        return json.dumps({**self.said_of(version), **judged}, ensure_ascii=False)

    def said(self, numbers: Sequence[int], reading: ReadAt) -> Iterable[str]:
        rows = {
            version.pk: version for version in self.with_related(self.model.objects.filter(pk__in=numbers))
        }
        return [json.dumps(self.said_of(rows[number]), ensure_ascii=False) for number in numbers]

    # -- found ---------------------------------------------------------------------------------------------------
    def find(self, request: HttpRequest, query: Query, reading: ReadAt) -> Found:
        filters = self.pages(request, reading).chosen(*OWN)
        return Found(
            filters.total,
            lambda span: self.with_related(filters.on(span)),
            lambda version: version.pk,
            lambda versions: [self.text_of(version, reading.day) for version in versions],
        )

    def with_related(self, versions: Any) -> list[Any]:
        if isinstance(versions, models.QuerySet):
            return list(versions.select_related(*self.related) if self.related else versions)
        return list(versions)

    def filters(self, reading: ReadAt) -> DeclaredFilters:
        standing = self.model.objects.visible(reading.edition, reading.day).standing()  # type: ignore[attr-defined]
        return self.pages.filters(Query(), standing, reading)

    def record(self, request: HttpRequest, reading: ReadAt, **named: str) -> tuple[str, dict[str, Any]]:
        pages, number = self.pages(request, reading), named["number"]
        if self.number is NUMBER and whole(number, 15) is None:
            raise NeverPublic(f"「{number}」不是编号：编号是一个整数。")
        versions = pages.versions(number)
        if not versions:
            raise not_yet(f"这一{pages.what}", pages.first_of(number).from_edition)
        told = [
            {
                "edition": one.from_edition_id,
                "day": one.read_from.isoformat(),
                "change_note": one.change_note,
                "is_withdrawn": one.is_withdrawn,
            }
            for one in versions
        ]
        return self.text_of(versions[0], reading.day), {"versions": told}


def _schema_of(field: Any) -> Schema:
    if isinstance(field, models.DateField):
        return DAY_OR_NOT
    if isinstance(field, models.BooleanField):
        return TRUTH
    if isinstance(field, models.JSONField):
        return listed(TEXT)
    if isinstance(field, models.IntegerField):
        return NUMBER_OR_NOT if field.null else NUMBER
    return TEXT_OR_NOT if field.null else TEXT


class NoticeKind(RecordKind):
    name, label, page, front = "notices", "通知公告", "/notices/", "notice"
    pages, model = Notices, NoticeVersion
    columns = (
        *(
            "kind",
            "title",
            "document_number",
            "issuer",
            "dated_on",
            "dated_precision",
            "date_note",
            "in_force",
        ),
        *("open_until", "contact", "summary", "source", "original_link", "batches", "regions", "enterprises"),
        *("activities", "pinned_until"),
    )
    further = {
        "text": Said(titled(TEXT, "正文"), body_words),
        "pictures": pictures_said("shown_pictures"),
        "attachments": files_said("shown_attachments"),
    }


class LetterKind(RecordKind):
    name, label, page, front = "letters", "承诺书", "/commitments/", "letter"
    pages, model, related = LetterPages, LetterVersion, ("campaign", "template_version")
    columns = (
        *("party_name", "uscc", "signed_on", "signed_precision", "valid_until", "promises", "standing"),
        *(
            "standing_on",
            "standing_reason",
            "standing_document",
            "reply",
            "replied_on",
            "source",
            "source_link",
        ),
    )
    further = {
        "campaign": Said(TEXT_OR_NOT, lambda one: one.campaign.slug if one.campaign else None),
        "organisation": Said(NUMBER_OR_NOT, lambda one: one.organisation_id),
        "template": Said(
            NUMBER_OR_NOT, lambda one: one.template_version.template_id if one.template_version else None
        ),
        "scans": files_said("shown_scans"),
    }
    judged = {
        "state": lambda version, day: str(version.standing_at(day).value),
        "state_word": lambda version, day: str(version.standing_at(day).label),
    }


class ActivityKind(RecordKind):
    name, label, page, front = "activities", "活动", "/activities/", "activity"
    pages, model = Activities, ActivityVersion
    related = ("campaign", "division__parent__parent")
    columns = (
        *("kind", "title", "village", "place", "first_on", "first_precision", "last_on", "last_precision"),
        *("from_time", "until_time", "date_note", "organiser", "phone", "online_link", "capacity", "joining"),
        *("programme", "body", "is_cancelled", "cancelled_reason", "source", "source_link"),
    )
    further = {
        "campaign": Said(TEXT_OR_NOT, lambda one: one.campaign.slug if one.campaign else None),
        "division_code": Said(TEXT_OR_NOT, lambda one: one.division_id),
        "division": Said(TEXT, lambda one: one.division.full_name if one.division else ""),
        "enterprises": Said(listed(TAKING_PART), lambda one: one.enterprises),
        "photographs": pictures_said("shown_photographs"),
    }
    judged = {
        "when": lambda version, day: str(version.when(day).value),
        "when_word": lambda version, day: str(version.when(day).label),
    }


class RegionKind(RecordKind):
    name, label, page, front = "regions", "地区", "/regions/", "region"
    pages, model, related, number = Regions, RegionVersion, ("page__division",), TEXT
    columns = (
        *("approval_batch", "approval_year", "approval", "launched_on", "launched_precision", "launch_place"),
        *("summary", "plan_title", "plan_number", "plan_link", "responsible_unit", "responsible_phone"),
        *("complaint_channel", "complaint_phone", "complaint_link", "complaint_note", "checked_on", "source"),
    )
    further = {
        "name": Said(TEXT, lambda one: one.name),
        "is_pilot": Said(TRUTH, lambda one: one.is_pilot),
    }

    def record(self, request: HttpRequest, reading: ReadAt, **named: str) -> tuple[str, dict[str, Any]]:
        if not RegionPage.objects.filter(pk=named["number"]).exists():
            raise NeverPublic(unknown_region(named["number"]))
        return super().record(request, reading, **named)
