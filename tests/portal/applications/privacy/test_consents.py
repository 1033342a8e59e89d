"""Consent is given to a text, by its version, and can be withdrawn; nothing of it is ever rewritten."""

import pytest
from django.db import DatabaseError, connection, transaction

from portal.applications.privacy import texts
from portal.applications.privacy.consents import give_consent, has_consent, standing, withdraw_consent
from portal.applications.privacy.models import Consent
from portal.applications.privacy.texts import (
    CONTACT_PUBLICATION,
    PURPOSES,
    SUPPORT_SHARING,
    ConsentText,
    Purpose,
)
from portal.core.audit.models import AppendOnlyError, AuditEvent
from tests.make import make_user

# What somebody agreed to must be found again in these very words: a text is added, never changed.
DIGESTS = {
    (CONTACT_PUBLICATION, 1): "831c861c48bb86bf",
    (SUPPORT_SHARING, 1): "c2dc610687717059",
}


def test_no_text_that_somebody_may_have_agreed_to_is_changed():
    assert {
        (code, text.version): text.digest[:16] for code, purpose in PURPOSES.items() for text in purpose.texts
    } == DIGESTS


def test_versions_of_a_text_rise_by_one():
    for purpose in PURPOSES.values():
        assert [text.version for text in purpose.texts] == list(range(1, len(purpose.texts) + 1))


@pytest.mark.django_db
def test_consent_stands_until_it_is_withdrawn_and_each_act_is_a_row():
    user = make_user()
    assert not has_consent(user, CONTACT_PUBLICATION)
    give_consent(user, CONTACT_PUBLICATION, by=user)
    assert has_consent(user, CONTACT_PUBLICATION)
    assert not has_consent(user, SUPPORT_SHARING)
    assert not has_consent(make_user(), CONTACT_PUBLICATION)
    assert withdraw_consent(user, CONTACT_PUBLICATION, by=user) is not None
    assert not has_consent(user, CONTACT_PUBLICATION)
    rows = Consent.objects.filter(user=user).order_by("id")
    assert [(row.is_given, row.text_version, row.text_digest) for row in rows] == [
        (True, 1, PURPOSES[CONTACT_PUBLICATION].current.digest),
        (False, 1, PURPOSES[CONTACT_PUBLICATION].current.digest),
    ]
    assert AuditEvent.objects.filter(step__startswith="consent.").count() == 2


@pytest.mark.django_db
def test_consent_for_one_enterprise_is_none_for_another():
    user = make_user()
    give_consent(user, CONTACT_PUBLICATION, by=user, about="enterprise:A")
    assert has_consent(user, CONTACT_PUBLICATION, "enterprise:A")
    assert not has_consent(user, CONTACT_PUBLICATION, "enterprise:B")
    assert not has_consent(user, CONTACT_PUBLICATION)


@pytest.mark.django_db
def test_pressing_twice_is_one_consent_and_withdrawing_nothing_is_nothing():
    user = make_user()
    first = give_consent(user, SUPPORT_SHARING, by=user)
    assert give_consent(user, SUPPORT_SHARING, by=user) == first
    withdraw_consent(user, SUPPORT_SHARING, by=user)
    assert withdraw_consent(user, SUPPORT_SHARING, by=user) is None
    assert withdraw_consent(user, CONTACT_PUBLICATION, by=user) is None
    assert Consent.objects.count() == 2


@pytest.mark.django_db
def test_a_new_text_asks_anew_and_the_old_consent_can_still_be_withdrawn(monkeypatch):
    user = make_user()
    give_consent(user, SUPPORT_SHARING, by=user)
    old = PURPOSES[SUPPORT_SHARING]
    changed = Purpose(old.label, (*old.texts, ConsentText(2, "新的文本")))
    monkeypatch.setitem(texts.PURPOSES, SUPPORT_SHARING, changed)
    assert not has_consent(user, SUPPORT_SHARING)
    assert [row.text_version for row in standing(user)] == [1]
    withdraw_consent(user, SUPPORT_SHARING, by=user)
    assert not standing(user)
    assert Consent.objects.first().text_version == 1
    give_consent(user, SUPPORT_SHARING, by=user)
    assert has_consent(user, SUPPORT_SHARING)


@pytest.mark.django_db
def test_a_consent_is_never_rewritten_nor_deleted():
    row = give_consent(make_user(), SUPPORT_SHARING, by=None)
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(AppendOnlyError):
        row.delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE privacy_consent SET is_given = NOT is_given")  # by another way than ours
