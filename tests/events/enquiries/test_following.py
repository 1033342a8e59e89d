"""Following an enquiry with number and word: what its sender reads, and that nobody else learns anything."""

import time

import pytest

from events.enquiries import tickets, workflow
from events.enquiries.models import Enquiry
from tests.catalog.publication.stories import on
from tests.make import make_division, make_user
from tests.portal.core.files.uploads import photo

from .letters import followed, make_enquiry, received, upload

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


def test_the_sender_reads_the_way_and_the_answer_without_the_person_who_gave_it(client):
    make_division()
    officer = make_user("editor", username="secret-officer")
    enquiry, word = received(client, pictures=[upload(photo())])
    page = text_of(followed(client, enquiry.number, word))
    assert "待答复" in page
    assert "照片" in page
    assert enquiry.text in page
    workflow.pass_on(enquiry, by=officer, office="support", reason="属于产品技术问题")
    enquiry.refresh_from_db()
    workflow.answer(enquiry, by=officer, text="请联系售后。\n\n附检测办法。")
    response = followed(client, enquiry.number, word)
    page = text_of(response)
    assert "已答复" in page
    assert "转由技术支持机构办理" in page
    assert "属于产品技术问题" in page
    assert "请联系售后。" in page
    assert "secret-officer" not in page
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("typed", ["{number} / {word}", "{wide} / {upper}", "{plain} / {spaced}"])
def test_number_and_word_are_understood_however_they_are_typed(client, typed):
    enquiry, word = received(client)
    wide = enquiry.number.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    words = {
        "number": enquiry.number,
        "plain": enquiry.number.replace("-", ""),
        "wide": wide,
        "word": word,
        "upper": word.upper(),
        "spaced": word.replace("-", " "),
    }
    number, given = (part.format(**words) for part in typed.split(" / "))
    assert enquiry.text in text_of(followed(client, number, given))


def test_a_wrong_number_and_a_wrong_word_are_answered_alike(client):
    enquiry, word = received(client)
    other, _other_word = received(client)
    unknown = "0000-0000" if enquiry.number != "0000-0000" else "1111-1111"
    pages = []
    for number, given in ((enquiry.number, "aaaa-bbbb"), (unknown, word), (other.number, word)):
        response = followed(client, number, given)
        assert response.status_code == 400
        page = text_of(response).replace(number, "N").replace(given, "W")
        pages.append(page[page.index('<form method="post"') :].split("csrfmiddlewaretoken")[0])
        pages[-1] += page[page.index('<div class="errors') : page.index('<p class="gap-top row"')]
    assert len(set(pages)) == 1
    assert enquiry.text not in pages[0]


def test_an_unknown_number_costs_as_much_time_as_a_known_one(client, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    tickets._nobodys_hash.cache_clear()
    enquiry, _word = received(client)
    spent = {}
    for name, number in (("known", enquiry.number), ("unknown", "00000000"), ("none", "x")):
        tickets.opened(number, "wrong")
        begun = time.perf_counter()
        assert tickets.opened(number, "wrong") is None
        spent[name] = time.perf_counter() - begun
    tickets._nobodys_hash.cache_clear()
    assert spent["unknown"] > spent["known"] / 4
    assert spent["none"] > spent["known"] / 4


def test_tries_are_limited_for_a_network_and_for_a_number(client, settings):
    settings.FOLLOW_TRIES_AN_HOUR = 3
    enquiry, word = received(client)
    for _try in range(3):
        assert followed(client, enquiry.number, "aaaa-bbbb").status_code == 400
    refused = followed(client, enquiry.number, word)
    assert refused.status_code == 429
    assert enquiry.text not in text_of(refused)
    elsewhere = {"number": enquiry.number, "word": word}
    assert client.post("/enquiries/follow/", elsewhere, REMOTE_ADDR="192.0.2.1").status_code == 200
    for host in range(2, 16):
        client.post("/enquiries/follow/", elsewhere | {"word": "no"}, REMOTE_ADDR=f"192.0.2.{host}")
    assert client.post("/enquiries/follow/", elsewhere, REMOTE_ADDR="192.0.2.99").status_code == 429


def test_a_right_word_counts_as_no_try(client, settings):
    settings.FOLLOW_TRIES_AN_HOUR = 3
    enquiry, word = received(client)
    assert all(followed(client, enquiry.number, word).status_code == 200 for _time in range(6))


@pytest.mark.parametrize("typed", ["", "\x00", "9" * 41, "\u202e", "' OR 1=1 --", "１２３４", "𠮷"])
def test_nonsense_is_answered_with_a_sentence(client, typed):
    response = followed(client, typed, typed)
    assert response.status_code == 400
    assert "没有打开" in text_of(response)


def test_the_sender_sees_the_day_of_the_answer_and_a_delay(client):
    make_division()
    enquiry, word = received(client)
    with on(40):
        page = text_of(followed(client, enquiry.number, word))
    assert "已经逾期" in page


def test_the_address_of_the_page_tells_nothing(client):
    enquiry, word = received(client)
    assert followed(client, enquiry.number, word).request["PATH_INFO"] == "/enquiries/follow/"
    assert client.get("/enquiries/follow/", {"number": enquiry.number}).status_code == 400


def test_words_are_spread_and_numbers_are_not_in_order():
    numbers = {tickets.new_number() for _time in range(50)}
    assert len(numbers) == 50
    assert len({tickets.word_of(str(key)) for key in range(200)}) == 200
    make_enquiry()
    assert Enquiry.objects.get().number.count("-") == 1
