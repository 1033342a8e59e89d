"""What these tests begin with, and what an approval put into the drafts of batches."""

from catalog.publication.models import BatchEntry
from portal.core.text.uscc import check_character
from tests.make import make_enterprise, make_product, make_uscc, publish_products
from tests.portal.applications.making import draft_change, make_owner


def entries(kind: str = "batch", publisher: str = "national") -> list[BatchEntry]:
    return list(BatchEntry.objects.filter(batch__kind=kind, batch__publisher=publisher).order_by("id"))


def actions(kind: str, publisher: str = "national") -> list[tuple[str, str]]:
    return [(entry.action, str(entry.enterprise or entry.product)) for entry in entries(kind, publisher)]


def listed_owner(**changes) -> tuple:
    """An enterprise with one listed product, and its owner."""
    product = make_product(enterprise=make_enterprise(**changes))
    publish_products(product)
    return product, make_owner(product.enterprise)


def doubtful_code() -> str:
    front = make_uscc()[:17]
    return front + next(char for char in "0123456789" if char != check_character(front))


def renamed(by, **changes):
    values = {"name": "示例新名称有限公司", "renamed_on": "2026-10-01", "rename_evidence": "变更登记通知书"}
    return draft_change(by, **(values | changes))
