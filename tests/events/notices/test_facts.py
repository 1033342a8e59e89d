"""The policy documents and news that come with the project."""

import pytest

from events.notices import facts
from events.notices.models import NoticeVersion
from portal.core.editions.models import Edition

pytestmark = pytest.mark.django_db


def test_everything_is_published_in_one_edition():
    facts.seed()
    versions = NoticeVersion.objects.current()
    assert versions.count() == 20
    assert {version.from_edition_id for version in versions} == {Edition.objects.current_number()} == {1}
    assert versions.filter(kind=NoticeVersion.Kind.POLICY).count() == 10
    assert all(not version.broken_fields() for version in versions)


def test_a_date_stays_as_exact_as_printed():
    facts.seed()
    oldest = NoticeVersion.objects.get(document_number="国质检认联〔2017〕544号")
    newest = NoticeVersion.objects.get(document_number="工信厅联原函〔2024〕21号")
    assert (str(oldest.dated), oldest.dated.isoformat()) == ("2017年12月", "2017-12")
    assert (str(newest.dated), newest.date_note) == ("2024年4月25日", "公布日期")
    assert str(NoticeVersion.objects.get(title__startswith="江西省").dated) == "2023年9月"


def test_what_a_notice_has_said_already_is_not_published_twice():
    facts.seed()
    assert facts.seed()[0].added == 0
    assert NoticeVersion.objects.count() == 20


def test_every_notice_names_its_source_and_only_documents_go_without_text():
    facts.seed()
    assert not NoticeVersion.objects.filter(source="").exists()
    without_text = NoticeVersion.objects.filter(body="")
    assert {version.kind for version in without_text} == {NoticeVersion.Kind.POLICY}
