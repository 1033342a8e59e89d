"""seed_facts: what a fresh database gets, and that a second run leaves everything alone."""

import pytest
from django.core.management import call_command

from catalog.campaigns.models import Campaign, CampaignRole
from catalog.products.models import Category, CertificationBody
from catalog.regions.models import Division, RegionVersion
from events.notices.models import NoticeVersion
from portal.core.audit.models import AuditEvent
from portal.core.editions.models import Edition, Installation
from portal.core.editions.verify import chain_faults

pytestmark = pytest.mark.django_db


def seed(capsys) -> str:
    call_command("seed_facts")
    return capsys.readouterr().out


def test_a_fresh_database_gets_every_fact_and_stands_at_the_first_edition(capsys):
    printed = seed(capsys)
    assert Division.objects.count() == 3217
    assert Category.objects.count() == 63
    assert CertificationBody.objects.count() == 4
    assert RegionVersion.objects.current().count() == 34
    assert list(Campaign.objects.values_list("slug", flat=True)) == ["2024-2026", "2023", "2022"]
    assert NoticeVersion.objects.current().count() == 20
    assert Edition.objects.current_number() == 1
    assert list(chain_faults()) == []
    assert "行政区划：新增 3217，已有 0" in printed
    assert "没有改动" not in printed


def test_a_second_run_changes_nothing_and_says_so(capsys):
    seed(capsys)
    before = (AuditEvent.objects.count(), Edition.objects.current_number(), CampaignRole.objects.count())
    printed = seed(capsys)
    assert "没有改动" in printed
    assert "新增 0，已有 3217" in printed
    assert before == (
        AuditEvent.objects.count(),
        Edition.objects.current_number(),
        CampaignRole.objects.count(),
    )


def test_a_run_that_added_something_is_audited_once(capsys):
    seed(capsys)
    event = AuditEvent.objects.get(step="facts.seeded")
    assert event.details["added"]["行政区划"] == 3217


def test_an_editors_correction_is_kept_and_told(capsys):
    seed(capsys)
    Category.objects.filter(code="302").update(name="防水卷材（改）")
    printed = seed(capsys)
    assert Category.objects.get(code="302").name == "防水卷材（改）"
    assert "品类：新增 0，已有 63，其中 1 条与数据文件不同，保留库中的内容" in printed


def test_a_fact_that_is_missing_is_added_again(capsys):
    seed(capsys)
    Division.objects.get(pk="350582").delete()
    assert "行政区划：新增 1，已有 3216" in seed(capsys)
    assert Division.objects.filter(pk="350582").exists()


def test_facts_leave_it_open_whether_the_database_is_real(capsys):
    seed(capsys)
    assert Installation.current_kind() == Installation.Kind.UNDECIDED
