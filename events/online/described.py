"""What stands in the rows for a platform, in words: each name, what it holds, and every reason for which a row ends."""

from catalog.publication.models import ReasonCode
from portal.core.pages.statuses import word_of

HEAD = (
    ("schema", "整数", "数据的格式。字段只增加，不改名；其他改变另用一个数"),
    ("platform", "文本", "平台的地址名"),
    ("edition", "整数", "这些行是第几版的"),
    ("as_of", "日期", "有效与否按哪一天判断"),
    ("head", "文本", "这一版的链头，可以在公开日志里核对"),
    ("next", "网址", "下一次取变化就取这个地址"),
    ("count", "整数", "现在一共有多少行"),
)
WHOLE = (("rows", "列表", "全部的行"),)
SINCE = (
    ("since", "整数", "从第几版起的变化"),
    ("added", "列表", "新增的行，整行给出"),
    ("changed", "列表", "改变的行，整行给出"),
    ("ended", "列表", "不再有的行：编号（number）和原因代码（reason）"),
)
ROW = (
    ("number", "文本", "清单编号，永不改变：按它存"),
    ("name", "文本", "产品名称"),
    ("brand", "文本", "品牌"),
    ("models", "文本", "规格型号，照证书写"),
    ("category", "文本", "产品类别"),
    ("category_code", "文本", "类别代码"),
    ("enterprise", "文本", "企业名称"),
    ("uscc", "文本", "统一社会信用代码"),
    ("publishers", "列表", "哪几张清单列着它：national，或省级区划代码"),
    ("certificate", "文本", "证书编号"),
    ("certification_body", "文本", "认证机构"),
    ("star", "文本", "1、2、3 是星级，green 是绿色产品"),
    ("valid_until", "日期", "证书有效期至，当天还有效"),
    ("shop", "对象", "kind：product 是商品页，enterprise 是企业店铺；title 名称；url 网址"),
    ("page", "网址", "本站的产品页，请在商品页上链到它"),
)
CERTIFICATE_STATES = ("expired", "suspended", "revoked", "cancelled")
REASONS = (
    *((value, f"移出或暂停：{label}") for value, label in ReasonCode.choices),
    *((code, f"没有写明原因的{word_of(code)}") for code in ("removed", "suspended")),
    ("checking", "正在核查，最多 72 小时，之后可能回来"),
    *((f"certificate_{code}", f"证书{word_of(code)}") for code in CERTIFICATE_STATES),
    ("no_certificate", "清单上不再有依据认证证书的行"),
    ("shop_ended", "产品还在列，链接撤下了，或者平台不再允许这个主机"),
)
TABLES = {
    "parts": (
        ("每份答复开头", HEAD),
        ("不带 since 的", WHOLE),
        ("带 since 的", SINCE),
        ("每一行", ROW),
    ),
    "reasons": REASONS,
}
