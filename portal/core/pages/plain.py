"""Plainer words for the elder mode, where a label of the lists and pages of products says the field's word.

Words of a state (有效, 暂停 …) are never put otherwise: they stand on certificates and on paper as they are.
"""

from portal.core.pages.mode import Mode

PLAINER = {
    "产品类别": "要找什么东西",
    "房屋部位": "用在房子哪里",
    "星级": "几颗星",
    "企业所在地": "厂家在哪个省",
    "发布方": "谁列的名单",
    "批次": "第几批列上的",
    "列入依据": "凭什么列上的",
    "截至日期": "看哪一天的名单",
    "企业": "厂家",
    "证书有效期至": "证书管到哪天",
    "有效期至": "管到哪天",
    "状态": "还算不算数",
    "在哪些清单上": "谁把它列进了名单",
    "各发布方分别决定，互不代替": "国家和各省的名单各管各的",
    "列入状态": "还算不算数",
    "依据或原因": "凭什么，为什么",
    "历次变化": "以前改过什么",
    "是什么": "这是什么东西",
    "用在哪里": "用在房子哪里",
    "星级说明什么": "星是什么意思",
    "买时问卖家": "买的时候这样问",
    "证书管不到的": "有证书也不包的事",
    "依据的标准": "照哪个标准评的",
}


def plainly(word: str, mode: Mode | None) -> str:
    """The word itself outside the elder mode, and where none is plainer."""
    return PLAINER.get(word, word) if mode and mode.is_elder else word
