"""One form that arrives twice at the same moment is one enquiry: proved where two can write at once."""

import pytest

from events.enquiries import workflow
from events.enquiries.models import Act, Enquiry
from events.enquiries.receiving import receive
from portal.core.proof import keys
from portal.core.workflow import NotAllowed
from tests.catalog.publication.test_two_at_once import at_once
from tests.make import make_user

from .letters import WORDS, make_enquiry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]


def test_one_form_sent_twice_at_once_is_one_enquiry_with_one_number():
    key = keys.form_key(keys.new_form("enquiries"), "enquiries")

    def send():
        return receive("complaint", WORDS, key=key, is_proven=True)

    outcomes = at_once(send, send, send)
    assert {outcome.number for outcome in outcomes} == {Enquiry.objects.get().number}
    assert Act.objects.count() == 2


def test_two_answers_at_once_are_one_answer_and_one_refusal():
    enquiry, one, other = make_enquiry(), make_user("editor"), make_user("editor")
    outcomes = at_once(
        lambda: workflow.answer(enquiry, by=one, text="一"),
        lambda: workflow.answer(enquiry, by=other, text="二"),
    )
    assert sorted(type(outcome) for outcome in outcomes if isinstance(outcome, NotAllowed)) == [NotAllowed]
    assert enquiry.acts.filter(kind="answered").count() == 1
