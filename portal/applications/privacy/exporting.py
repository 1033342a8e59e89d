"""A copy of what is kept of one person, for that person: a ZIP with JSON and the files that they handed in."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from portal.core.accounts.models import User
from portal.core.files.shown import safe_name
from portal.core.files.store import DamagedFileError, load
from portal.core.processing import ProcessingRecord, all_records

README = "说明.txt"
DATA = "个人信息.json"


def archive_of(user: User) -> bytes:
    """The ZIP. Rows and files are the person's own; what is of others is in none of them."""
    target, missing = io.BytesIO(), []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DATA, json.dumps(data_of(user), ensure_ascii=False, indent=1, cls=DjangoJSONEncoder))
        for name, file in documents_of(user):
            try:
                archive.writestr(name, load(file))
            except DamagedFileError:
                missing.append(name)
        archive.writestr(README, _readme(missing))
    return target.getvalue()


def data_of(user: User) -> dict[str, Any]:
    """Every line of the inventory with what it holds of this person; empty ones are there, so that nothing is guessed."""
    return {
        "网站": settings.SITE_URL,
        "导出时间": timezone.localtime().isoformat(timespec="seconds"),
        "账号": user.get_username(),
        "内容": [_line(record_kind, user) for record_kind in all_records()],
    }


def documents_of(user: User) -> Iterator[tuple[str, Any]]:
    """(path in the archive, StoredFile), no path twice."""
    used: set[str] = set()
    for record_kind in all_records():
        for name, file in record_kind.documents(user):
            path = f"{record_kind.label}/{safe_name(name)}"
            while path in used:
                path = f"{record_kind.label}/{file.pk}-{safe_name(name)}"
            used.add(path)
            yield path, file


def _line(record_kind: ProcessingRecord, user: User) -> dict[str, Any]:
    return {
        "编号": record_kind.code,
        "名称": record_kind.label,
        "用途": record_kind.purpose,
        "保存": record_kind.keep,
        "记录": record_kind.export(user),
    }


def _readme(missing: list[str]) -> str:
    lines = [
        f"这是 {settings.SITE_URL} 保存的、与您的账号有关的个人信息。",
        f"{DATA} 是全部记录（UTF-8 文本，可用浏览器或记事本打开），各文件夹里是您交来的文件。",
        "只包含您自己的信息；同一企业其他人的信息不在内。",
    ]
    if missing:
        lines.append("下列文件已经清除或损坏，没有放进来：" + "、".join(missing) + "。")
    return "\n".join(lines) + "\n"
