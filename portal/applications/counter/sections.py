"""The sections in which the form of a case stands, kind by kind. What is asked is the business of `cases.forms`."""

from dataclasses import dataclass

from portal.applications.cases.models import Application

Kind = Application.Kind
CONSENT, PUBLISHER = "consent", "publisher"  # kept beside what the case says


@dataclass(frozen=True)
class Section:
    """A part of a form; `hint` says what it is for."""

    legend: str
    names: tuple[str, ...]
    hint: str = ""


UNIT = Section("企业", ("name", "division", "address", "phone", "website", "sells_in"), "照营业执照填写。")
CONTACT = Section(
    "联系人",
    ("contact_person", "contact_phone", CONSENT),
    "办理中要问您什么，就找这个人。",
)
PAPER = Section(
    "证书",
    ("body", "number", "star", "issued_on", "valid_until", "standard"),
    "照证书填写，办理单位会与扫描件逐项核对。",
)
NAMED = Section(
    "证书上的三个名称",
    ("applicant_name", "maker_name", "factory_name"),
    "三个名称常常是同一家；证书上是旧名称的，照旧名称写。",
)
SECTIONS: dict[str, tuple[Section, ...]] = {
    Kind.REGISTER: (UNIT, Section("谁来办理", ("is_legal_representative",)), CONTACT),
    Kind.CHANGE: (
        UNIT,
        Section("更名", ("renamed_on", "rename_evidence"), "企业名称没有变，这两项空着。"),
        CONTACT,
    ),
    Kind.PRODUCT: (Section("清单", (PUBLISHER,)), PAPER, NAMED),
    Kind.RENEWAL: (PAPER, NAMED),
    Kind.WITHDRAW: (Section("退出", ("scope", "reason")),),
    Kind.COMMITMENT: (
        Section("承诺书", ("campaign", "signed_on", "valid_until")),
        Section("签署人", ("signatory_name", "signatory_title"), "印在承诺书上，不在网站上公开。"),
    ),
}


def names_of(kind: str) -> list[str]:
    return [name for section in SECTIONS[kind] for name in section.names]
