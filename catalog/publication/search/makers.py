"""The directory by what its enterprises make: postings of enterprise lines that follow from the product list."""

import datetime
from collections import defaultdict

from pyroaring import FrozenBitMap

from catalog.products.models import Category
from catalog.publication.models import CertificateLine, EnterpriseLine, ProductLine

from .bitmaps import product_bitmaps, remembered
from .documents import facet


def entries_by_products(edition: int, day: datetime.date) -> dict[str, FrozenBitMap]:
    """Enterprise lines by category, group, star and basis of the enterprise's current products."""
    if not edition:
        return {}
    return remembered("makers", edition, day, lambda: _entries_by_products(edition, day))


def _entries_by_products(edition: int, day: datetime.date) -> dict[str, FrozenBitMap]:
    entries: defaultdict[int, list[int]] = defaultdict(list)
    for pk, enterprise in EnterpriseLine.objects.public(edition).values_list("pk", "enterprise_id"):
        entries[enterprise].append(pk)
    return {
        term: FrozenBitMap(pk for enterprise in makers for pk in entries[enterprise])
        for term, makers in _makers(edition, day).items()
    }


def _makers(edition: int, day: datetime.date) -> dict[str, set[int]]:
    current = product_bitmaps(edition, day).of("current")
    groups = dict(Category.objects.values_list("code", "group_code"))
    stars = dict(CertificateLine.objects.public(edition).values_list("certificate_id", "star"))
    makers: defaultdict[str, set[int]] = defaultdict(set)
    columns = ("pk", "enterprise_id", "category_code", "basis", "certificate_id")
    for pk, enterprise, category, basis, certificate in (
        ProductLine.objects.public(edition).values_list(*columns).iterator(chunk_size=5000)
    ):
        if pk in current:
            makers[facet("category", category)].add(enterprise)
            makers[facet("category", groups.get(category, ""))].add(enterprise)
            makers[facet("basis", basis)].add(enterprise)
            makers[facet("star", stars.get(certificate, ""))].add(enterprise)
    return dict(makers)
