"""The role table: who may do what. It is code, so that a fresh database and a review of a change both see it whole."""

from dataclasses import dataclass

READ = frozenset(
    {
        "desk.enter",
        "registers.read",
        "imports.read",
        "batches.read",
        "content.read",
        "enquiries.read",
        "calendar.read",
        "cases.read",
    }
)


@dataclass(frozen=True)
class Role:
    """A named set of capabilities; a scoped role holds them only inside the division of its grant."""

    label: str
    capabilities: frozenset[str]
    is_scoped: bool = False


ROLES: dict[str, Role] = {
    "editor": Role(
        "编辑",
        READ
        | {
            "registers.edit",
            "imports.run",
            "batches.compile",
            "content.edit",
            "reports.edit",
            "checks.record",
            "enquiries.answer",
            "calendar.edit",
            "cases.handle",
        },
    ),
    "reviewer": Role(
        "审核员",
        READ
        | {
            "batches.approve",
            "content.review",
            "reports.review",
            "checks.record",
            "cases.decide",
            "cases.handle",
        },
    ),
    "publisher": Role(
        "发布员",
        READ
        | {
            "batches.approve",
            "batches.publish",
            "holds.set",
            "content.review",
            "reports.review",
            "checks.record",
            "cases.decide",
            "cases.handle",
        },
    ),
    "pilot_officer": Role(
        "试点地区工作人员",
        READ
        | {
            "registers.edit",
            "imports.run",
            "batches.compile",
            "batches.approve",
            "content.edit",
            "content.review",
            "reports.edit",
            "enquiries.answer",
            "cases.decide",
            "cases.handle",
        },
        is_scoped=True,
    ),
    "support": Role(
        "技术支持机构",
        frozenset({"desk.enter", "enquiries.support", "calendar.read", "cases.support"}),
    ),
    "auditor": Role("审计员", READ | {"audit.read", "accounts.read", "files.read"}),
    "administrator": Role(
        "管理员",
        frozenset({"desk.enter", "accounts.read", "accounts.manage", "index.rebuild", "schedule.read"}),
    ),
}

CAPABILITIES: frozenset[str] = frozenset().union(*(role.capabilities for role in ROLES.values()))

CAPABILITY_WORDS: dict[str, str] = {
    "desk.enter": "进入工作台",
    "registers.read": "查看企业、证书、产品",
    "registers.edit": "编辑企业、证书、产品",
    "imports.read": "查看导入",
    "imports.run": "导入工作簿",
    "batches.read": "查看批次",
    "batches.compile": "编制、提交、取消批次",
    "batches.approve": "批准、退回批次",
    "batches.publish": "公示、公布批次",
    "checks.record": "记录证书核验",
    "holds.set": "标记与解除核查中",
    "content.read": "查看公告等内容的草稿",
    "content.edit": "编辑公告等内容",
    "content.review": "审核公告等内容",
    "reports.edit": "编写年度报告",
    "reports.review": "审核并发布年度报告",
    "enquiries.read": "查看咨询投诉",
    "enquiries.answer": "办理咨询投诉",
    "enquiries.support": "办理转给技术支持机构的咨询",
    "calendar.read": "查看工作日历",
    "calendar.edit": "编辑工作日历",
    "cases.read": "查看企业申请",
    "cases.decide": "批准、退回、驳回企业申请",
    "cases.handle": "分派、转办企业申请，与企业沟通",
    "cases.support": "查看请求技术支持机构协助的企业申请",
    "files.read": "查看内部文件",
    "audit.read": "查看审计记录",
    "accounts.read": "查看账号与授权",
    "accounts.manage": "管理账号与授权",
    "index.rebuild": "查看并重建检索",
    "schedule.read": "查看定时事项",
}

ROLE_CHOICES = [(code, role.label) for code, role in ROLES.items()]


def covers(scope: str, division: str) -> bool:
    """Whether a grant for the division `scope` reaches `division` (both 6-digit GB/T 2260 codes).

    A province (350000) covers its prefectures and counties; `national` lies in no division.
    """
    prefix = prefix_of(scope)
    return bool(prefix) and division.startswith(prefix)


def prefix_of(scope: str) -> str:
    """What all codes inside a division begin with: 350000 → 35, 350500 → 3505."""
    while scope.endswith("00"):
        scope = scope[:-2]
    return scope
