"""Nothing that is pasted into a notice acts on a page: at the form, and again where it is drawn."""

from html.parser import HTMLParser

import pytest

from events.notices.models import NoticeVersion
from portal.core.text.prose import ATTRIBUTES, SCHEMES, TAGS

from .make import form_of, put
from .payloads import PAYLOADS

pytestmark = pytest.mark.django_db


class Looker(HTMLParser):
    """Collects everything between the marks that a sanitised text may not have, as a lenient browser would see it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, set()):
                self.faults.append(f"{tag} {name}")
            if name == "href" and not self.is_harmless(value or ""):
                self.faults.append(f"href {value}")

    @staticmethod
    def is_harmless(address: str) -> bool:
        scheme = address.split(":")[0].lower() if ":" in address else ""
        if scheme:
            return scheme in SCHEMES
        return address.startswith("#") or (address.startswith("/") and address[1:2] not in ("/", "\\"))

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"<?{data}>")


def faults_in(html: str) -> list[str]:
    looker = Looker()
    looker.feed(html)
    looker.close()
    return looker.faults


def body_of(page: str) -> str:
    """What stands between the marks of the article's text."""
    start = page.index('<div class="article">') + len('<div class="article">')
    end = page.index("</div>\n", start)
    assert page[start:end].count("<div") == 0
    assert "</article>" in page[end:]
    return page[start:end]


def test_the_table_is_long_enough():
    assert len(PAYLOADS) >= 40


def test_the_looker_sees_what_it_should():
    bad = '<script></script><p onclick="x"></p><a href="javascript:x"></a><!--x--><img src="x">'
    assert len(faults_in(bad)) == 6
    assert faults_in('<p><a href="/x/">y</a><a href="mailto:a@b">z</a></p>') == []


@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_of_it_is_stored(client, editor, name):
    client.force_login(editor)
    sent = form_of(body=f"<p>前</p>{PAYLOADS[name]}<p>后</p>", title="标题")
    assert client.post("/admin/notices/noticeversion/add/", sent).status_code == 302
    stored = NoticeVersion.objects.get().body
    assert faults_in(stored) == []
    assert "evil.example/x" not in stored or "&lt;" in stored


@pytest.mark.once
@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_of_it_reaches_a_page_even_out_of_the_database(client, name):
    version = put(body=f"<p>前</p>{PAYLOADS[name].replace(chr(0), '')}")
    page = client.get(f"/notices/{version.notice_id}/").content.decode()
    body = body_of(page)
    assert "前" in body
    assert faults_in(body) == []


@pytest.mark.once
@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_of_it_acts_in_the_words_beside_the_body(client, name):
    payload = PAYLOADS[name].replace("\x00", "")[:90]
    version = put(title=f"题{payload}", summary=payload, source=payload or "x", change_note=payload)
    clean = put(title="题", summary="", source="x", change_note="")
    for address in ("/notices/", "/notices/feed.atom", "/notices/?q=题"):
        page = client.get(address).content.decode()
        assert payload not in page or "<" not in payload
    page = client.get(f"/notices/{version.notice_id}/").content.decode()
    usual = client.get(f"/notices/{clean.notice_id}/").content.decode()
    assert kinds_of(page) <= kinds_of(usual) | {("p", ())}


def kinds_of(page: str) -> set[tuple[str, tuple[str, ...]]]:
    """Every kind of element with the names of its attributes."""

    class Kinds(HTMLParser):
        found: set = set()

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found.add((tag, tuple(name for name, _value in attrs)))

    reader = Kinds()
    reader.found = set()
    reader.feed(page)
    return reader.found


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT://%0aalert(1)", "ftp://x/"]
)
def test_a_link_to_the_original_leads_to_the_web_or_nowhere(client, editor, link):
    client.force_login(editor)
    response = client.post("/admin/notices/noticeversion/add/", form_of(original_link=link))
    assert response.status_code == 200
    assert not NoticeVersion.objects.exists()
    version = put(original_link=link)
    assert "查看原文" not in client.get(f"/notices/{version.notice_id}/").content.decode()


@pytest.mark.browser
def test_a_real_browser_runs_nothing_of_it(browser_page, transactional_db):
    """Everything at once, drawn out of the database; the fixture also fails on any request to a stranger."""
    version = put(
        body="".join(f"<p>{name}</p>{markup}" for name, markup in PAYLOADS.items()).replace("\x00", "")
    )
    alerts = []
    browser_page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    browser_page.goto(f"/notices/{version.notice_id}/")
    allowed = sorted(TAGS)
    strange = browser_page.evaluate(
        """(allowed) => [...document.querySelectorAll('.article *')].filter((element) =>
            !allowed.includes(element.localName) || element.namespaceURI !== 'http://www.w3.org/1999/xhtml' ||
            [...element.attributes].some((one) => one.name.startsWith('on') || one.name === 'style' ||
            (one.name === 'href' && !['http:', 'https:', 'mailto:', 'tel:'].includes(element.protocol)))
        ).map((element) => element.outerHTML)""",
        allowed,
    )
    assert strange == []
    assert alerts == []
    assert browser_page.locator(".article p").count() > 40
    assert browser_page.locator("footer").is_visible()
