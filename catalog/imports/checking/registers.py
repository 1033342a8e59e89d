"""What the registers know, read once before a check: makers, bodies, categories, local requirements."""

import re
from collections import defaultdict
from difflib import get_close_matches
from functools import lru_cache

from catalog.enterprises.models import Enterprise, FormerName
from catalog.fields.codes import code_rule
from catalog.fields.invalid import InvalidValue
from catalog.products.models import Category, CertificationBody, LocalRequirement
from portal.core.text.normalise import fold
from portal.core.text.uscc import Verdict
from portal.core.text.uscc import province_of as uscc_province

from ..understanding.firm_names import as_printed, core_of

ALIKE = 0.8  # of two names without their legal forms
MOST_OFFERED = 500  # names of a file that are looked for: comparing costs, and nobody reads more
MOST_ALIKE = 300  # names that begin or end alike: 建筑材料 says nothing
END = 4  # characters at either end that two names have in common before they are compared
fold_once = lru_cache(maxsize=16_384)(fold)


class Makers:
    """Enterprises by code and by name. Compact: a hundred thousand of them fit in memory."""

    def __init__(self) -> None:
        self.by_code: dict[str, int] = {}
        self.codes: dict[int, str] = {}
        self.names: dict[int, str] = {}
        self.by_name: dict[str, list[int]] = defaultdict(list)
        self.former: dict[int, set[str]] = defaultdict(set)
        self.divisions: dict[int, str] = {}
        self._nearby: dict[str, list[str]] | None = None
        self.looked_for = 0
        columns = Enterprise.objects.values_list("pk", "uscc", "name", "name_key", "division_id")
        for pk, code, name, key, division in columns.iterator(chunk_size=5000):
            self.by_code[code], self.codes[pk], self.names[pk] = pk, code, name
            self.divisions[pk] = division or ""
            self.by_name[key].append(pk)
        for pk, key in FormerName.objects.values_list("enterprise_id", "name_key").iterator(chunk_size=5000):
            self.former[pk].add(key)
            if pk not in self.by_name[key]:
                self.by_name[key].append(pk)

    def is_called(self, pk: int, name: str) -> bool:
        key = fold_once(name)[:120]
        return key == fold_once(self.names[pk])[:120] or key in self.former.get(pk, ())

    def called(self, name: str) -> list[int]:
        """Those that bear the name now; where none does, those that bore it. Of several the one that is printed so."""
        found = self.by_name.get(fold_once(name)[:120], [])
        if len(found) < 2:
            return found
        now = [pk for pk in found if fold_once(self.names[pk]) == fold_once(name)] or found
        printed = [pk for pk in now if as_printed(self.names[pk]) == as_printed(name)]
        return printed or now

    def nearest(self, name: str) -> str:
        """The registered name that was most likely meant, else ''."""
        self.looked_for += 1
        if self.looked_for > MOST_OFFERED:
            return ""
        core = core_of(name)
        named = (self._near().get(part, ()) for part in _ends(core))
        alike = [known for names in named if len(names) <= MOST_ALIKE for known in names]
        by_core = {core_of(known): known for known in alike}
        found = get_close_matches(core, by_core, n=1, cutoff=ALIKE)
        return by_core[found[0]] if found else ""

    def _near(self) -> dict[str, list[str]]:
        """Names by the first and by the last characters of what distinguishes them; built when somebody asks."""
        if self._nearby is None:
            self._nearby = defaultdict(list)
            for name in self.names.values():
                for part in _ends(core_of(name)):
                    self._nearby[part].append(name)
        return self._nearby

    def province_of(self, pk: int) -> str:
        """Two digits: where it lies, or else where it is registered."""
        return self.divisions[pk][:2] or (uscc_province(self.codes[pk]) or "")[:2]

    def check_code(self, verdict: Verdict) -> None:
        """A code that breaks the standard is taken only when somebody has compared the licence and registered it."""
        if not verdict.is_valid and verdict.code not in self.by_code:
            raise InvalidValue(code_rule(verdict), reason=verdict.reason)


def _ends(core: str) -> set[str]:
    return {core[:END], core[-END:]} if len(core) >= END else set()


_WITH_NOTE = re.compile(r"([^()]+)\(([^()]+)\)")
LEADING_LETTERS = re.compile(r"[a-z]{2,}")


