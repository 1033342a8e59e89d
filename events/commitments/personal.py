"""Who signed a commitment letter."""

from portal.holdings import CONTRACT, Holding, Outcome


class Signatories(Holding):
    code = "commitments.signatories"
    label = "承诺书签署人"
    of_whom = "代表单位签字的人"
    what = "姓名、职务"
    purpose = "证明承诺书由谁代表单位签署"
    basis = CONTRACT
    seen_by = "办理的工作人员；从不公开"
    keep = "承诺书存续期间；撤回或到期满三年后清除"
    fields = ("commitments.Signatory.name", "commitments.Signatory.title")
    outcome = Outcome.KEPT
    stays = "签署是单位的行为，承诺书有效期间要能证明由谁签署。"


HOLDINGS = (Signatories(),)
