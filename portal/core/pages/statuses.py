"""The states that the look knows, each with its word: one list for templates, filters and judges."""

# code: (class of the colour, icon, word). A status is always word + shape + colour.
STATUSES = {
    "valid": ("ok", "ok", "有效"),
    "listed": ("ok", "ok", "现行"),
    "published": ("ok", "ok", "已公布"),
    "ending": ("soon", "soon", "即将到期"),
    "notice": ("wait", "half", "公示中"),
    "approved": ("wait", "half", "已批准"),
    "replaced": ("swap", "swap", "已换证"),
    "suspended": ("hold", "pause", "暂停"),
    "checking": ("hold", "look", "核查中"),
    "revoked": ("bad", "cross", "撤销"),
    "removed": ("bad", "minus", "已移出"),
    "returned": ("bad", "back", "已退回"),
    "expired": ("old", "sand", "过期"),
    "cancelled": ("old", "slash", "注销"),
    "withdrawn": ("old", "slash", "已取消"),
    "corrected": ("fix", "pen", "已勘误"),
    "draft": ("fix", "dash", "草稿"),
    "unknown": ("q", "q", "未查到"),
    "product_number": ("swap", "swap", "是清单编号"),
    "enterprise_code": ("swap", "swap", "是统一社会信用代码"),
    "enterprise_name": ("swap", "swap", "按企业名称查到"),
    "wrong_digit": ("fix", "pen", "清单编号的校验位不对"),
    "incomplete": ("q", "q", "编号不完整"),
    "local": ("local", "dia", "地方清单·未经认证"),
}


def word_of(code: str) -> str:
    """The usual word of a state."""
    return STATUSES[code][2]
