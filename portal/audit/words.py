"""Acts in Chinese. Codes are `noun.participle`; a noun that is not listed is the name of a model."""

from functools import cache

from django.apps import apps

NOUNS = {
    "activationcode": "激活码",
    "batch": "批次",
    "certificate": "证书",
    "certificatecheck": "证书核验",
    "consent": "个人信息",
    "erasure": "清除申请",
    "facts": "事实资料",
    "formername": "曾用名",
    "grant": "角色",
    "hold": "核查中",
    "import": "导入",
    "inspection": "网站自查",
    "line": "公开的行",
    "message": "站内消息",
    "notice": "公告",
    "noticeversion": "公告",
    "retention": "保存期限",
    "user": "账号",
}
PARTICIPLES = {
    "agreed": "同意",
    "applied": "清除到期内容",
    "approved": "批准",
    "asked": "申请",
    "cancelled": "取消",
    "changed": "修改",
    "checked": "核验",
    "created": "新建",
    "data_exported": "导出个人信息",
    "discarded": "放弃草稿",
    "erased": "清除个人信息",
    "entries_added": "放入条目",
    "entries_taken_out": "移去条目",
    "given": "授予",
    "head_changed": "改标题与公示",
    "issued": "发放",
    "lifted": "解除",
    "notice_opened": "开始公示",
    "notice_stopped": "终止公示",
    "opened": "开始编制",
    "ordered": "开始",
    "password_changed": "改密码",
    "password_reset": "重设密码",
    "published": "公布",
    "redacted": "依法隐去",
    "removed": "删去",
    "revoked": "撤回同意",
    "revealed": "查看联系方式",
    "saved": "存入",
    "seeded": "载入",
    "second_factor_set_up": "设置第二因素",
    "second_factor_taken": "清除第二因素",
    "sent_again": "再发一次",
    "sent_back": "退回",
    "set": "标记",
    "sign_in_failed": "登录失败",
    "signed_in": "登录",
    "signed_out": "退出",
    "signed_out_everywhere": "全部退出",
    "signed_up": "注册",
    "submitted": "提交",
    "taken": "收回",
    "taken_back": "撤回",
    "tried": "输错",
    "used": "使用",
    "withdrawn": "撤下",
}


def words_of(step: str) -> str:
    """「批次：公布」; a part that is known nowhere stays as it is in code."""
    noun, _, participle = step.partition(".")
    word = NOUNS.get(noun) or model_words().get(noun, noun)
    return f"{word}：{PARTICIPLES.get(participle, participle)}"


@cache
def model_words() -> dict[str, str]:
    """Model names with the words for one row."""
    return {model._meta.model_name or "": str(model._meta.verbose_name) for model in apps.get_models()}
