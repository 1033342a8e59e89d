"""What file names may say of persons. The contents belong to the rooms that took them in."""

from typing import Any

from django.db.models import QuerySet

from portal.core.accounts.models import User
from portal.core.processing import CONTRACT, Outcome, ProcessingRecord

from .models import StoredFile


class FileNames(ProcessingRecord):
    code = "files.names"
    label = "内部文件的文件名"
    of_whom = "上传文件的人"
    what = "上传时的文件名，可能含姓名"
    purpose = "在材料里认出这个文件"
    basis = CONTRACT
    seen_by = "能看这份材料的人"
    keep = "与材料相同"
    model, columns = StoredFile, "name"
    erases = {"name": "文件"}
    outcome = Outcome.PSEUDONYMISED
    stays = "内容由收下它的业务处理；已公开的文件不变。"

    def rows_of(self, user: User) -> QuerySet[Any]:
        return StoredFile.objects.filter(created_by=user, root=StoredFile.Root.PRIVATE)


PROCESSING_RECORDS = (FileNames(),)
