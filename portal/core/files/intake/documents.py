"""Papers that an enterprise hands in: a licence, a letter of authorisation, the scan of a certificate. Private by default.

A photograph is encoded anew at its full resolution, without the place it was taken at. A PDF is stored as it came, since it
may be signed and is evidence; what becomes public of it is `portal.core.files.intake.pdf.cleaned_pdf` of it.
"""

from django.conf import settings

from .attachments import Examined
from .clamd import refuse_infected
from .pdf import MEDIA_TYPE as PDF
from .pdf import is_pdf, opened_pdf
from .pictures import encoded_anew
from .refusals import FileRefused

ACCEPT = "application/pdf,image/jpeg,image/png,image/webp"  # for the `accept` of a file field


def examine_document(content: bytes) -> Examined:
    """Open a paper; the content of the answer is what may be stored, privately. Raises FileRefused with a sentence.

    Of an upload, read at most DOCUMENT_MAX_BYTES + 1 bytes and give them here.
    """
    if not content:
        raise FileRefused("document.empty", "这个文件是空的，多半没有传上来，请重新选择文件再上传。")
    if len(content) > settings.DOCUMENT_MAX_BYTES:
        limit = settings.DOCUMENT_MAX_BYTES / 1024 / 1024
        raise FileRefused(
            "document.too_large", f"文件超过 {limit:g} MB，请压缩，或降低扫描分辨率（300 dpi 足够）后再上传。"
        )
    refuse_infected(content)
    return _pdf(content) if is_pdf(content) else _picture(content)


def _pdf(content: bytes) -> Examined:
    found = opened_pdf(content)
    if found.pages > settings.DOCUMENT_MAX_PAGES:
        raise FileRefused(
            "document.too_many_pages",
            f"这份 PDF 有 {found.pages} 页，超过 {settings.DOCUMENT_MAX_PAGES} 页，请只留需要的页再上传。",
        )
    return Examined(PDF, content, is_scan=found.is_scan, pages=found.pages)


def _picture(content: bytes) -> Examined:
    try:
        return Examined(*encoded_anew(content), is_scan=True, pages=1)
    except FileRefused as refusal:
        if refusal.rule != "picture.unreadable":
            raise
        raise FileRefused(
            "document.unknown",
            "只收 PDF 和 JPEG、PNG、WebP 图片；这个文件打开后都不是。Word、WPS 文件请另存为 PDF 再上传。",
        ) from refusal
