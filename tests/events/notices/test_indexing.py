"""The index of notices: prepared before publication, whole after every step, built by the one command."""

from io import StringIO

import pytest
from django.core.management import call_command

from events.notices import facts, indexing, workflow
from events.notices.models import NoticeVersion
from portal.core.files.shown import Attachment
from portal.core.index.models import Posting
from tests.make import make_user
from tests.portal.core.files.uploads import pdf

from .make import draft, published

pytestmark = pytest.mark.django_db


def found(client, words: str) -> str:
    return client.get("/notices/", {"q": words}).content.decode()


def test_postings_are_there_before_the_notice_is_public(client, editor):
    version = workflow.submit(draft(editor, title="尚在审核的一篇"), by=editor)
    assert indexing.faults() == []
    before = Posting.objects.filter(collection="notices").count()
    assert before
    assert "0 篇" in found(client, "尚在审核")
    workflow.publish(version, by=make_user("reviewer"))
    assert Posting.objects.filter(collection="notices").count() == before
    assert "1 篇" in found(client, "尚在审核")


def test_what_is_sent_back_leaves_nothing_behind(editor, reviewer):
    version = workflow.submit(draft(editor, title="会改掉的字"), by=editor)
    version = workflow.send_back(version, by=reviewer, reason="改")
    assert not Posting.objects.filter(collection="notices").exists()
    version.title = "改过"
    version.save()
    workflow.publish(workflow.submit(version, by=editor), by=reviewer)
    assert indexing.faults() == []


def test_the_index_is_whole_after_corrections_and_withdrawals(editor, reviewer):
    facts.seed()
    first = published(editor, title="一")
    published(editor, first.notice, title="二", change_note="改")
    workflow.withdraw(first.notice, by=reviewer, reason="撤")
    assert indexing.faults() == []


def test_the_one_command_builds_and_checks_it(client, editor):
    published(editor, title="一篇")
    Posting.objects.filter(collection="notices", term="kind:news").delete()
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("build_index", "--check", stdout=out)
    assert "notices missing kind:news (1)" in out.getvalue()
    call_command("build_index", stdout=StringIO())
    call_command("build_index", "--check", stdout=StringIO())
    assert "1 篇" in found(client, "一篇")


@pytest.mark.parametrize(
    "words", ["启动会", "qdh", "qidong", "〔2022〕7号", "北新集团", "会场的人", "盖章", "实施方案"]
)
def test_a_notice_is_found_by_everything_that_is_read_of_it(client, editor, words):
    scan = Attachment.taken_in(pdf(scan=True), title="实施方案", transcript="［盖章］", by=None)
    published(
        editor,
        title="启动会召开",
        document_number="工信厅联原〔2022〕7号",
        body="<p>北新集团签署，会场的人很多</p>",
        attachments=[scan.as_value()],
    )
    published(editor, title="无关", body="<p>别的</p>")
    assert "1 篇" in found(client, words)


def test_the_index_holds_no_draft(editor):
    draft(editor)
    assert list(indexing.everything()) == []
    assert NoticeVersion.objects.count() == 1
