"""What wrote a row, as people read it: rows carry a mark (`import:12`, `case 261129-55895`), which is for programs."""

import re

_MARK = re.compile(r"(?P<kind>import|case)[: ](?P<number>[^:]+)(?P<back>:back)?")
_KINDS = {"import": "导入", "case": "申报"}
_AT_THE_DESK = ("", "desk")


def source_words(mark: str) -> str:
    """「导入 12」 of `import:12`; what is no mark was written for people and stays."""
    if mark in _AT_THE_DESK:
        return "工作台"
    found = _MARK.fullmatch(mark)
    if not found:
        return mark
    return f"{'撤回' if found['back'] else ''}{_KINDS[found['kind']]} {found['number']}"
