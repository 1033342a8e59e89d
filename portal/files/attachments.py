"""Attachments: opened to learn what they are, whatever their name says; refused with what the public must not get."""

import io
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from . import office
from .pictures import opened
from .refusals import FileRefused

ROOT = Path(__file__).resolve().parents[2]
WALL_SECONDS = 40
JPEG_QUALITY = 90

PDF = "application/pdf"
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
    """Open an upload. The content of the answer is what may be stored: cleaned, a PDF byte for byte (it may be signed)."""
    if len(content) > settings.ATTACHMENT_MAX_BYTES:
        limit = settings.ATTACHMENT_MAX_BYTES // 1024 // 1024
        raise FileRefused("attachment.too_large", f"附件超过 {limit} MB，请压缩或拆分后再上传。")
    if content[:1024].lstrip()[:5] == b"%PDF-":
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
        image = opened(content)
    except FileRefused as refusal:
        if refusal.rule != "picture.unreadable":
            raise
        raise FileRefused(
            "attachment.unknown", "附件只收 PDF、.docx、.xlsx 和 JPEG、PNG、WebP 图片；这个文件打开后都不是。"
        ) from refusal
    target = io.BytesIO()
    if content[:4] == b"\x89PNG":
        image.save(target, "PNG", optimize=True)
        return Examined("image/png", target.getvalue(), is_scan=True, pages=1)
    image.convert("RGB").save(target, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return Examined("image/jpeg", target.getvalue(), is_scan=True, pages=1)


def _pdf(content: bytes) -> Examined:
    found = _ask_child(content)
    if found.get("fault") == "encrypted":
        raise FileRefused("attachment.encrypted", "这份 PDF 加了密码，请去掉密码再上传。")
    if found.get("active"):
        raise FileRefused(
            "attachment.active",
            f"这份 PDF 里带有{'、'.join(found['active'])}，公众打开它会有风险。请用「打印为 PDF」另存一份再上传。",
        )
    if "pages" not in found:
        raise FileRefused("attachment.broken", "这份 PDF 打不开或读不完，请重新导出再上传。")
    return Examined(PDF, content, is_scan=found["is_scan"], pages=found["pages"])


def _ask_child(content: bytes) -> dict:
    """A parser fed with somebody's file may loop or eat memory: it does so in a process of its own."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "portal.files.pdf_child"],
            input=content,
            capture_output=True,
            cwd=ROOT,
            timeout=WALL_SECONDS,
            check=True,
        )
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return {"fault": "broken"}
