"""The commands that take a batch its way: printed, with exit codes, refused in words."""

import pytest
from django.core.management import call_command

from catalog.publication.models import Batch, ProductLine
from tests.make import enter, make_batch, make_product, make_user

pytestmark = pytest.mark.django_db


def run(capsys, *arguments, **options) -> str:
    call_command(*arguments, **options)
    return capsys.readouterr().out


def refused(capsys, *arguments, **options) -> str:
    with pytest.raises(SystemExit) as stopped:
        call_command(*arguments, **options)
    assert stopped.value.code == 1
    return capsys.readouterr().out


def test_three_commands_by_three_people_publish_a_batch(capsys):
    editor = make_user("editor", username="bianji")
    make_user("reviewer", username="shenhe")
    make_user("publisher", username="fabu")
    batch = enter(make_batch(by=editor, notice_days=7), make_product())
    waiver = {"notice_days": 0, "notice_waiver": "推进组〔示例〕1号"}
    assert "摘要" in run(capsys, "submit_batch", batch.slug, by="bianji", **waiver)
    assert "refused: step.permission" in refused(capsys, "approve_batch", batch.slug, by="bianji")
    assert "已批准" in run(capsys, "approve_batch", batch.slug, by="shenhe")
    assert "第1版" in run(capsys, "publish_batch", batch.slug, by="fabu")
    assert ProductLine.objects.current().count() == 1
    assert "refused: step.state" in refused(capsys, "publish_batch", batch.slug, by="fabu")


def test_a_batch_with_a_notice_enters_it_first(capsys):
    editor = make_user("editor", username="bianji")
    make_user("reviewer", username="shenhe")
    make_user("publisher", username="fabu")
    batch = enter(make_batch(by=editor, notice_days=7), make_product())
    call_command("submit_batch", batch.slug, by="bianji")
    call_command("approve_batch", batch.slug, by="shenhe")
    assert "开始公示" in run(capsys, "publish_batch", batch.slug, by="fabu")
    assert Batch.objects.get().state == Batch.State.IN_NOTICE
    assert "refused: batch.notice_open" in refused(capsys, "publish_batch", batch.slug, by="fabu")


def test_unknown_batch_and_person_are_told(capsys):
    make_user("editor", username="bianji")
    assert "refused: batch.unknown" in refused(capsys, "submit_batch", "2022-9", by="bianji")
    batch = make_batch()
    assert "refused: user.unknown" in refused(capsys, "submit_batch", batch.slug, by="nobody")


def test_every_problem_of_a_batch_is_printed(capsys):
    editor = make_user("editor", username="bianji")
    batch = make_batch(by=editor)
    from catalog.publication.compiling.compile import enter_products

    enter_products(batch, [make_product(name="甲"), make_product(name="乙")], by=editor)
    printed = refused(capsys, "submit_batch", batch.slug, by="bianji")
    assert "refused: line.enterprise" in printed
    assert "「甲」" in printed
    assert "「乙」" in printed


def test_the_chain_is_said_to_be_whole(capsys):
    assert "尚未公布" in run(capsys, "verify_chain")
