"""Word and Excel files (OOXML): what kind they are, what must not be in them, and a copy without anybody's name."""

import io
import re
import zipfile

from .refusals import FileRefused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}

MOST_PARTS = 5_000
MOST_INFLATED = 300 * 1024 * 1024
FIXED_TIME = (2000, 1, 1, 0, 0, 0)  # so that the same file has the same digest whenever it is uploaded

# Who wrote it, for which firm, and what was noted about it.
BLANK = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
FORBIDDEN = (
    (re.compile(r"vbaProject|/macrosheets/|/dialogsheets/", re.I), "宏"),
    (re.compile(r"/embeddings/|/activeX/|/ctrlProps/", re.I), "嵌入的对象或控件"),
    (re.compile(r"/externalLinks/", re.I), "到其他文件的链接"),
    (re.compile(r"/(comments|threadedComments|commentsExtended|persons/)", re.I), "批注"),
)
TRACKED = re.compile(rb"<w:(ins|del|moveFrom|moveTo)[ >]")


def cleaned(content: bytes) -> tuple[str, bytes]:
    """(media type, the file without the names in its properties). Raises FileRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bomb(archive)
            media_type = _type_of(archive)
            _refuse_parts(archive)
            return media_type, _copied(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise FileRefused("attachment.broken", "这个文件打不开，请用 Word 或 Excel 另存后再上传。") from error


def _type_of(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    found = [media_type for part, media_type in MAIN_PARTS.items() if part in names]
    if len(found) != 1 or "[Content_Types].xml" not in names:
        raise FileRefused("attachment.unknown", "这是压缩包而不是 Word 或 Excel 文件，请逐个上传里面的文件。")
    if b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise FileRefused("attachment.active", "文件里带有宏，请另存为不带宏的 .docx 或 .xlsx 再上传。")
    return found[0]


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INFLATED:
        raise FileRefused("attachment.bomb", "这个文件解压后过大，请拆分后再上传。")


def _refuse_parts(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        for pattern, word in FORBIDDEN:
            if pattern.search(f"/{name}"):
                raise FileRefused("attachment.active", f"文件里带有{word}，请删去后另存再上传。")
    if "word/document.xml" in archive.namelist() and TRACKED.search(archive.read("word/document.xml")):
        raise FileRefused("attachment.tracked", "文档里还有修订痕迹，请接受或拒绝全部修订后再上传。")


def _copied(archive: zipfile.ZipFile) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in archive.infolist():
            if part.is_dir():
                continue
            entry = zipfile.ZipInfo(part.filename, FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            copy.writestr(entry, BLANK.get(part.filename) or archive.read(part))
    return target.getvalue()
