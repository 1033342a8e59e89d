"""Where seed_demo does not lay its demonstration, and that it is laid whole or not at all."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from catalog.enterprises.models import Enterprise
from catalog.publication.models import Batch
from portal.core.editions.models import Edition, Installation
from portal.site.demonstration.story import Story

pytestmark = pytest.mark.django_db


def refused(capsys) -> str:
    with pytest.raises(SystemExit) as refusal:
        call_command("seed_demo")
    assert refusal.value.code == 1
    return capsys.readouterr().out.splitlines()[0]


def test_a_real_database_is_refused(capsys):
    Installation.decide(Installation.Kind.REAL)
    assert refused(capsys) == "refused: database.real"
    assert not get_user_model().objects.exists()


def test_a_database_in_which_work_has_begun_is_refused(capsys):
    Enterprise.objects.create(uscc="91350500DEM000001U", name="某厂")
    assert refused(capsys) == "refused: database.in_use"
    assert Installation.current_kind() == Installation.Kind.UNDECIDED


def test_a_database_without_facts_is_refused(capsys):
    assert refused(capsys) == "refused: database.no_facts"


def test_a_run_that_breaks_off_leaves_nothing(monkeypatch):
    call_command("seed_facts")
    facts_stand_at = Edition.objects.current_number()

    def breaks(story: Story) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(Story, "second_batch", breaks)
    with pytest.raises(RuntimeError, match="power cut"):
        call_command("seed_demo")
    assert not Batch.objects.exists()
    assert not get_user_model().objects.exists()
    assert Edition.objects.current_number() == facts_stand_at
    assert Installation.current_kind() == Installation.Kind.UNDECIDED
