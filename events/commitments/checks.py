"""What must be right before something of this room goes to review: sentences for whoever wrote it."""

from portal.core.editions import clock
from portal.core.text.advertising import advertising_words

from .models import AgreementVersion, LetterVersion, Standing, TemplateVersion


def template_faults(version: TemplateVersion) -> list[str]:
    return [] if version.clauses else ["文本没有条款。"]


def letter_faults(version: LetterVersion) -> list[str]:
    found = []
    if not (version.promises or version.template_version_id):
        found.append("没有说承诺了什么：请选所签文本，或写承诺要点。")
    if version.signed_on > clock.today():
        found.append("签署日期在今天之后。")
    if version.standing_on and version.standing_on > clock.today():
        found.append("状态日期在今天之后：到那天再发布。")
    return [*found, *scan_faults(version)]


def letter_warnings(version: LetterVersion) -> list[str]:
    found = []
    if version.standing == Standing.BROKEN and not version.reply:
        found.append("违约撤销而没有企业的回应")
    return found


def agreement_faults(version: AgreementVersion) -> list[str]:
    found = []
    if len(version.parties) < 2:
        found.append("协议至少有两方。")
    if version.signed_on > clock.today():
        found.append("签署日期在今天之后。")
    return [*found, *scan_faults(version)]


def scan_faults(version: LetterVersion | AgreementVersion) -> list[str]:
    """A scan stands beside its words, whether or not the file is a picture."""
    return [f"扫描件「{scan.title}」缺少文字稿。" for scan in version.shown_scans if not scan.transcript]


def advertising(*texts: str) -> list[str]:
    return [f"「{word}」属于广告用语" for word in advertising_words(" ".join(texts))]
