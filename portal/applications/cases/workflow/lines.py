"""The product lines of a draft: typed ones, and those that name a product of the register."""

from typing import Any

from catalog.products.models import Product, models_key
from portal.applications.cases.cleaning import clean_items
from portal.applications.cases.models import Application, ApplicationKind, Item, ItemState
from portal.core.text.digits import whole
from portal.core.text.normalise import fold
from portal.core.workflow import NotAllowed

from .steps import Faulty

TYPED = ("name", "models_text", "brand", "category_id")
OPEN = (ItemState.PENDING, ItemState.RETURNED)
Key = tuple[str, str]


def save_lines(application: Application, rows: list[dict[str, Any]]) -> bool:
    """Replace the open lines by `rows`; whether anything moved. Raises Faulty with the row and field of each fault."""
    if application.kind == ApplicationKind.PRODUCT:
        return _Lines(application).save([(row.get("id"), _typed(row)) for row in _cleaned(rows)])
    if application.kind in (ApplicationKind.RENEWAL, ApplicationKind.WITHDRAW):
        return _Lines(application).save(_named(application, rows))
    raise NotAllowed("case.no_items", "这种申报不填产品。")


class _Lines:
    def __init__(self, application: Application):
        self.application = application
        items = list(application.items.all())
        self.open = {item.pk: item for item in items if item.state in OPEN}
        self.decided = [item for item in items if item.state not in OPEN]
        self.last = max((item.position for item in items), default=0)

    def save(self, rows: list[tuple[int | None, dict[str, Any]]]) -> bool:
        """Lines keep their place, so that 「第 3 行」 stays the same line in every letter about it."""
        self._refuse_doubles([values for _id, values in rows])
        kept = self._matched(rows)
        dropped = [pk for pk in self.open if pk not in kept]
        changed = [item for item in (self._changed(self.open[pk], kept[pk]) for pk in kept) if item]
        new = [values for item_id, values in rows if item_id not in kept]
        Item.objects.filter(pk__in=dropped).delete()
        Item.objects.bulk_update(changed, [*TYPED, "product_id"] if changed else ["name"], batch_size=500)
        Item.objects.bulk_create(
            [
                Item(application=self.application, position=self.last + place, **values)
                for place, values in enumerate(new, 1)
            ],
            batch_size=500,
        )
        return bool(dropped or changed or new)

    def _matched(self, rows: list[tuple[int | None, dict[str, Any]]]) -> dict[int, dict[str, Any]]:
        by_product = {item.product_id: pk for pk, item in self.open.items() if item.product_id}
        kept = {}
        for place, (item_id, values) in enumerate(rows):
            pk = item_id if item_id in self.open else by_product.get(values.get("product_id", 0))
            if pk is not None and pk not in kept:
                kept[pk] = values
                rows[place] = (pk, values)
        return kept

    @staticmethod
    def _changed(item: Item, values: dict[str, Any]) -> Item | None:
        if all(getattr(item, name) == value for name, value in values.items()):
            return None
        for name, value in values.items():
            setattr(item, name, value)
        return item

    def _refuse_doubles(self, rows: list[dict[str, Any]]) -> None:
        """The same product twice, among the rows or with a line that is decided."""
        decided = {identity(item.name, item.models_text) for item in self.decided if item.state != "rejected"}
        if self.application.kind != ApplicationKind.PRODUCT:
            return
        seen: dict[Key, int] = {}
        faults = {}
        for place, values in enumerate(rows):
            key = identity(values["name"], values["models_text"])
            if not values["name"]:
                continue
            if key in decided:
                faults[f"items.{place}.name"] = (
                    f"第 {place + 1} 行「{values['name'][:30]}」在本件中已经审核过，请删去这一行。"
                )
            elif key in seen:
                faults[f"items.{place}.name"] = (
                    f"第 {place + 1} 行与第 {seen[key] + 1} 行的产品名称和规格型号相同，请删去一行。"
                )
            seen.setdefault(key, place)
        if faults:
            raise Faulty(faults)


def identity(name: str, models_text: str) -> Key:
    """What makes a product the same one under one certificate of one enterprise."""
    return fold(name)[:120], models_key(models_text)


def _cleaned(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    cleaned: list[dict[str, Any]] = []
    faults: dict[str, str] = {}
    for place, (row, (values, found)) in enumerate(zip(rows, clean_items(rows), strict=True)):
        faults |= {f"items.{place}.{name}": f"第 {place + 1} 行{told}" for name, told in found.items()}
        cleaned.append({**values, "id": _key(row.get("id"))})
    if faults:
        raise Faulty(faults)
    return cleaned


def _key(raw: object) -> int:
    """A key as a form sends it; 0, which no row has, for anything else."""
    return whole(raw) or 0


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "models_text": row["models_text"],
        "brand": row["brand"],
        "category_id": row["category"] or None,
    }


def _named(application: Application, rows: list[dict[str, Any]]) -> list[tuple[int | None, dict[str, Any]]]:
    """Rows of products that the enterprise has; of a renewal only those that rest on the old certificate."""
    wanted = list(dict.fromkeys(_key(row.get("product")) for row in rows))
    owned = Product.objects.filter(enterprise=application.enterprise_id)
    if application.kind == ApplicationKind.RENEWAL:
        owned = owned.filter(certificate=application.target.removeprefix("certificate:"))
    found = {product.pk: product for product in owned.filter(pk__in=wanted)}
    if len(found) != len(wanted):
        raise NotAllowed("case.product", "选中的产品里有不属于这家企业或这张证书的，请刷新页面后重选。")
    return [(None, _copied(found[key])) for key in wanted]


def _copied(product: Product) -> dict[str, Any]:
    return {
        "product_id": product.pk,
        "name": product.name,
        "models_text": product.models_text,
        "brand": product.brand,
        "category_id": product.category_id,
    }
