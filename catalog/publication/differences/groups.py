"""What became of a thing between two moments: how it stood on either side decides to which group it belongs."""

from dataclasses import dataclass

from catalog.standing.registers import EXPIRED, SHOWN

ABSENT = "absent"  # there was no line of it yet
SAME, DIFFERS, RENAMED = "same", "differs", "renamed"
BY_ITSELF = "by-itself"  # over on the right day by what was said on the left: no act was needed


@dataclass(frozen=True)
class Group:
    """`sign` is what each of its lines does to the number of current lines."""

    code: str
    label: str
    sign: int
    note: str


GROUPS = {
    group.code: group
    for group in (
        Group("added", "新增", 1, "左边没有或已移出，右边现行"),
        Group("resumed", "恢复", 1, "左边暂停、核查中或证书失效，右边现行"),
        Group("moved_in", "转入", 1, "两边都现行；左边不在所选范围，右边在"),
        Group("changed", "变更", 0, "不改总数；划去的是旧值，标出的是新值"),
        Group("renamed", "更名", 0, "名称改了，仍是同一个；不改总数"),
        Group("ended", "到期", -1, "有效期在两边之间届满，无人决定"),
        Group("suspended", "暂停", -1, "有人决定，有理由"),
        Group("checking", "核查中", -1, "正在核查，还没有结论"),
        Group("lost", "证书失效", -1, "证书被撤销、注销，或改了有效期"),
        Group("removed", "移出", -1, "有人决定，有理由"),
        Group("moved_out", "转出", -1, "两边都现行；左边在所选范围，右边不在"),
        Group("other", "其他变化", 0, "两边都不是所选范围内的现行；不改总数"),
    )
}
_LEFT_TO = {
    ABSENT: "removed",
    "removed": "removed",
    "suspended": "suspended",
    "checking": "checking",
    EXPIRED.standing.code: "ended",
}


@dataclass(frozen=True)
class Sign:
    """How a thing stood on the left and stands on the right, whether it was and is within the scope, and what its lines
    say otherwise; `by_itself` where what was said on the left is over on the right day."""

    was: str
    now: str
    fitted: bool
    fits: bool
    how: str
    by_itself: bool

    @classmethod
    def read(cls, text: str) -> "Sign":
        was, now, fitted, fits, how, end = text.split()
        return cls(was, now, fitted == "1", fits == "1", how, end == BY_ITSELF)

    @property
    def was_in(self) -> bool:
        return self.was in SHOWN and self.fitted

    @property
    def is_in(self) -> bool:
        return self.now in SHOWN and self.fits

    @property
    def group(self) -> str:
        """Empty for what is the same on both sides, or nobody asked about."""
        if self.was_in and self.is_in:
            return {SAME: "", DIFFERS: "changed", RENAMED: "renamed"}[self.how]
        if self.is_in:
            return self._entered
        if self.was_in:
            return self._left
        is_told = (self.fitted or self.fits) and (self.was != self.now or self.how != SAME)
        return "other" if is_told else ""

    @property
    def _entered(self) -> str:
        if self.was in SHOWN:
            return "moved_in"
        return "added" if self.was in (ABSENT, "removed") else "resumed"

    @property
    def _left(self) -> str:
        if self.now in SHOWN:
            return "moved_out"
        group = _LEFT_TO.get(self.now, "lost")
        return "lost" if group == "ended" and not self.by_itself else group
