"""What stands on a sheet: the same for the page, the PDF, and the comparison with today."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from catalog.publication.models import CertificateLine, Line, ProductLine
from catalog.publication.showing.check import Answer
from catalog.publication.showing.enterprise_page import EnterprisePage
from catalog.publication.showing.finding import Finding
from catalog.publication.showing.history import published_on
from catalog.publication.showing.many import verdicts
from catalog.publication.showing.product_page import ProductPage
from catalog.standing.judging import Standing
from events.commitments.listing import entries
from events.commitments.models import LetterVersion
from portal.core.pages.reading import ReadAt
from portal.core.pages.statuses import STATUSES, word_of
from portal.core.pages.templatetags.pages import STAR_WORDS, day_words

HIDDEN = "（已依法隐去）"
MOST_ROWS = 6


@dataclass(frozen=True)
class State:
    """One of the things that somebody else decides each."""

    matter: str
    code: str
    word: str
    who: str
    since: str


@dataclass(frozen=True)
class Group:
    """Numbers of which the same is said."""

    code: str
    numbers: tuple[str, ...]

    @property
    def word(self) -> str:
        return word_of(self.code)


@dataclass(frozen=True)
class Drawn:
    asked: str
    code: str
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()
    states: tuple[State, ...] = ()
    check: str = ""
    looked: tuple[tuple[str, str], ...] = ()
    groups: tuple[Group, ...] = ()
    lines: tuple[Line, ...] = field(default=(), compare=False)  # what is proved

    @property
    def word(self) -> str:
        return word_of(self.code) if self.code else ""

    @property
    def tone(self) -> str:
        """The class of its colour."""
        return STATUSES[self.code][0] if self.code else ""

    @property
    def said(self) -> list[tuple[str, str]]:
        """What a later answer is compared by; nothing in it depends on how many days have gone by."""
        rows = [("结论", self.word), *self.facts]
        rows += [(state.matter, f"{state.word}，{state.who}，{state.since}") for state in self.states]
        return rows + [(number, group.word) for group in self.groups for number in group.numbers]


def drawn(numbers: list[str], reading: ReadAt) -> Drawn:
    if len(numbers) > 1:
        return of_many(numbers, reading)
    answer = Answer(numbers[0], reading)
    if len(answer.findings) > 1:
        return of_many(numbers, reading)
    if answer.findings:
        return of_certificate(answer.asked, answer.findings[0], reading)
    if answer.product and (page := ProductPage.read(answer.product.number, reading)):
        return of_product(answer.asked, page, reading)
    if answer.enterprise and (page_ := EnterprisePage.read(answer.enterprise.uscc, reading)):
        return of_enterprise(answer.asked, page_, reading)
    return of_nothing(answer, reading)


def of_certificate(asked: str, finding: Finding, reading: ReadAt) -> Drawn:
    line, products = finding.line, finding.products
    holder = products[0].line if products else None
    code = holder.enterprise_uscc if holder else ""
    listed = sum(product.standing.is_current for product in products)
    more = "等" if finding.has_more_products else ""
    facts = [
        ("证书编号", line.number),
        (
            "产品",
            "、".join(dict.fromkeys(product.line.name or HIDDEN for product in products[:MOST_ROWS])) + more,
        ),
        *_holders(line, holder),
        *_of_line(line),
    ]
    states = [
        _certificate_state(line, finding.standing),
        *_listings((one.publisher, one.standing, one.since) for one in products),
    ]
    said = f"截至查询时刻，证书{finding.standing.word}，{listed} 项产品现行列在清单上。"
    renewed = f"已换发新证书 {finding.renewal.number}。" if finding.renewal else ""
    return Drawn(
        f"证书编号 {asked}",
        finding.code,
        said + renewed,
        _written(facts),
        (*states, _letter_state(code, reading)),
        _check(finding.check),
        lines=(line, *[one.line for one in products[:1]]),
    )


def _holders(line: CertificateLine, product: ProductLine | None) -> list[tuple[str, str]]:
    """Who holds the certificate, and who makes the product: two, unless they are called alike."""
    maker = f"{product.enterprise_name or HIDDEN}　{product.enterprise_uscc}" if product else ""
    if product and line.applicant_name in ("", product.enterprise_name):
        return [("持有企业", maker)]
    return [("持有企业", line.applicant_name), ("生产企业", maker)]


def of_product(asked: str, page: ProductPage, reading: ReadAt) -> Drawn:
    line, certificate = page.main, page.certificate
    facts = [
        ("清单编号", line.number),
        ("产品", f"{line.name or HIDDEN}　{line.models_text[:120]}".strip("　")),
        ("生产企业", f"{line.enterprise_name or HIDDEN}　{line.enterprise_uscc}"),
        ("证书编号", line.certificate_number),
        *(
            _of_line(certificate)
            if certificate
            else [("列入依据", f"{line.requirement_title} {line.requirement_version}".strip())]
        ),
    ]
    states = list(_listings((one.publisher, one.standing, published_on(one.origin)) for one in page.listings))
    if certificate and page.certificate_standing:
        states.insert(0, _certificate_state(certificate, page.certificate_standing))
    reason = f"{line.get_reason_code_display()}。{line.reason}" if line.reason_code else ""
    said = (
        f"截至查询时刻，在 {page.listed_count} 份清单上现行。"
        if page.listed_count
        else "截至查询时刻，不在任何清单上。"
    )
    return Drawn(
        f"清单编号 {asked}",
        page.standing.code,
        said + reason,
        _written(facts),
        (*states, _letter_state(line.enterprise_uscc, reading)),
        _check(page.check),
        lines=(line, *([certificate] if certificate else [])),
    )


def of_enterprise(asked: str, page: EnterprisePage, reading: ReadAt) -> Drawn:
    line = page.main
    facts = [
        ("企业", line.name or HIDDEN),
        ("信用代码", line.uscc),
        ("曾用名", "、".join(former["name"] for former in line.former_names[:MOST_ROWS])),
        ("所在地", line.division_name),
        ("在册产品", f"{page.product_count} 项，包括已移出和过期的"),
    ]
    states = _listings((one.publisher, one.standing, published_on(one.origin)) for one in page.listings)
    said = f"截至查询时刻，在 {page.listed_count} 份名录上。产品和证书各有各的状态，请另查。"
    return Drawn(
        f"统一社会信用代码 {asked}",
        page.standing.code,
        said,
        _written(facts),
        (*states, _letter_state(line.uscc, reading)),
        lines=(line,),
    )


def of_nothing(answer: Answer, reading: ReadAt) -> Drawn:
    """No line is public under this number: what was looked through, and what that means."""
    near = "、".join(one.line.number for one in (answer.near or answer.holding)[:3]) or "没有"
    in_notice = "、".join(line.batch.title for line in answer.announced[:2])
    if in_notice:
        code, said = "notice", f"公示中，尚未公布：{in_notice}。公示的内容还不是清单的内容。"
    else:
        code, said = "unknown", f"截至查询时刻，本站第{reading.edition}版清单里没有这个编号。"
    looked = (
        ("现行清单", "没有此编号"),
        ("过期、移出和已换证", "没有此编号"),
        ("公示中的批次", in_notice or "没有此编号"),
        ("编号相近", near),
    )
    return Drawn(f"编号 {answer.asked}", code, said, looked=looked)


def of_many(numbers: list[str], reading: ReadAt) -> Drawn:
    groups: dict[str, list[str]] = {}
    for verdict in verdicts(numbers, reading):
        groups.setdefault(verdict.code, []).append(verdict.asked)
    found = tuple(
        Group(code, tuple(ones)) for code, ones in sorted(groups.items(), key=lambda one: -len(one[1]))
    )
    counts = "，".join(f"{group.word} {len(group.numbers)} 个" for group in found)
    return Drawn(f"{len(numbers)} 个编号", "", f"{counts}。", groups=found)


def _of_line(line: CertificateLine) -> list[tuple[str, str]]:
    issued = f"{day_words(line.issued_on)}至 " if line.issued_on else "至 "
    star = STAR_WORDS.get(str(line.star), "绿色产品" if line.star == "green" else "")
    return [
        ("认证机构", line.body_name),
        ("依据标准", line.standard),
        ("认证等级", star),
        ("有效期", issued + day_words(line.valid_until)),
    ]


def _written(facts: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for label, value in facts if value)


def _certificate_state(line: CertificateLine, standing: Standing) -> State:
    since = {"valid": line.issued_on, "ending": line.issued_on, "expired": line.valid_until}.get(
        standing.code, line.status_on
    )
    return State("证书", standing.code, standing.word, line.body_name, _day(since))


def _listings(listings: Iterable[tuple[str, Standing, date]]) -> Iterable[State]:
    """Each publisher's once; where its list says several things of several products, each of them."""
    once = {
        (publisher, standing.code): (publisher, standing, since) for publisher, standing, since in listings
    }
    for publisher, standing, since in list(once.values())[:MOST_ROWS]:
        listed = publisher if publisher.endswith("清单") else f"{publisher}清单"
        yield State(f"列入{listed}", standing.code, standing.word, f"{publisher}的发布方", _day(since))


def _letter_state(uscc: str, reading: ReadAt) -> State:
    versions = LetterVersion.objects.visible(reading.edition, reading.day).standing().of_enterprise(uscc)
    found = entries(versions.newest_first()[:1], reading) if uscc else []
    if not found:
        return State("企业承诺书", "unknown", "未查到", "企业", "")
    version = found[0].version
    return State(
        "企业承诺书", found[0].code, found[0].word, "企业", _day(version.standing_on or version.signed_on)
    )


def _check(check: object) -> str:
    if check is None:
        return "本站还没有核验记录。"
    day, result, source = check.checked_on, check.get_result_display(), check.source  # type: ignore[attr-defined]
    return f"最近核验 {day_words(day)}，结果为{result}。来源：{source}。"


def _day(day: date | None) -> str:
    return day_words(day) if day else ""
