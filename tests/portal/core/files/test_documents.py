"""Papers of enterprises: what they are is decided by opening them, and each refusal says what to do."""

import io
import signal
import subprocess

import pytest
from PIL import Image
from pypdf import PdfReader

from portal.core.files.intake import pdf as intake_pdf
from portal.core.files.intake.attachments import PDF, examine
from portal.core.files.intake.documents import examine_document
from portal.core.files.intake.pdf import cleaned_pdf, opened_pdf
from portal.core.files.intake.refusals import FileRefused
from portal.core.files.shown import Attachment, publish_files
from portal.core.files.store import UncleanFileError, make_public, store
from tests.portal.core.files import papers

from .test_pictures import animated, gif
from .uploads import drawing, office, pdf, photo

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 200


def refused(content: bytes, by=examine_document) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        by(content)
    assert caught.value.sentence.endswith("。")
    return caught.value


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(pdf(), PDF), (pdf(scan=True), PDF), (photo(), "image/jpeg"), (drawing(), "image/png")],
)
def test_pictures_and_pdfs_are_taken_whatever_they_are_called(content, media_type):
    assert examine_document(content).media_type == media_type


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "document.empty"),
        (b"MZ\x90\x00 program", "document.unknown"),
        (b"<html><script>alert(1)</script></html>", "document.unknown"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "document.unknown"),
        (gif(), "document.unknown"),
        (office("docx"), "document.unknown"),
        (animated(), "picture.animated"),
        (HEIC, "picture.heic"),
        (photo()[:2000], "picture.cut_off"),
        (drawing()[:-40], "picture.cut_off"),
        (pdf()[:-200], "pdf.cut_off"),
        (b"%PDF-1.7\nnot a pdf at all\n%%EOF", "pdf.broken"),
        (papers.encrypted(), "pdf.encrypted"),
        (pdf(script=True), "pdf.active"),
    ],
)
def test_what_is_no_readable_paper_is_refused_with_a_sentence(content, rule):
    assert refused(content).rule == rule


@pytest.mark.parametrize(
    ("ended", "rule"),
    [
        (subprocess.TimeoutExpired("pdf_child", 40), "pdf.busy"),
        (subprocess.CalledProcessError(-signal.SIGXCPU, "pdf_child"), "pdf.too_slow"),
        (subprocess.CalledProcessError(-signal.SIGSEGV, "pdf_child"), "pdf.broken"),
    ],
)
def test_a_paper_is_not_blamed_for_a_slow_machine(monkeypatch, ended, rule):
    def end(*_given, **_more):
        raise ended

    monkeypatch.setattr(intake_pdf.subprocess, "run", end)

    assert refused(pdf()).rule == rule


def test_the_limits_are_settings_and_named_in_the_sentence(settings):
    settings.DOCUMENT_MAX_PAGES = 3
    assert examine_document(papers.of_many_pages(3)).pages == 3
    assert "4 页，超过 3 页" in refused(papers.of_many_pages(4)).sentence
    settings.DOCUMENT_MAX_BYTES = 1024 * 1024
    assert "1 MB" in refused(b"%PDF-" + b"x" * 1024 * 1024).sentence


def test_a_photograph_loses_its_place_and_keeps_its_resolution():
    found = examine_document(photo(2400, 1600))
    assert b"SECRET" not in found.content
    with Image.open(io.BytesIO(found.content)) as image:
        assert image.size == (2400, 1600)
        assert not image.getexif()


def test_the_second_view_that_telephones_add_is_left_out_and_the_photograph_taken():
    first, second = (Image.effect_noise((300, 200), sigma) for sigma in (20, 60))
    target = io.BytesIO()
    first.save(target, "MPO", save_all=True, append_images=[second])
    with Image.open(io.BytesIO(examine_document(target.getvalue()).content)) as image:
        assert image.size == (300, 200)
        assert getattr(image, "n_frames", 1) == 1


def test_a_private_pdf_is_stored_as_it_came():
    for content in (papers.with_traces(), papers.signed(), papers.stamped()):
        assert examine_document(content).content == content


@pytest.mark.parametrize("make", [papers.with_traces, papers.with_earlier_version])
def test_a_cleaned_copy_has_the_pages_and_nothing_of_persons(make):
    content = make()
    assert b"SECRET" in content
    cleaned = cleaned_pdf(content)
    assert b"SECRET" not in cleaned
    reader = PdfReader(io.BytesIO(cleaned))
    page = reader.pages[0]
    assert "Twenty words" in page.extract_text()
    assert not reader.metadata
    assert not reader.xmp_metadata
    links = [note.get_object()["/A"]["/URI"] for note in page["/Annots"]]
    assert links == ["https://example.com/"]
    assert b"SECRET" not in page["/Resources"]["/XObject"]["/P"]._data
    with Image.open(io.BytesIO(page["/Resources"]["/XObject"]["/P"]._data)) as image:
        image.load()
    assert not opened_pdf(cleaned).traces
    assert cleaned_pdf(cleaned) == cleaned


def test_the_words_of_what_would_go_can_be_told():
    assert set(opened_pdf(papers.with_traces()).traces) == {
        "元数据",
        "制作软件的数据",
        "批注",
        "文档属性",
        "照片的拍摄信息",
    }
    assert "早先的版本" in opened_pdf(papers.with_earlier_version()).traces


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (papers.signed(), "pdf.signed"),
        (papers.stamped(), "pdf.lies_over"),
        (papers.filled_in(), "pdf.lies_over"),
        (papers.encrypted(), "pdf.encrypted"),
    ],
)
def test_what_cleaning_would_change_is_not_cleaned_but_sent_back(content, rule):
    assert refused(content, by=cleaned_pdf).rule == rule


def test_a_public_attachment_is_a_cleaned_copy_unless_its_signature_is_meant_to_be_checked():
    assert b"SECRET" not in examine(papers.with_traces()).content
    assert examine(papers.signed()).content == papers.signed()
    assert refused(papers.stamped(), by=examine).rule == "pdf.lies_over"


@pytest.mark.django_db
def test_no_uncleaned_pdf_passes_the_door_to_the_public():
    file = store(papers.with_traces(), name="证书扫描件", media_type=PDF)
    with pytest.raises(UncleanFileError):
        make_public(file.sha256)
    attachment = Attachment.taken_in(papers.with_traces(), title="证书", transcript="", by=None)
    publish_files([attachment])
    publish_files([Attachment.taken_in(papers.signed(), title="批复", transcript="", by=None)])
