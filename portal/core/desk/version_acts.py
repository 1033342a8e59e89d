"""The steps of a version as the desk offers them. What each one changes is in `portal.core.workflow.versions`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.core.workflow import versions
from portal.core.workflow.records import Version


@dataclass(frozen=True)
class Act:
    """A step as the desk offers it. `take(page, version, by, reason)` gives the version to go on with, or None."""

    code: str
    label: str
    explanation: str
    take: Callable[[Any, Any, Any, str], Version | None]
    reason_label: str = ""
    needs_reason: bool = False
    is_refusal: bool = False


def _submit(page: Any, version: Any, by: Any, reason: str) -> Version:
    page.ask_about_warnings(version, reason)
    return page.submit_version(version, by=by, reason=reason)


def _publish(page: Any, version: Any, by: Any, reason: str) -> Version:
    return page.publish_version(version, by=by, reason=reason)


def _send_back(page: Any, version: Any, by: Any, reason: str) -> Version:
    return page.send_back_version(version, by=by, reason=reason)


def _discard(page: Any, version: Any, by: Any, reason: str) -> None:
    versions.discard(version, by=by, reason=reason)


def _correct(page: Any, version: Any, by: Any, reason: str) -> Version:
    return versions.begin(
        type(version),
        version.identity,
        by=by,
        prepare=lambda draft: page.prepare_correction(draft, version),
    )


def _withdraw(page: Any, version: Any, by: Any, reason: str) -> Version:
    return page.withdraw_version(version, by=by, reason=reason)


ACTS = {
    act.code: act
    for act in (
        Act("submit", "送审", "送审后不能再改，由另一人审核并发布。", _submit, "说明"),
        Act("discard", "放弃草稿", "草稿会被删除，审计记录保留这件事。", _discard, "放弃的理由", True, True),
        Act(
            "publish",
            "发布",
            "发布后公众立刻可见（定了日期的到那天可见），并产生新的一版；公开过的内容不能删除。",
            _publish,
            "说明",
        ),
        Act(
            "send_back",
            "退回修改",
            "退回给编写人修改，公众看不到任何变化。",
            _send_back,
            "退回的理由",
            True,
            True,
        ),
        Act(
            "correct",
            "起草新版本",
            "从公开的内容起草一份新版本；发布之前公众看到的仍是现在这一份。",
            _correct,
        ),
        Act(
            "withdraw",
            "撤下",
            "公众会看到这一内容已撤下和理由，原文仍可读到。内容有误时请起草新版本，不要撤下。",
            _withdraw,
            "撤下的理由（公众会看到）",
            True,
            True,
        ),
    )
}
