"""What an upload is, is decided by opening it."""

import io
import zipfile

import pytest

from portal.core.files.intake.attachments import PDF, examine
from portal.core.files.intake.office import DOCX, XLSX
from portal.core.files.intake.refusals import FileRefused

from .papers import encrypted
from .uploads import drawing, office, pdf, photo


@pytest.mark.parametrize(
    ("content", "media_type", "is_scan"),
    [
        (pdf(), PDF, False),
        (pdf(scan=True), PDF, True),
        (pdf(words=""), PDF, True),
        (office("docx"), DOCX, False),
        (office("xlsx"), XLSX, False),
        (photo(), "image/jpeg", True),
        (drawing(), "image/png", True),
    ],
)
def test_type_and_scan_are_read_from_the_content(content, media_type, is_scan):
    found = examine(content)
    assert (found.media_type, found.is_scan) == (media_type, is_scan)


def test_a_pdf_comes_as_a_cleaned_copy_which_cleaning_again_leaves_alone():
    found = examine(pdf())
    assert found.pages == 1
    assert examine(found.content).content == found.content


def test_names_in_the_properties_of_word_and_excel_files_do_not_get_out():
    content = office("docx")
    cleaned = examine(content).content
    with zipfile.ZipFile(io.BytesIO(cleaned)) as archive:
        assert "某某人" not in archive.read("docProps/core.xml").decode()
        assert archive.read("word/document.xml") == b"<w:document>words</w:document>"
    assert examine(content).content == cleaned


def test_a_scanned_picture_loses_its_camera_data():
    assert b"SECRET" not in examine(photo()).content


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "attachment.unknown"),
        (b"MZ\x90\x00 program", "attachment.unknown"),
        (b"<html><script>alert(1)</script></html>", "attachment.unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "attachment.old_office"),
        (b"%PDF-1.7\nnot a pdf at all\n%%EOF", "pdf.broken"),
        (pdf(script=True), "pdf.active"),
        (b"PK\x03\x04 broken", "attachment.broken"),
        (office("docx", **{"word__vbaProject.bin": b"x"}), "attachment.active"),
        (office("docx", **{"word__embeddings__oleObject1.bin": b"x"}), "attachment.active"),
        (office("docx", **{"word__comments.xml": b"x"}), "attachment.active"),
        (office("xlsx", **{"xl__externalLinks__externalLink1.xml": b"x"}), "attachment.active"),
        (
            office("docx", **{"word__document.xml": b"<w:p><w:ins w:author='x'>y</w:ins></w:p>"}),
            "attachment.tracked",
        ),
        (office("docx", **{"xl__workbook.xml": b"x"}), "attachment.unknown"),
    ],
)
def test_what_the_public_must_not_get_is_refused_with_a_sentence(content, rule):
    with pytest.raises(FileRefused) as refused:
        examine(content)
    assert refused.value.rule == rule
    assert refused.value.sentence.endswith("。")


def test_a_pdf_with_a_password_is_refused():
    with pytest.raises(FileRefused) as refused:
        examine(encrypted())
    assert refused.value.rule == "pdf.encrypted"
