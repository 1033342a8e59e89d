"""PDFs, opened and cleaned in a process of their own: a parser fed with somebody's file may loop or eat memory."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .refusals import FileRefused

ROOT = Path(__file__).resolve().parents[4]
WALL_SECONDS = 40
MEDIA_TYPE = "application/pdf"
END = b"%%EOF"
END_WITHIN = 2048  # bytes; mail programs and scanners leave blanks after the end


@dataclass(frozen=True)
class Pdf:
    """`traces` names what a cleaned copy would not have; what `lies_over` its pages cannot be cleaned away."""

    pages: int
    is_scan: bool
    is_signed: bool
    lies_over: bool
    traces: tuple[str, ...]

    @property
    def is_fit_for_the_public(self) -> bool:
        """Cleaned already, or signed: then every byte belongs to the signature."""
        return self.is_signed or not (self.traces or self.lies_over)


def is_pdf(content: bytes) -> bool:
    return content[:1024].lstrip()[:5] == b"%PDF-"


def opened_pdf(content: bytes) -> Pdf:
    """What a PDF is. Raises FileRefused when it cannot be read to its end, has a password, or may act."""
    if END not in content[-END_WITHIN:]:
        raise FileRefused(
            "pdf.cut_off", "这份 PDF 没有结尾，多半是没有传完。请检查网络后重新上传；仍不行，请重新导出。"
        )
    found, _body = _ask_child("look", content)
    if found.get("fault") == "encrypted":
        raise FileRefused("pdf.encrypted", "这份 PDF 加了密码，请去掉密码再上传。")
    if found.get("active"):
        raise FileRefused(
            "pdf.active",
            f"这份 PDF 里带有{'、'.join(found['active'])}，打开它会有风险。请用「打印为 PDF」另存一份再上传。",
        )
    _refuse_unread(found)
    if "pages" not in found:
        raise FileRefused("pdf.broken", "这份 PDF 打不开或读不完，请重新导出再上传。")
    return Pdf(
        found["pages"], found["is_scan"], found["is_signed"], found["lies_over"], tuple(found["traces"])
    )


def cleaned_pdf(content: bytes) -> bytes:
    """A copy for the public: the pages, without properties, notes, attached files and earlier versions.

    Raises FileRefused for what opened_pdf refuses, for a signed file (a cleaned copy would break the signature, which
    itself names persons), and for one with stamps or filled-in fields over its pages.
    """
    found = opened_pdf(content)
    if found.is_signed:
        raise FileRefused(
            "pdf.signed",
            "这份 PDF 带有电子签名。签名里写着签名人的信息，清理又会使签名失效，所以不能公开。"
            "请用「打印为 PDF」另存一份，或扫描纸质件再上传。",
        )
    return clean_unsigned(content, found)


def words_in(content: bytes) -> str:
    """The text of a PDF's first pages without spaces; '' for a scan, and for what cannot be read."""
    found, body = _ask_child("words", content)
    return "" if found.get("fault") else body.decode(errors="ignore")


def clean_unsigned(content: bytes, found: Pdf) -> bytes:
    """The cleaned copy of what opened_pdf found to be unsigned; what is clean already stays byte for byte."""
    if found.lies_over:
        raise FileRefused(
            "pdf.lies_over",
            "这份 PDF 的页面上浮着印章、图形或填写的表单域，公开前要清理，清理会丢掉它们。"
            "请用「打印为 PDF」另存一份（它们会印进页面）再上传。",
        )
    if not found.traces:
        return content
    answer, body = _ask_child("clean", content)
    _refuse_unread(answer)
    if answer.get("fault") or not is_pdf(body):
        raise FileRefused(
            "pdf.uncleanable", "这份 PDF 里的作者等信息清理不掉，请用「打印为 PDF」另存一份再上传。"
        )
    return body


def _refuse_unread(answer: dict[str, Any]) -> None:
    """A file is blamed only for the processor time that it took itself, not for waiting on a busy machine."""
    if answer.get("fault") == "busy":
        raise FileRefused(
            "pdf.busy", "服务器正忙，没来得及读完这份 PDF，与文件无关。请过几分钟再上传；仍不行请联系办公室。"
        )
    if answer.get("fault") == "slow":
        raise FileRefused(
            "pdf.too_slow",
            "这份 PDF 的结构太复杂，在规定的处理时间内读不完。请用「打印为 PDF」另存一份再上传。",
        )


def _ask_child(task: str, content: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter, our own module, one of three words
            [sys.executable, "-m", "portal.core.files.intake.pdf_child", task],
            input=content,
            capture_output=True,
            cwd=ROOT,
            timeout=WALL_SECONDS,
            check=True,
        )
        head, _, body = done.stdout.partition(b"\n")
        return json.loads(head), body
    except subprocess.TimeoutExpired:
        return {"fault": "busy"}, b""
    except subprocess.CalledProcessError as error:
        return {"fault": "slow" if error.returncode == -signal.SIGXCPU else "broken"}, b""
    except (subprocess.SubprocessError, ValueError):
        return {"fault": "broken"}, b""
