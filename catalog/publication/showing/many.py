"""A verdict for each of many numbers: in a number of statements that does not depend on how many they are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from catalog.publication.models import CertificateLine, EnterpriseLine, ProductLine
from catalog.publication.search.rows import UNSHOWN
from catalog.publication.showing.finding import MOST_PRODUCTS, Finding
from catalog.publication.showing.nearest import bearing
from catalog.publication.standing import Standings
from portal.core.pages.reading import ReadAt
from portal.core.pages.statuses import word_of
from portal.core.text.normalise import bare_number, fold_number
from portal.core.text.numbers import format_number, mended_numbers, parse_number
from portal.core.text.pasted import candidates_in, is_code, numbers_in
from portal.core.text.uscc import normalise as normalise_uscc

MOST_NUMBERS = 500
A_STATEMENT = 5_000  # candidates; SQLite takes 32,766 values in one


@dataclass(frozen=True)
class Verdict:
    """One row of the answer."""

    asked: str
    code: str
    number: str = ""
    holder: str = ""
    body: str = ""
    valid_until: date | None = None
    note: str = ""

    @property
    def word(self) -> str:
        return word_of(self.code)

    @property
    def cells(self) -> tuple[str | date | None, ...]:
        """Under HEADINGS."""
        return (self.asked, self.word, self.number, self.holder, self.body, self.valid_until, self.note)


HEADINGS = ("您给的编号", "结论", "本站的编号", "认证委托人或企业", "认证机构", "有效期至", "说明")


def numbers_of(texts: Sequence[str], reading: ReadAt) -> list[str]:
    """The numbers in lines of text, each once, in their order. One more than MOST_NUMBERS says that there are too many."""
    candidates = list(dict.fromkeys(bare_number(one) for text in texts for one in candidates_in(text)))
    parts = (candidates[start : start + A_STATEMENT] for start in range(0, len(candidates), A_STATEMENT))
    lines = (bearing(part, reading.edition).values_list("number_key", flat=True) for part in parts)
    known = {bare_number(key) for part in lines for key in part}
    numbers: dict[str, str] = {}
    for text in filter(str.strip, texts):
        if len(numbers) > MOST_NUMBERS:
            break
        for number in numbers_in(text, lambda one: is_code(one) or bare_number(one) in known):
            numbers.setdefault(fold_number(number), number)
    return list(numbers.values())[: MOST_NUMBERS + 1]


def verdicts(numbers: Sequence[str], reading: ReadAt) -> list[Verdict]:
    """One row a number; two where two bodies use one number."""
    findings = _findings(numbers, reading)
    products, enterprises = _products(numbers, reading), _enterprises(numbers, reading)
    return [
        row
        for number in numbers
        for row in _of_certificates(number, findings.get(bare_number(number), []))
        or [_of_others(number, products, enterprises)]
    ]


def _of_certificates(asked: str, findings: list[Finding]) -> list[Verdict]:
    key = fold_number(asked)
    alike = [finding for finding in findings if finding.line.number_key == key]
    note = "" if alike else "写法与证书不同"
    return [
        Verdict(
            asked,
            finding.code,
            finding.line.number,
            finding.line.applicant_name,
            finding.line.body_name,
            finding.valid_until,
            "；".join(filter(None, [note, _renewed(finding)])),
        )
        for finding in alike or findings
    ]


def _renewed(finding: Finding) -> str:
    return f"已换发 {finding.renewal.number}" if finding.renewal else ""


def _of_others(
    asked: str, products: dict[str, ProductLine], enterprises: dict[str, EnterpriseLine]
) -> Verdict:
    serial = parse_number(asked)
    product = products.get(format_number(serial)) if serial else None
    if product:
        return Verdict(
            asked, "product_number", product.number, product.enterprise_name, note=f"产品：{product.name}"
        )
    enterprise = enterprises.get(normalise_uscc(asked))
    if enterprise:
        return Verdict(asked, "enterprise_code", enterprise.uscc, enterprise.name)
    meant = [number for number in mended_numbers(asked) if number in products]
    if meant:
        return Verdict(asked, "wrong_digit", note=f"是不是 {'、'.join(meant[:3])}")
    return Verdict(asked, "unknown", note="不等于证书是假的；逐个核验可看相近的编号")


def _findings(numbers: Sequence[str], reading: ReadAt) -> dict[str, list[Finding]]:
    """By bare number: what `/check/` says of it, with everything it asks for read for all at once."""
    lines = list(bearing({*map(bare_number, numbers)}, reading.edition).order_by("id"))
    products = _products_on(lines, reading)
    standings = Standings(reading, [*lines, *(line for ones in products.values() for line in ones)])
    renewals = _renewals(lines, reading)
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for line in lines:
        finding = Finding(line, reading, {})
        finding.product_lines = products[line.certificate_id]
        finding.standings = standings
        finding.renewal = renewals.get((line.body_code, line.number))
        found[bare_number(line.number_key)].append(finding)
    return found


def _products_on(lines: list[CertificateLine], reading: ReadAt) -> defaultdict[int, list[ProductLine]]:
    """By certificate, as many products as `/check/` looks at, the newest first."""
    wanted = {line.certificate_id for line in lines}
    products = ProductLine.objects.public(reading.edition).filter(certificate__in=wanted)
    found: defaultdict[int, list[ProductLine]] = defaultdict(list)
    for product in products.defer(*UNSHOWN).order_by("-id").iterator(chunk_size=2_000):
        if product.certificate_id and len(found[product.certificate_id]) <= MOST_PRODUCTS:
            found[product.certificate_id].append(product)
    return found


def _renewals(lines: list[CertificateLine], reading: ReadAt) -> dict[tuple[str, str], CertificateLine]:
    renewing = CertificateLine.objects.public(reading.edition).filter(
        renews_number__in={line.number for line in lines}
    )
    newest_first = renewing.defer(*UNSHOWN).order_by("-id")
    return {(line.body_code, line.renews_number): line for line in newest_first}


def _products(numbers: Sequence[str], reading: ReadAt) -> dict[str, ProductLine]:
    lines = ProductLine.objects.public(reading.edition).filter(number__in=set(_product_numbers(numbers)))
    return {line.number: line for line in lines.defer(*UNSHOWN).order_by("-id")}


def _product_numbers(numbers: Sequence[str]) -> Iterator[str]:
    for number in numbers:
        if serial := parse_number(number):
            yield format_number(serial)
        yield from mended_numbers(number)


def _enterprises(numbers: Sequence[str], reading: ReadAt) -> dict[str, EnterpriseLine]:
    codes = {code for number in numbers if len(code := normalise_uscc(number)) == 18}
    lines = EnterpriseLine.objects.public(reading.edition).filter(uscc__in=codes)
    return {line.uscc: line for line in lines.defer(*UNSHOWN).order_by("-id")}
