"""What is said of a value that a field cannot hold: a stable rule, and one sentence for cell, form and admin."""

SENTENCES = {
    "too-long": "「{label}」最多 {limit:,} 个字，现在有 {size:,} 个，请缩短。",
    "hidden-character": "「{label}」的{reason}",
    "lookalike-character": "「{label}」里的{reason}",
    "foreign-letter": "「{label}」里的{reason}",
    "digits-lost": "「{label}」的号码被 Excel 变成了近似数，后面几位已经丢失。请把该列设为「文本」格式，重新填写完整的号码。",
    "phone": "「{label}」不像电话号码。请写数字，可带区号和分机，例如 0592-1234567 转 801；几个号码用顿号分开。",
    "website": "「{label}」不是公开的网址。请照浏览器地址栏填写，例如 www.example.cn，不写 IP 地址和账号密码；没有就空着。",
    "not-offered": "「{label}」{reason}",
    "date": "「{label}」不对：{reason}",
    "star": "「{label}」不对：{reason}",
    "status": "「{label}」“{value}”无法识别。请填写有效、暂停、撤销或注销。",
    "uscc-bad-length": "{reason}",
    "uscc-bad-charset": "{reason}",
    "uscc-bad-province": "{reason}",
    "uscc-bad-check": "{reason}",
    "uscc-nonconforming-check": "{reason}",
}


class InvalidValue(ValueError):
    """A value that a field cannot hold. Who catches it knows where the value stands, and may know more of `values`."""

    def __init__(self, rule: str, /, **values: object):
        super().__init__(rule)
        self.rule, self.values = rule, values

    @property
    def sentence(self) -> str:
        return SENTENCES[self.rule].format_map(self.values)

    def of(self, label: str) -> "InvalidValue":
        """The same of a field with that label."""
        return InvalidValue(self.rule, **{"label": label} | self.values)
