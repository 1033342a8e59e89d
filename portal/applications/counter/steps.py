"""The pages on which a case is made, in order: fill in, list products, add papers, check and hand in."""

from dataclasses import dataclass

from django.urls import reverse

from portal.applications.cases.forms import SOME
from portal.applications.cases.models import Application, Purpose

Kind = Application.Kind
FILL, PRODUCTS, PAPERS, HAND_IN = "fill", "products", "papers", "hand_in"
_PAGES: dict[str, tuple[str, ...]] = {
    Kind.REGISTER: (FILL, PAPERS, HAND_IN),
    Kind.CHANGE: (FILL, PAPERS, HAND_IN),
    Kind.PRODUCT: (FILL, PRODUCTS, PAPERS, HAND_IN),
    Kind.RENEWAL: (FILL, PRODUCTS, PAPERS, HAND_IN),
    Kind.WITHDRAW: (FILL, PRODUCTS, HAND_IN),
    Kind.COMMITMENT: (FILL, PAPERS, HAND_IN),
}
_WORDS = {FILL: "填写", PRODUCTS: "产品", PAPERS: "材料", HAND_IN: "核对并提交"}
_FILL_WORDS: dict[str, str] = {Kind.PRODUCT: "证书", Kind.RENEWAL: "新证书", Kind.COMMITMENT: "阅读并填写"}

PAPERS_OF: dict[str, tuple[Purpose, ...]] = {
    Kind.REGISTER: (Purpose.LICENCE, Purpose.AUTHORISATION, Purpose.OTHER),
    Kind.CHANGE: (Purpose.LICENCE, Purpose.RENAME, Purpose.OTHER),
    Kind.PRODUCT: (Purpose.CERTIFICATE, Purpose.OTHER),
    Kind.RENEWAL: (Purpose.CERTIFICATE, Purpose.OTHER),
    Kind.WITHDRAW: (),
    Kind.COMMITMENT: (Purpose.LETTER,),
}


@dataclass(frozen=True)
class Page:
    name: str
    label: str
    href: str
    state: str  # "done", "now" or ""


def pages_of(application: Application, now: str = "") -> list[Page]:
    names = _names(application)
    at = names.index(now) if now in names else -1
    return [
        Page(
            name,
            _label(application, name),
            href_of(application, name),
            "now" if place == at else "done" if place < at else "",
        )
        for place, name in enumerate(names)
    ]


def after(application: Application, now: str) -> Page | None:
    """The page that follows; None after the last."""
    pages = pages_of(application, now)
    at = next((place for place, page in enumerate(pages) if page.state == "now"), -1)
    return pages[at + 1] if 0 <= at < len(pages) - 1 else None


def href_of(application: Application, name: str) -> str:
    return reverse(f"counter:{name}", args=[application.number])


def _names(application: Application) -> list[str]:
    names = list(_PAGES[application.kind])
    if application.kind == Kind.WITHDRAW and application.values.get("scope") != SOME:
        names.remove(PRODUCTS)
    return names


def _label(application: Application, name: str) -> str:
    return _FILL_WORDS.get(application.kind, _WORDS[name]) if name == FILL else _WORDS[name]
