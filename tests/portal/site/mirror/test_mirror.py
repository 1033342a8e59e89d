"""A copy of the site: whole, only what was published, signed, and brought up to date by what differs."""

import hashlib
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import lxml.html
import pytest
from django.conf import settings

from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.publication.publishing.redaction import redact
from portal.core.checkpoints import keys
from portal.core.editions.models import Edition
from portal.core.files.models import StoredFile
from portal.core.files.store import store
from portal.core.workflow import NotAllowed
from portal.site.mirror import folder as folders
from portal.site.mirror import numbers as numbered
from portal.site.mirror.mirror import Copy
from portal.site.mirror.subject import Subject
from tests.events.notices.make import put
from tests.make import (
    enter,
    make_batch,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_region,
    publish_products,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SECRET = "张叁建材经营部"
LEADING_TO_THE_SITE = set(
    """
    figures:csv figures:all-csv figures:all-json search search-suggest notices:feed notices:kind_feed reports:feed
    reports:file enquiries:list enquiries:new enquiries:follow online:feed online:leave files:public activities:month
    activities:ics_all activities:ics privacy:inventory sitemap sitemap-xml sitemap-part robots healthz readyz
    products:export differences differences-feed enterprises:export batches:lines check check-many data:index data:file
    data:manifest data:tables data:schema batches:file batches:manifest products:feed products:ends enterprises:feed
    batches:feed batches:periods batches:batch_feed region-feed data:catalog api-page api:figures api:root api:openapi api:list
    api:record api:certificate place build poster log:page log:editions log:checker log:checker-page log:keys
    log:checkpoint log:tile proof sheets:index sheets:sheet sheets:pdf
    """.split()  # noqa: SIM905 - a list this long reads better as words
)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def pages(folder: Path) -> dict[Path, lxml.html.HtmlElement]:
    found = (path for path in folder.rglob("*.html") if path.name != "check.html")
    return {path: lxml.html.document_fromstring(path.read_text()) for path in found}


def number_of(product) -> str:
    return ProductLine.objects.filter(product=product)[0].number


def where(product) -> str:
    number = number_of(product)
    return f"products/{number[:4]}/{number}.html"


def test_every_link_of_a_copy_leads_to_a_file_of_it_or_to_the_site(copied, folder):
    make_region()
    file = store(b"%PDF-1.7 paper", name="a.pdf", media_type="application/pdf", root=StoredFile.Root.PUBLIC)
    put(body=f'<p><a href="/files/{file.sha256}/a.pdf">附件</a><a href="/guide/none/">不在了的</a></p>')
    products = [make_product() for _ in range(21)]
    publish_products(*products)
    copied()
    read = pages(folder)
    assert {folder / where(product) for product in products} <= read.keys()
    assert {
        folder / "index.html",
        folder / "products/index.page-2.html",
        folder / "regions/350000.html",
    } <= read.keys()
    assert (folder / f"files/{file.sha256}.pdf").read_bytes() == b"%PDF-1.7 paper"
    for path, page in read.items():
        ids = set(page.xpath("//@id"))
        for element, name, link, _at in page.iterlinks():
            target, fragment = urldefrag(link)
            if urlsplit(target).scheme:
                is_told = "to-site" in element.get("class", "") or element.get("rel") == "canonical"
                assert is_told or not target.startswith(settings.SITE_URL), (path, link)
            elif target:
                file = (path.parent / urlsplit(target).path).resolve()
                assert file.is_file(), (path, name, link)
                assert file.is_relative_to(folder), (path, name, link)
            else:
                assert fragment in ids, (path, link)
        assert page.xpath("//*[contains(@class, 'copy-bar')]//*[@class='copy-edition']"), path
        assert all(use.startswith("#") and use[1:] in ids for use in page.xpath("//use/@href")), path
        assert {form.get("method", "get") for form in page.forms} <= {"get"}, path
    assert f"第{Edition.objects.current_number()}版" in (folder / "edition.css").read_text()


def test_a_copy_has_what_was_published_and_a_visitor_never_gets_a_page_of_it(client, copied, folder):
    first, later, draft = (
        make_product(name="最初的卷材"),
        make_product(name="后来的卷材"),
        make_product(name="草稿里的卷材"),
    )
    publish_products(first)
    then = Edition.objects.current_number()
    publish_products(later)
    enter(make_batch(ordinal=9), draft)
    client.get(f"/products/{number_of(first)}/")
    copied(edition=then)
    text = b"".join(contents(folder).values()).decode()
    assert "最初的卷材" in text
    assert "后来的卷材" not in text
    assert "草稿里的卷材" not in text
    assert "copy-bar" not in client.get(f"/products/{number_of(first)}/").content.decode()
    assert "copy-bar" not in client.get("/").content.decode()
    copied()
    text = b"".join(contents(folder).values()).decode()
    assert "后来的卷材" in text
    assert "草稿里的卷材" not in text


def test_what_was_redacted_is_in_no_copy_and_leaves_those_brought_up_to_date(copied, folder, monkeypatch):
    enterprise = make_enterprise(name=SECRET)
    certificate = make_certificate(applicant_name=SECRET)
    publish_products(make_product(enterprise=enterprise, certificate=certificate), make_product())
    then = Edition.objects.current_number()
    copied(edition=then)
    assert any(SECRET.encode() in content for content in contents(folder).values())
    assert any(
        '"张叁"' in content.decode() for name, content in contents(folder).items() if "/terms-" in name
    )

    def draw(copy: Copy, processes: int) -> None:
        copy._put("drawn.html", SECRET.encode())
        redact(EnterpriseLine.objects.get(uscc=enterprise.uscc).key, "name", basis="示例法〔2026〕1号")

    with monkeypatch.context() as patch:
        patch.setattr(Copy, "draw", draw)
        with pytest.raises(NotAllowed, match="制作时有内容被依法隐去"):
            copied("meanwhile")
    assert not list((folder.parent / "meanwhile").iterdir())
    for name, edition in (("copy", None), ("another", then)):
        copied(name, edition=edition)
        left = contents(folder.parent / name)
        assert not [file for file, content in left.items() if "张叁".encode() in content]


def test_a_copy_is_brought_up_to_date_by_what_differs_and_is_then_as_if_made_anew(copied, folder):
    old = make_product()
    publish_products(old, make_product())
    copied()
    again = copied()
    assert (again.done.written, again.done.removed) == (0, 0)
    untouched = (folder / where(old)).stat()
    (folder / "products" / "index.page-9.html").write_text("somebody's own")
    new = make_product()
    publish_products(new)
    update = copied()
    assert (folder / where(old)).stat() == untouched
    assert (folder / where(new)).exists()
    assert update.done.written < update.done.files / 2
    copied("anew")
    own = {"products/index.page-9.html": b"somebody's own"}
    assert contents(folder) == contents(folder.parent / "anew") | own
    back = copied(edition=1)
    assert back.done.removed
    assert not (folder / where(new)).exists()


def test_a_run_that_is_killed_leaves_the_folder_or_a_plan_that_the_next_one_carries_out(
    copied, folder, monkeypatch
):
    publish_products()
    copied()
    before = contents(folder)
    publish_products()
    for place in (0, 3):  # before the plan, in the middle of it
        renamed = 0

        def replace(source, target, *, stop=place):
            nonlocal renamed
            renamed += 1
            if renamed == stop + 1:
                raise KeyboardInterrupt
            os.rename(source, target)

        with monkeypatch.context() as patch:
            patch.setattr(folders.os, "replace", replace)
            with pytest.raises(KeyboardInterrupt):
                copied()
        if place == 0:
            assert {
                name: content for name, content in contents(folder).items() if ".mirror" not in name
            } == before
        assert (folder / folders.MANIFEST).read_bytes() == before[folders.MANIFEST]
    copied()
    copied("anew")
    assert contents(folder) == contents(folder.parent / "anew")


def test_numbers_that_differ_in_marks_alone_are_on_one_page(monkeypatch):
    alike = [make_certificate(number=number) for number in ("DEMO-12", "DEMO-1-2", "DEMO-3")]
    publish_products(*(make_product(certificate=certificate) for certificate in alike))
    monkeypatch.setattr(numbered, "ROWS_A_PAGE", 1)
    sheets = list(numbered.sheets(Subject.asked(None, ())))
    spans = [sheet.span for sheet in sheets]
    assert all(one.keys[1] < other.keys[0] for one, other in itertools.pairwise(spans))
    assert [span.count for span in spans if span.keys[0] == "DEMO12"] == [2]


def checked(folder: Path, *more: str) -> tuple[int, str]:
    """What the checker in the folder says of it."""
    command = [sys.executable, str(folder / "log" / "check.py"), "--folder", str(folder), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_checker_inside_names_what_was_changed_and_who_signed(copied, folder, settings):
    publish_products()
    copied()
    fingerprint = keys.current().fingerprint
    said = json.loads((folder / folders.MANIFEST).read_bytes())
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents(folder).items()}
    assert said["files"] == {
        name: digests[name] for name in digests.keys() - {folders.MANIFEST, folders.NOTE}
    }
    assert checked(folder, "--key", fingerprint)[0] == 0
    (folder / "index.html").write_text("another")
    (folder / "copy.html").unlink()
    (folder / "virus.html").write_text("more")
    code, words = checked(folder, "--key", fingerprint)
    assert code == 1
    assert all(
        fault in words for fault in ("index.html：被改过", "copy.html：缺少", "virus.html：清单里没有")
    )
    (folder / "virus.html").unlink()
    settings.LOG_KEY_FILE = settings.LOG_KEY_FILE.with_name("of_another.pem")
    settings.LOG_SIGNED_FILE.unlink()
    copied()
    assert checked(folder)[0] == 0
    code, words = checked(folder, "--key", fingerprint)
    assert code == 1
    assert "没有已核对的公钥的有效签名" in words


def test_a_copy_of_some_regions_says_so_and_leads_to_the_site_for_others(copied, folder):
    here, there = (
        make_enterprise(name="示例福建防水厂"),
        make_enterprise(name="示例四川防水厂", division=make_division("510000", "四川省")),
    )
    near, far = make_product(enterprise=here), make_product(enterprise=there)
    batch = publish_products(near, far)
    copied(regions=("350000",))
    assert (folder / where(near)).exists()
    assert not (folder / where(far)).exists()
    assert "只含福建省的企业和产品" in (folder / "edition.css").read_text()
    listed = (folder / "products/index.html").read_text()
    assert near.name in listed
    assert far.name not in listed
    numbers = (folder / "check/numbers-1.html").read_text()
    assert near.certificate.number in numbers
    assert far.certificate.number not in numbers
    drawn = lxml.html.document_fromstring((folder / "batches").joinpath(f"{batch.slug}.html").read_text())
    links = {link.text_content(): link.get("href") for link in drawn.iter("a")}
    assert links[far.name] == f"{settings.SITE_URL}/products/{number_of(far)}/"
    with pytest.raises(NotAllowed, match="没有代码为990000的省级地区"):
        copied(regions=("990000",))
