"""What must be right before a notice goes on, and what looks wrong: each a sentence."""

from collections.abc import Iterator

from portal.core.editions import clock
from portal.core.files.models import StoredFile
from portal.core.files.store import is_whole
from portal.core.pages.links import fault_of, is_own
from portal.core.text.advertising import advertising_words
from portal.core.text.prose import from_textarea, links

from .article import places, words_of
from .models import NoticeVersion
from .related import WORDS, is_public, keys_of

Kind = NoticeVersion.Kind


def faults(version: NoticeVersion) -> list[str]:
    """What must be mended."""
    return [
        *_missing(version),
        *_of_its_kind(version),
        *_pictures(version),
        *_attachments(version),
        *_links(version),
        *_related(version),
    ]


def warnings(version: NoticeVersion) -> list[str]:
    """What may stay, if somebody writes down why."""
    found = []
    words = advertising_words(words_of(version))
    if words:
        shown = "、".join(f"「{word}」" for word in words)
        found.append(f"文中有广告法禁用的词：{shown}。引用原文的可以保留，请写明是引自哪里")
    if version.kind == Kind.POLICY and not version.document_number:
        found.append("政策文件没有文号")
    if version.kind == Kind.MEDIA and not version.original_link:
        found.append("媒体报道没有原文链接")
    return found


def _missing(version: NoticeVersion) -> Iterator[str]:
    if not version.kind:
        yield "没有选栏目。"
    if version.dated_on is None:
        yield "没有写日期。"
    elif version.dated_on > (version.publish_on or clock.today()):
        yield "日期晚于发布的那一天，请核对。"
    if not version.source:
        yield "没有写来源：本单位发布的写本单位，转载的写原发布单位。"
    if not (version.body or version.attachments or version.kind == Kind.POLICY):
        yield "正文是空的。"


def _of_its_kind(version: NoticeVersion) -> Iterator[str]:
    if version.kind == Kind.POLICY and not version.issuer:
        yield "政策文件须写明发文机关。"
    if version.kind != Kind.CONSULTATION:
        return
    if version.open_until is None:
        yield "公示须写明截止日期。"
    elif version.dated_on and version.open_until < version.dated_on:
        yield "公示的截止日期早于它的日期。"
    if not version.contact:
        yield "公示须写明意见怎样反馈。"


def _pictures(version: NoticeVersion) -> Iterator[str]:
    for number, picture in enumerate(version.shown_pictures, start=1):
        if not picture.alt:
            yield f"图{number}没有替代文字：看不见图的人靠它知道图里是什么。"
        if not picture.caption:
            yield f"图{number}没有图注。"
        if not all(is_whole(sha256, StoredFile.Root.PRIVATE) for sha256 in picture.digests):
            yield f"图{number}的文件已丢失，请重新上传。"
    for number in places(version.body):
        if not 0 < number <= len(version.pictures):
            yield f"正文里写着 [图{number}]，但没有这张图。"


def _attachments(version: NoticeVersion) -> Iterator[str]:
    for attachment in version.shown_attachments:
        if attachment.is_scan and not attachment.transcript:
            yield f"附件「{attachment.title}」是扫描件，须附文字稿。"
        if not is_whole(attachment.sha256, StoredFile.Root.PRIVATE):
            yield f"附件「{attachment.title}」的文件已丢失，请重新上传。"


def _links(version: NoticeVersion) -> Iterator[str]:
    addresses = [*links(from_textarea(version.body)), version.original_link]
    for address in dict.fromkeys(address for address in addresses if address and is_own(address)):
        fault = fault_of(address)
        if fault:
            yield f"链接 {address} {fault}。"


def _related(version: NoticeVersion) -> Iterator[str]:
    for kind, key in keys_of(version):
        if not is_public(kind, key):
            yield f"相关{WORDS[kind]}「{key}」公众查不到，请核对。"
