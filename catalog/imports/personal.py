"""Contact persons in workbooks that provinces sent."""

from catalog.enterprises.personal import contact_words
from portal.core.accounts.models import User
from portal.core.processing import DUTY, ProcessingRecord

from .models import ImportRun
from .redaction import look_into_files, redact_imports


class Workbooks(ProcessingRecord):
    code = "imports.workbooks"
    label = "导入的工作簿"
    of_whom = "企业联系人"
    what = "试点地区报来的表格里的联系人姓名、电话"
    purpose = "证明一批清单从何而来"
    basis = DUTY
    seen_by = "能查看导入的工作人员"
    keep = "与批次相同；其中有人申请清除或依法隐去时，整份销毁"
    model, columns = ImportRun, "file marked report"
    stays = "整份工作簿连同标注稿一起销毁；批次的行另有摘要，不受影响。"

    def look(self, user: User) -> None:
        """Workbooks are long to read, and nobody could write meanwhile."""
        if words := _words(user):
            look_into_files(words)

    def erase(self, user: User, pseudonym: str) -> int:
        words = _words(user)
        return redact_imports(words) if words else 0


def _words(user: User) -> list[str]:
    """By telephone and address: a name alone may be another's."""
    return [word for word in contact_words(user) if any(letter in "@0123456789" for letter in word)]


PROCESSING_RECORDS = (Workbooks(),)
