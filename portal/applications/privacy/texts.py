"""What people consent to, in words. A text that was shown once never changes: a change is a new version at the end.

A consent names version and digest of the text that the person saw.
"""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class ConsentText:
    """`words` is what stands beside the box, which is never ticked beforehand."""

    version: int
    words: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.words.encode()).hexdigest()


@dataclass(frozen=True)
class Purpose:
    """What for, and the versions of its text, the current one last.

    `ends_at` says where it is withdrawn when that takes more than a row: something else is switched off with it.
    """

    label: str
    texts: tuple[ConsentText, ...]
    ends_at: str = ""

    @property
    def current(self) -> ConsentText:
        return self.texts[-1]

    def version(self, number: int) -> ConsentText:
        return next(text for text in self.texts if text.version == number)


CONTACT_PUBLICATION = "contact_publication"
SUPPORT_SHARING = "support_sharing"

PURPOSES: dict[str, Purpose] = {
    CONTACT_PUBLICATION: Purpose(
        "公开企业联系人",
        (
            ConsentText(
                1,
                "同意在本站企业页面公开联系人的姓名和电话。不同意不影响办理；同意后可以随时撤回，撤回后不再公开。"
                "联系人不是本人的，我已取得其同意。",
            ),
        ),
    ),
    SUPPORT_SHARING: Purpose(
        "请支持机构协助",
        (
            ConsentText(
                1,
                "同意技术支持机构查看本件申报的内容和材料，其中包括联系人的姓名和电话，用于协助补正。"
                "不同意不影响办理；同意后可以随时撤回，撤回后支持机构不能再看。",
            ),
        ),
        ends_at="在那件申报的页面按「不再请支持机构协助」，同意随即撤回。",
    ),
}
