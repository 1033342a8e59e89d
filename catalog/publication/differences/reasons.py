"""Why an act was done, and on what ground, as its line says."""

from catalog.publication.models import Line
from portal.core.text.clauses import in_one


def reason_of(line: Line) -> str:
    """「质量问题，监督检验不合格」, the code alone, or nothing."""
    label = line.get_reason_code_display() if line.reason_code else ""
    return in_one(label, line.reason)


def circumstances_of(line: Line) -> str:
    """When the fact was, who found it, in which document."""
    day = line.fact_on and f"{line.fact_on.year}年{line.fact_on.month}月{line.fact_on.day}日"
    return in_one(day, line.authority, line.document)