class Bodies:
    """Certification bodies by full name, short name or code."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        for body in CertificationBody.objects.all():
            for name in (body.code, *body.short_names, body.name):
                self.known[fold(str(name))] = body.pk

    def find(self, name: str) -> int:
        folded = fold_once(name)
        if (found := self.known.get(folded) or self._said_twice(folded)) is None:
            raise InvalidValue("body-unknown", value=name)
        return found

    def _said_twice(self, folded: str) -> int | None:
        """「国检集团（CTC）」: both are names of one body."""
        parts = _WITH_NOTE.fullmatch(folded)
        named = {self.known.get(part) for part in parts.groups()} if parts else {None}
        return named.pop() if len(named) == 1 else None

    def of_number(self, number: str) -> int | None:
        """The body whose own letters a certificate number begins with (CABR-01(02)…, CQC25001); None where none does."""
        letters = LEADING_LETTERS.match(fold(number))
        return self.known.get(letters[0]) if letters else None


class Categories:
    """Categories by name, alias or code; where two schemes share a name, the star says which is meant."""

    def __init__(self) -> None:
        self.known: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        self.by_standard: dict[str, set[str]] = defaultdict(set)
        self.labels: dict[str, str] = {}
        for category in Category.objects.all():
            self.labels[category.code] = category.name
            entries = [
                (0, category.name),
                (0, category.code),
                *((1, str(alias)) for alias in category.aliases),
            ]
            for rank, name in entries:
                self.known[fold(name)].append((rank, category.scheme, category.code))
            if category.standard_number:
                self.by_standard[fold(category.standard_number)].add(category.code)

    def find(self, name: str, star: str) -> str:
        """The code of the category; the category's own name goes before another's alias."""
        folded = fold_once(name)
        found = (
            self.known.get(folded)
            or self.known.get(folded.removesuffix("类"))
            or self.known.get(f"{folded}类")
        )
        if not found:
            raise InvalidValue("category-unknown", value=name, hint=self._hint(folded))
        scheme = Category.Scheme.GREEN_PRODUCT if star == "green" else Category.Scheme.GREEN_MATERIAL
        return min(found, key=lambda entry: (entry[1] != scheme, entry[0], entry[2]))[2]

    def section(self, text: str) -> str:
        """The text, if it names a category; '' else. Rows are headed by such a text in lists that have no column for it."""
        folded = fold_once(text)
        return (
            text
            if any(name in self.known for name in (folded, folded.removesuffix("类"), f"{folded}类"))
            else ""
        )

    def called(self, product: str) -> str:
        """The category that a product is named exactly after, else ''."""
        found = self.known.get(fold_once(product), [])
        codes = {code for rank, _scheme, code in found if rank == 0}
        return next(iter(codes)) if len(codes) == 1 else ""

    def of_standard(self, standard: str) -> str:
        """The one category that is certified to this standard, else ''."""
        found = self.by_standard.get(fold_once(standard), set())
        return next(iter(found)) if len(found) == 1 else ""

    def _hint(self, folded: str) -> str:
        """Names that share the most pairs of characters, most alike first."""
        pairs = {folded[at : at + 2] for at in range(len(folded) - 1)}
        alike = sorted(
            (
                (len(pairs & {name[at : at + 2] for at in range(len(name) - 1)}), name)
                for name in map(fold_once, self.labels.values())
            ),
            reverse=True,
        )
        names = [name for count, name in alike[:3] if count]
        return f"，例如「{'」「'.join(names)}」" if names else ""


class Requirements:
    """The local requirements of one publisher by title, with or without version; the newest of a title counts."""

    def __init__(self, publisher: str) -> None:
        self.known: dict[str, int] = {}
        for requirement in LocalRequirement.objects.filter(publisher=publisher).order_by("from_on", "pk"):
            self.known[fold(requirement.title)] = requirement.pk
            self.known[fold(f"{requirement.title}{requirement.version}")] = requirement.pk
            self.known[fold(str(requirement))] = requirement.pk

    def find(self, name: str) -> int:
        if (found := self.known.get(fold_once(name))) is None:
            raise InvalidValue("requirement-unknown", value=name)
        return found
