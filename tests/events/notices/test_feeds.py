"""Atom feeds."""

import datetime
import xml.etree.ElementTree as ElementTree

import pytest
import time_machine

from events.notices import workflow
from portal.core.editions import clock

from .make import published, put

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
EDITION = "{urn:x-green-materials-portal:edition}edition"


def read(client, address: str = "/notices/feed.atom"):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own page


def entries(feed) -> dict[str, ElementTree.Element]:
    return {entry.findtext(f"{ATOM}title"): entry for entry in feed.findall(f"{ATOM}entry")}


def test_a_feed_has_what_atom_asks_for(client):
    put(title="A & B <c>", summary="摘要 & <b>")
    feed = read(client)
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "A & B <c>"
    assert entry.findtext(f"{ATOM}summary") == "摘要 & <b>"
    assert entry.findtext(f"{ATOM}id").startswith("urn:uuid:")
    assert datetime.datetime.fromisoformat(entry.findtext(f"{ATOM}updated")).tzinfo


def test_links_are_absolute_and_the_edition_is_said(client, settings):
    settings.SITE_URL = "https://portal.example"
    version = put()
    feed = read(client)
    entry = feed.find(f"{ATOM}entry")
    links = {link.get("rel"): link.get("href") for link in entry.findall(f"{ATOM}link")}
    assert links["alternate"] == f"https://portal.example/notices/{version.notice_id}/"
    assert (
        links["related"]
        == f"https://portal.example/notices/{version.notice_id}/?as_of={clock.today()}&edition=1"
    )
    assert (feed.findtext(EDITION), entry.findtext(EDITION)) == ("1", "1")
    assert feed.find(f"{ATOM}link").get("href") == "https://portal.example/notices/feed.atom"


def test_the_id_of_an_entry_stays_when_the_host_and_the_words_change(client, settings):
    settings.SITE_URL = "https://one.example"
    first = put(title="原题")
    before = entries(read(client))["原题"]
    settings.SITE_URL = "https://two.example"
    put(first.notice, title="新题", replaces=first, change_note="改题")
    after = entries(read(client))["新题"]
    assert before.findtext(f"{ATOM}id") == after.findtext(f"{ATOM}id")
    assert before.findtext(f"{ATOM}published") == after.findtext(f"{ATOM}published")
    assert before.findtext(f"{ATOM}updated") < after.findtext(f"{ATOM}updated")
    assert "更正：改题" in after.findtext(f"{ATOM}summary")


def test_each_column_has_its_own_and_an_unknown_one_none(client):
    put(title="动态", kind="news")
    put(title="文件", kind="policy", issuer="某部")
    assert set(entries(read(client, "/notices/feed/news.atom"))) == {"动态"}
    assert set(entries(read(client, "/notices/feed/policy.atom"))) == {"文件"}
    assert client.get("/notices/feed/none.atom").status_code == 404
    assert client.get("/notices/feed.atom?x=1").status_code == 400
    ids = {
        read(client, f"/notices/feed{name}.atom").findtext(f"{ATOM}id") for name in ("", "/news", "/policy")
    }
    assert len(ids) == 3


def test_a_reader_is_told_of_a_withdrawal(client, editor, reviewer):
    version = published(editor, title="误发")
    workflow.withdraw(version.notice, by=reviewer, reason="重复")
    assert "撤下：重复" in entries(read(client))["已撤下：误发"].findtext(f"{ATOM}summary")


def test_what_is_for_tomorrow_comes_tomorrow_and_first(client, editor):
    tomorrow = clock.today() + datetime.timedelta(days=1)
    published(editor, title="明天的", publish_on=tomorrow)
    published(editor, title="今天的")
    assert set(entries(read(client))) == {"今天的"}
    with time_machine.travel(clock.end_of(clock.today()), tick=False):
        found = entries(read(client))
        assert list(found) == ["明天的", "今天的"]
        assert (
            found["明天的"].findtext(f"{ATOM}updated")
            == clock.end_of(tomorrow - datetime.timedelta(days=1)).isoformat()
        )


def test_a_feed_answers_not_modified_and_costs_the_same_for_many(client, django_assert_max_num_queries):
    for number in range(5):
        put(title=f"第{number}篇")
    response = client.get("/notices/feed.atom")
    assert client.get("/notices/feed.atom", headers={"if-none-match": response["ETag"]}).status_code == 304
    with django_assert_max_num_queries(7):
        client.get("/notices/feed/news.atom")


def test_a_feed_of_the_past_holds_what_was_there(client):
    put(title="早")
    put(title="晚")
    assert set(entries(read(client, "/notices/feed.atom?edition=1"))) == {"早"}


def test_a_feed_of_an_edition_whose_version_was_replaced_before_its_day_still_answers(client):
    today = clock.today()
    soon, later = (today + datetime.timedelta(days=days) for days in (1, 3))
    first = put(title="先定的日子", publish_on=soon)
    put(first.notice, title="后定的日子", replaces=first, publish_on=later)
    with time_machine.travel(clock.end_of(soon), tick=False):
        assert entries(read(client)) == {}
        assert list(entries(read(client, f"/notices/feed.atom?edition=1&as_of={soon}"))) == ["先定的日子"]
