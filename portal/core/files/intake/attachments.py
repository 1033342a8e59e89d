"""Attachments: opened to learn what they are, whatever their name says; refused with what the public must not get."""

from dataclasses import dataclass

from django.conf import settings

from . import office
from .clamd import refuse_infected
from .pdf import MEDIA_TYPE as PDF
from .pdf import clean_unsigned, is_pdf, opened_pdf
from .pictures import encoded_anew
from .refusals import FileRefused

EXTENSIONS = {
    PDF: "pdf",
    office.XLSX: "xlsx",
    office.DOCX: "docx",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
}
WORDS = {
    PDF: "PDF",
    office.XLSX: "Excel 工作簿",
    office.DOCX: "Word 文档",
    "image/jpeg": "JPEG 图片",
    "image/png": "PNG 图片",
    "image/webp": "WebP 图片",
}


@dataclass(frozen=True)
class Examined:
    """What an upload turned out to be. `is_scan`: a page of it is a picture of text, which nobody can search or hear."""

    media_type: str
    content: bytes
    is_scan: bool = False
    pages: int = 0

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.media_type]


def examine(content: bytes) -> Examined:
    """Open an upload that is meant for the public. The content of the answer is what may be stored: a cleaned copy.

    A signed PDF alone stays byte for byte: whoever uploads it here means its signature to be checked.
    """
    if len(content) > settings.ATTACHMENT_MAX_BYTES:
        limit = settings.ATTACHMENT_MAX_BYTES // 1024 // 1024
        raise FileRefused("attachment.too_large", f"附件超过 {limit} MB，请压缩或拆分后再上传。")
    refuse_infected(content)
    if is_pdf(content):
        return _pdf(content)
    if content[:4] == b"PK\x03\x04":
        return Examined(*office.cleaned(content))
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise FileRefused(
            "attachment.old_office",
            "这是旧格式（.doc、.xls）或加了密码的文件，请另存为 .docx、.xlsx 再上传。",
        )
    return _picture(content)


def _picture(content: bytes) -> Examined:
    """A picture among the attachments is taken for a scan: whoever cannot see it needs its words."""
    try:
        return Examined(*encoded_anew(content), is_scan=True, pages=1)
    except FileRefused as refusal:
        if refusal.rule != "picture.unreadable":
            raise
        raise FileRefused(
            "attachment.unknown", "附件只收 PDF、.docx、.xlsx 和 JPEG、PNG、WebP 图片；这个文件打开后都不是。"
        ) from refusal


def _pdf(content: bytes) -> Examined:
    found = opened_pdf(content)
    clean = content if found.is_signed else clean_unsigned(content, found)
    return Examined(PDF, clean, is_scan=found.is_scan, pages=found.pages)
