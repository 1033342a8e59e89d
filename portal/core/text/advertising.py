"""Words that advertising law keeps out of advertisements (广告法 art. 9 and its practice): found, never changed.

A quotation may contain them, so whoever publishes such a word says why; nothing here refuses.
"""

import re

from portal.core.text.normalise import fold

WORDS = (
    "国家级",
    "世界级",
    "宇宙级",
    "最高级",
    "最佳",
    "最好",
    "最优",
    "最先进",
    "最强",
    "最低价",
    "最受欢迎",
    "顶级",
    "极品",
    "第一品牌",
    "全国第一",
    "全球第一",
    "世界第一",
    "行业第一",
    "销量第一",
    "独一无二",
    "绝无仅有",
    "史无前例",
    "万能",
    "国家免检",
    "质量免检",
    "驰名商标",
    "特供",
    "专供",
)
_FOUND = re.compile("|".join(sorted(map(fold, WORDS), key=len, reverse=True)))


def advertising_words(text: str) -> list[str]:
    """Such words in `text`, each once, however they are spaced or written (國家級, 国 家 级)."""
    return list(dict.fromkeys(_FOUND.findall(fold(text))))
