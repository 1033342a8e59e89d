"""Why a line cannot be frozen or published: rules that compilation, submission and publication share."""

import datetime
from dataclasses import dataclass

from catalog.products.models import Certificate, LocalRequirement
from portal.core.workflow import NotAllowed

from ..models import NATIONAL, CertificateLine


@dataclass(frozen=True)
class Problem:
    """One obstacle: stable rule, the line's name, a sentence that says what to do; and the entry that makes no line for it."""

    rule: str
    name: str
    sentence: str
    entry: int | None = None

    def __str__(self):
        return f"「{self.name}」{self.sentence}"


class BatchRefused(NotAllowed):
    """A batch with problems; the first is the sentence, all are in `problems`."""

    def __init__(self, problems: list[Problem]):
        first = problems[0]
        more = f"（另有 {len(problems) - 1} 处）" if len(problems) > 1 else ""
        super().__init__(first.rule, f"{first}{more}")
        self.problems = problems


def certificate_problem(line: CertificateLine, name: str, on: datetime.date) -> Problem | None:
    """Why a product cannot be listed on this certificate on that day."""
    if line.is_in_force(on):
        return None
    if line.status != "valid":
        state = Certificate.Status(line.status).label
        return Problem(
            "line.certificate", name, f"的证书 {line.number} 已{state}，不能列入，请从本批次移去。"
        )
    return Problem(
        "line.certificate",
        name,
        f"的证书 {line.number} 已于 {line.valid_until:%Y-%m-%d} 到期，请换用新证书或从本批次移去。",
    )


def requirement_problem(
    requirement: LocalRequirement | None, publisher: str, name: str, on: datetime.date
) -> Problem | None:
    if requirement is None or publisher == NATIONAL or requirement.publisher != publisher:
        return Problem("line.requirement", name, "没有认证证书，只能列入提出该技术要求的地方清单。")
    if not requirement.is_in_force(on):
        return Problem("line.requirement", name, f"依据的「{requirement}」今天不在有效期内，请换用现行版本。")
    return None
