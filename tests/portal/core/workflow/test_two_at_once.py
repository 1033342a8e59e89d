"""Two people take a step on one record at the same moment: the slower reads a sentence, and nothing is doubled."""

import pytest

from events.notices.models import NoticeVersion
from portal.core.editions.models import Edition
from portal.core.editions.verify import chain_faults
from portal.core.workflow import NotAllowed, versions
from tests.catalog.publication.test_two_at_once import at_once
from tests.make import make_user

from .test_versions import draft, published

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]


@pytest.fixture
def editor(db):
    return make_user("editor")


def refusals(outcomes) -> list[str]:
    wrong = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    told = [error for error in wrong if isinstance(error, NotAllowed)]
    assert [repr(error) for error in wrong if error not in told] == []
    return [refusal.rule for refusal in told]


@pytest.mark.parametrize("round_number", range(5))
def test_published_and_withdrawn_at_once(editor, round_number):
    first = published(editor)
    second = versions.submit(draft(editor, first.notice, change_note="更正"), by=editor)
    one, other = make_user("reviewer"), make_user("reviewer")
    refused = refusals(
        at_once(
            lambda: versions.publish(second, by=one),
            lambda: versions.withdraw(NoticeVersion, first.notice, by=other, reason="内容有误"),
        )
    )
    assert Edition.objects.count() == 3 - len(refused)
    assert NoticeVersion.objects.current().count() == 1
    assert list(chain_faults()) == []


def test_withdrawn_twice_at_once_is_withdrawn_once(editor):
    notice = published(editor).notice
    reviewer = make_user("reviewer")

    def withdraw():
        return versions.withdraw(NoticeVersion, notice, by=reviewer, reason="内容有误")

    assert refusals(at_once(withdraw, withdraw)) == ["version.not_public"]
    assert Edition.objects.count() == 2


def test_two_drafts_begun_at_once_are_one_draft(editor):
    notice = published(editor).notice

    def begin():
        return versions.begin(NoticeVersion, notice, by=editor)

    assert refusals(at_once(begin, begin)) == ["version.open"]
    assert NoticeVersion.objects.open().count() == 1


def test_discarded_twice_at_once_is_told(editor):
    version = draft(editor)

    def discard():
        return versions.discard(version, by=editor, reason="不发了")

    assert refusals(at_once(discard, discard)) == ["step.gone"]


def test_discarded_and_submitted_at_once(editor):
    version = draft(editor)
    refused = refusals(
        at_once(
            lambda: versions.discard(version, by=editor, reason="不发了"),
            lambda: versions.submit(version, by=editor),
        )
    )
    assert refused in (["step.gone"], ["step.state"])
