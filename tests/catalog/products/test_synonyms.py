"""What people say for a kind: proposed by one person, published by another, and understood from that edition on."""

import pytest

from catalog.products import synonyms
from catalog.products.models import Category, KindWordsVersion
from catalog.publication.search.asking.known import known_words
from portal.core.editions.models import Edition
from portal.core.workflow import NotAllowed, versions
from portal.core.workflow.facts import publish_facts
from tests.make import make_category, make_product, make_user, publish_products

pytestmark = pytest.mark.django_db
DESK = "/admin/products/kindwordsversion/"


@pytest.fixture
def kind(settings) -> Category:
    settings.PAGE_TOKEN_SECONDS = 0
    ware = make_category("209", "卫生洁具", aliases=["马桶"])
    publish_products(make_product(name="节水便器", category=ware))
    return ware


def sign_in(client, *roles):
    client.force_login(make_user(*roles))


def found(client, words, **more) -> bool:
    return "节水便器" in client.get("/products/", {"q": words, **more}).content.decode().replace(
        "<mark>", ""
    ).replace("</mark>", "")


def proposed(client, kind, words):
    sign_in(client, "editor")
    form = {"category": kind.pk, "words": words, "source": "来信", "change_note": "", "_save": "1"}
    assert client.post(f"{DESK}add/", form).status_code == 302
    version = KindWordsVersion.objects.latest("pk")
    assert client.post(f"{DESK}{version.pk}/submit/", {}).status_code == 302
    return version


def test_the_page_of_words_says_each_word_of_a_kind_once(client):
    first, second, *_rest = synonyms.table()["卫生洁具"]
    make_category("209", "卫生洁具", aliases=["另一个叫法", second])
    publish_products(make_product())
    said = f"<dd>另一个叫法、{second}、{first}、"
    assert said in client.get("/search/words/").content.decode()
    assert client.get("/search/words/").content.decode().count(f"、{second}、") == 1


def test_a_word_goes_public_through_two_persons_and_is_understood_from_then_on(client, kind):
    before = Edition.objects.current_number()
    version = proposed(client, kind, "恭桶、屎坑")
    assert "<h1>卫生洁具</h1>" in client.get(f"{DESK}{version.pk}/change/").content.decode()
    assert client.post(f"{DESK}{version.pk}/publish/", {}).status_code == 403
    client.logout()
    assert not found(client, "恭桶")
    sign_in(client, "reviewer")
    assert client.post(f"{DESK}{version.pk}/publish/", {}).status_code == 302
    client.logout()
    assert found(client, "恭桶")
    assert not found(client, "恭桶", edition=before)
    assert "恭桶" in client.get("/search/words/").content.decode()
    assert "恭桶" not in client.get("/search/words/", {"edition": before}).content.decode()
    version.refresh_from_db()
    assert version.broken_fields() == []


def test_a_correction_replaces_the_words_and_a_withdrawal_takes_them_away(client, kind):
    publish_facts([synonyms.prepare])
    assert found(client, "便池")
    editor, reviewer = make_user("editor"), make_user("reviewer")
    draft = versions.begin(KindWordsVersion, kind.said, by=editor)
    assert draft.words == list(synonyms.table()["卫生洁具"])
    draft.words, draft.change_note = ["冲水厕所"], "增补"
    draft.category_code = kind.code
    draft.save()
    assert found(client, "便池")
    with pytest.raises(NotAllowed):
        versions.publish(versions.submit(draft, by=editor), by=editor)
    draft.refresh_from_db()
    versions.publish(draft, by=reviewer)
    assert found(client, "冲水厕所")
    assert "category:209" not in str(known_words(Edition.objects.current_number()).meanings("便池"))
    assert found(client, "便池", edition=Edition.objects.current_number() - 1)
    versions.withdraw(KindWordsVersion, kind.said, by=reviewer, reason="有误")
    assert known_words(Edition.objects.current_number()).meanings("冲水厕所") == ()


def test_the_table_is_the_first_version_and_is_published_once(kind):
    first = publish_facts([synonyms.prepare])
    edition = Edition.objects.current_number()
    assert [(tally.added, tally.kept) for tally in first] == [(1, 0)]
    again = publish_facts([synonyms.prepare])
    assert [(tally.added, tally.kept) for tally in again] == [(0, 1)]
    assert Edition.objects.current_number() == edition
    assert synonyms.synonyms_at(edition) == {"209": synonyms.table()["卫生洁具"]}
    assert synonyms.synonyms_at(edition - 1) == synonyms.synonyms_at(edition)


def test_one_kind_has_one_record_and_odd_words_are_refused(client, kind):
    proposed(client, kind, "恭桶")
    form = {"category": kind.pk, "words": "茅房", "source": "", "change_note": "", "_save": "1"}
    assert client.post(f"{DESK}add/", form).status_code == 200
    other = make_category("201", "建筑门窗")
    for words in ("！？", "12345", "长" * 21, "、".join(f"词{n}" for n in range(101)), ""):
        response = client.post(f"{DESK}add/", form | {"category": other.pk, "words": words})
        assert response.status_code == 200, words
    assert KindWordsVersion.objects.count() == 1


def test_words_are_read_with_the_vocabulary_and_not_at_every_request(kind, django_assert_num_queries):
    edition = Edition.objects.current_number()
    known_words(edition)
    with django_assert_num_queries(1):
        known_words(edition)
