"""The shape of an inspection's outcome: checks with what was measured, and findings that say where and what to do."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or (`is_warning`) about to be: a sentence, the place, and what to do."""

    sentence: str
    where: str
    remedy: str
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.sentence}位置：{self.where}。处理：{self.remedy}。"


@dataclass(frozen=True)
class Check:
    """One item of the table. `is_done` is False where nothing could be measured, which is never told as passed."""

    item: str
    requirement: str
    measured: str
    findings: tuple[Finding, ...] = ()
    is_decisive: bool = False  # fails the whole site, whatever the other items say
    is_done: bool = True

    @property
    def faults(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_warning]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_warning]

    @property
    def verdict(self) -> str:
        if self.faults:
            return "单项否决" if self.is_decisive else "不合格"
        if not self.is_done:
            return "未测"
        return "将到期" if self.warnings else "合格"

    @property
    def code(self) -> str:
        """The state of the look."""
        return {"合格": "valid", "将到期": "ending", "未测": "unknown"}.get(self.verdict, "revoked")

    def written(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)

    @classmethod
    def read(cls, value: dict[str, Any]) -> Self:
        findings = tuple(Finding(**finding) for finding in value["findings"])
        return cls(**{**value, "findings": findings})


def faults_of(checks: Iterable[Check]) -> list[Finding]:
    return [finding for check in checks for finding in check.faults]


def warnings_of(checks: Iterable[Check]) -> list[Finding]:
    return [finding for check in checks for finding in check.warnings]
