"""The role table: who may do what. It is code, so that a fresh database and a review of a change both see it whole."""

from dataclasses import dataclass

READ = frozenset({"desk.enter", "registers.read", "imports.read", "batches.read", "notices.read"})


@dataclass(frozen=True)
class Role:
    """A named set of capabilities; a scoped role holds them only inside the division of its grant."""

    label: str
    capabilities: frozenset[str]
    is_scoped: bool = False


ROLES: dict[str, Role] = {
    "editor": Role(
        "编辑",
        READ | {"registers.edit", "imports.run", "batches.compile", "notices.edit", "checks.record"},
    ),
    "reviewer": Role("审核员", READ | {"batches.approve", "notices.review", "checks.record"}),
    "publisher": Role(
        "发布员",
        READ | {"batches.approve", "batches.publish", "holds.set", "notices.review", "checks.record"},
    ),
    "pilot_officer": Role(
        "试点地区工作人员",
        READ | {"registers.edit", "imports.run", "batches.compile", "batches.approve"},
        is_scoped=True,
    ),
    "support": Role("技术支持机构", frozenset({"desk.enter"})),
    "auditor": Role("审计员", READ | {"audit.read", "accounts.read", "files.read"}),
    "administrator": Role("管理员", frozenset({"desk.enter", "accounts.read", "accounts.manage"})),
}

CAPABILITIES: frozenset[str] = frozenset().union(*(role.capabilities for role in ROLES.values()))

ROLE_CHOICES = [(code, role.label) for code, role in ROLES.items()]


def covers(scope: str, division: str) -> bool:
    """Whether a grant for the division `scope` reaches `division` (both 6-digit GB/T 2260 codes).

    A province (350000) covers its prefectures and counties; `national` lies in no division.
    """
    significant = scope
    while significant.endswith("00"):
        significant = significant[:-2]
    return bool(significant) and division.startswith(significant)
