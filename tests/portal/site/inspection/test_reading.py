"""Reading all pages: dead links, lost attachments, empty columns, articles without a date."""

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

import portal.urls
from portal.core.editions import clock
from portal.core.files.shown import Attachment
from portal.site.inspection import reading
from portal.site.inspection.page_links import facts_of
from portal.site.inspection.reading import Crawl, columns, dead_links, empty_columns, undated_articles
from tests.events.notices.make import put
from tests.make import make_campaign_page, make_product, publish_products

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def undated(request):
    return HttpResponse('<meta name="ArticleTitle" content="无日期的文章"><meta name="PubDate" content="">')


def broken(request):
    raise RuntimeError("broken on purpose")


urlpatterns = [path("undated/", undated), path("broken/", broken), path("", include(portal.urls))]
handler400, handler404 = portal.urls.handler400, portal.urls.handler404


def test_seeded_facts_have_no_dead_link_and_every_article_has_its_date():
    call_command("seed_facts", verbosity=0)
    make_campaign_page()
    publish_products(make_product())
    crawl = Crawl().run()
    assert [str(finding) for finding in dead_links(crawl).findings] == []
    assert undated_articles(crawl).verdict == "合格"
    assert "/activities/" in crawl.pages
    assert any(address.startswith("/products/0") for address in crawl.pages)
    assert crawl.opened < reading.MOST_PAGES  # so much filters alone must not take of a small site


def test_a_dead_link_is_told_with_the_page_it_stands_on():
    version = put(body='<p><a href="/products/9999999-9/">看产品</a></p>')
    where = {finding.sentence: finding.where for finding in dead_links(Crawl().run()).faults}
    assert where["链接 /products/9999999-9/ 没有这一页。"] == f"/notices/{version.notice_id}/"


def test_a_lost_attachment_is_a_dead_link():
    lost = "0" * 64
    attachment = Attachment("名单", lost, 10, "application/pdf", 1, is_scan=False, transcript="").as_value()
    version = put(attachments=[attachment])
    href = version.shown_attachments[0].href
    assert any(href in finding.sentence for finding in dead_links(Crawl().run()).faults)


@override_settings(ROOT_URLCONF=__name__)
def test_an_undated_article_and_a_broken_page_are_found():
    put(body='<p><a href="/undated/">一</a><a href="/broken/">二</a></p>')
    crawl = Crawl().run()
    assert [finding.where for finding in undated_articles(crawl).faults] == ["/undated/"]
    assert "链接 /broken/ 本站出错（500）。" in [finding.sentence for finding in dead_links(crawl).faults]


def test_an_empty_column_is_told_and_a_filled_one_is_not():
    put(kind="media", dated_on=clock.today())
    empty = {finding.where for finding in empty_columns(Crawl().run()).faults}
    assert "/notices/?kind=policy" in empty
    assert "/products/" in empty
    assert "/notices/?kind=media" not in empty
    assert "/guide/" not in empty


def test_columns_that_could_not_be_opened_do_not_count_as_full():
    crawl = Crawl(pages={}, faults=dict.fromkeys(columns(), "打不开"))
    assert empty_columns(crawl).verdict == "未测"
    assert undated_articles(crawl).verdict == "未测"


def test_records_of_one_template_are_sampled(monkeypatch):
    monkeypatch.setitem(reading.MOST_OF_A_RECORD, "products:detail", 1)
    monkeypatch.setattr(reading, "MOST_OF_A_FILTER", 1)
    monkeypatch.setattr(reading, "MOST_OF_A_PAIR", 0)
    publish_products(make_product(), make_product(), make_product())
    crawl = Crawl().run()
    assert sum(address.startswith("/products/0") and "?" not in address for address in crawl.pages) == 1
    assert crawl.skipped >= 2


def test_links_are_read_from_a_page_without_fragments_mail_and_switches():
    facts = facts_of(
        "/notices/1/",
        '<a href="#a">a</a><a href="../2/?x=1#b">b</a><a href="mailto:a@b.cn">c</a>'
        '<a rel="nofollow" href="/mode/?size=elder">d</a><a href="https://cx.cnca.cn/">e</a>'
        '<img src="/files/1.jpg" srcset="/files/2.jpg 2x, /files/3.jpg 3x"><p class="gap empty">',
    )
    assert facts.links == [
        "/notices/1/",
        "/notices/2/?x=1",
        "/files/1.jpg",
        "/files/2.jpg",
        "/files/3.jpg",
    ]
    assert facts.outside == ["https://cx.cnca.cn/"]
    assert facts.is_empty
