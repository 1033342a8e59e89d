"""The three doors by which a value comes into the registers, each opened as people open it: a workbook that is imported, a
form of the counter that is sent, a page of the back end that is sent.

Each door takes values by (register, field) and gives for each what it said: the value that is stored then, or a sentence.
"""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import Q
from django.test import Client

from catalog.enterprises.models import Enterprise
from catalog.imports.importing import ImportRequest, import_file
from catalog.imports.understanding.faults import MENDED
from catalog.products.models import Category, Certificate, CertificationBody, Product
from portal.applications.cases.models import Application
from portal.applications.cases.workflow import starting
from tests.catalog.imports.workbooks import write_xlsx
from tests.make import make_enterprise, make_uscc, make_user
from tests.portal.applications.counter.world import form_data
from tests.portal.applications.making import make_owner, register_values

Key = tuple[str, str]
Values = dict[Key, list[str]]
BODY, CATEGORY = "ctc", "纸面石膏板"
UNTIL = "2099-12-31"


class Said(NamedTuple):
    value: str | None
    sentence: str


Heard = dict[tuple[str, str, str], Said]


def stored(row: Any, name: str) -> Said:
    value = getattr(row, name)
    return Said(value.isoformat() if isinstance(value, datetime.date) else value or "", "")


TAKEN_AND_TOLD = Said("", "a list is read for what it means, and its sender told; a form asks who types")


def refused(sentence: str) -> Said:
    return Said(None, sentence)


def posts(values: Values, register: str) -> Iterator[dict[str, str]]:
    """One value of each field of a register in each post."""
    columns = {name: texts for (of, name), texts in values.items() if of == register}
    for place in range(max((len(texts) for texts in columns.values()), default=0)):
        yield {name: texts[place] for name, texts in columns.items() if place < len(texts)}


# -- the workbook -----------------------------------------------------------------------------------------------------

HEADINGS = {
    "enterprise": {
        "uscc": "统一社会信用代码",
        "name": "企业名称",
        "phone": "单位电话",
        "website": "网址",
        "address": "地址",
        "contact_person": "联系人",
        "contact_phone": "联系人电话",
    },
    "product": {
        "enterprise": "企业名称",
        "uscc": "统一社会信用代码",
        "name": "产品名称",
        "category": "产品类别",
        "brand": "品牌",
        "models_text": "规格型号",
        "body": "认证机构",
        "number": "证书编号",
        "star": "星级",
        "issued_on": "发证日期",
        "valid_until": "有效期至",
        "standard": "认证依据标准",
        "applicant_name": "认证委托人",
        "maker_name": "制造商",
        "factory_name": "生产厂",
    },
}


def by_workbook(values: Values, folder: Path, client: Client) -> Heard:
    enterprises = {key: texts for key, texts in values.items() if key[0] == "enterprise"}
    others = {key: texts for key, texts in values.items() if key[0] != "enterprise"}
    heard: Heard = {}
    if enterprises:
        rows = [
            (key, text, {"uscc": make_uscc(), "name": f"示例{place}号测试有限公司"} | {key[1]: text})
            for place, (key, text) in enumerate(_each(enterprises))
        ]
        heard |= _imported(rows, "enterprises", folder, lambda cells: _enterprise(cells["uscc"]))
    if others:
        maker = make_enterprise()
        rows = [
            (key, text, _product_cells(maker, place) | {key[1]: text})
            for place, (key, text) in enumerate(_each(others))
        ]
        heard |= _imported(rows, "products", folder, None)
    return heard


def _each(values: Values) -> Iterator[tuple[Key, str]]:
    for key, texts in values.items():
        for text in texts:
            yield key, text


def _product_cells(maker: Enterprise, place: int) -> dict[str, str]:
    return {
        "enterprise": maker.name,
        "uscc": maker.uscc,
        "name": f"示例{place}号板",
        "category": CATEGORY,
        "models_text": f"M-{place}",
        "body": "国检集团",
        "number": f"SL-{maker.pk}-{place}",
        "star": "三星级",
        "valid_until": UNTIL,
    }


def _enterprise(code: str) -> Enterprise:
    return Enterprise.objects.get(uscc=code)


def _imported(rows: list, register: str, folder: Path, find: Any) -> Heard:
    headings = HEADINGS[register.removesuffix("s")]
    sheet = [list(headings.values())]
    sheet += [[cells.get(name, "") for name in headings] for _key, _text, cells in rows]
    path = write_xlsx(folder / f"{register}.xlsx", {"清单": sheet})
    by = make_user("editor")
    outcome = import_file(path, ImportRequest(register, "national", by, is_valid_only=True)).outcome
    said = {(told.row, told.column): told.message for told in (*outcome.faults, *outcome.warnings)}
    mended = {(told.row, told.column) for told in outcome.warnings if told.rule in MENDED}
    heard: Heard = {}
    for number, (key, text, cells) in enumerate(rows, 2):
        column = list(headings).index(key[1]) + 1
        if (number, column) in mended:
            heard[*key, text] = TAKEN_AND_TOLD
        elif (number, column) in said:
            heard[*key, text] = refused(said[number, column])
        else:
            heard[*key, text] = stored(_row_of(key, cells, find), key[1])
    return heard


def _row_of(key: Key, cells: dict[str, str], find: Any) -> Any:
    if find:
        return find(cells)
    product = Product.objects.select_related("certificate").get(
        Q(certificate__number=cells["number"]) if key == ("product", "name") else Q(name=cells["name"])
    )
    return product if key[0] == "product" else product.certificate


# -- the counter ------------------------------------------------------------------------------------------------------


def by_counter(values: Values, folder: Path, client: Client) -> Heard:
    owner = make_owner()
    client.force_login(owner)
    heard: Heard = {}
    enterprise = owner.memberships.get().enterprise
    case = starting.start("register", by=owner, uscc=make_uscc(), values=register_values())
    for typed in posts(values, "enterprise"):
        heard |= _filled(client, case, owner, "enterprise", typed)
    case = starting.start("product", by=owner, enterprise=enterprise, values={"body": BODY})
    for typed in posts(values, "certificate"):
        heard |= _filled(client, case, owner, "certificate", typed)
    for place, typed in enumerate(posts(values, "product")):
        heard |= _line(client, case, owner, place, typed)
    return heard


def _filled(client: Client, case: Application, owner: Any, register: str, typed: dict[str, str]) -> Heard:
    case.refresh_from_db()
    answer = client.post(f"/desk/cases/{case.number}/fill/", form_data(case, owner, **typed))
    errors = answer.context["form"].errors if answer.status_code == 400 else {}
    case.refresh_from_db()
    kept = case.values | case.personal
    return {
        (register, name, text): refused(errors[name][0]) if name in errors else Said(kept[name] or "", "")
        for name, text in typed.items()
    }


def _line(client: Client, case: Application, owner: Any, place: int, typed: dict[str, str]) -> Heard:
    case.refresh_from_db()
    row = {
        "name": f"示例{place}号板",
        "category": _category(),
        "models_text": f"M-{place}",
        "brand": "",
    } | typed
    data = form_data(case, owner, revision=case.revision, **row)
    answer = client.post(f"/desk/cases/{case.number}/products/", data)
    errors = answer.context["form"].errors if answer.status_code == 400 else {}
    item = None if errors else case.items.latest("pk")
    heard: Heard = {}
    for name, text in typed.items():
        if name in errors:
            heard["product", name, text] = refused(errors[name][0])
        elif item:
            heard["product", name, text] = stored(item, name)
        else:
            # Another value of the same line was refused: this one is sent again by itself.
            heard |= _line(client, case, owner, 1000 + len(heard) + 10 * place, {name: text})
    return heard


def _category() -> str:
    return Category.objects.get(name=CATEGORY).code


# -- the back end -----------------------------------------------------------------------------------------------------

NO_FORMER_NAMES = {
    "former_names-TOTAL_FORMS": "0",
    "former_names-INITIAL_FORMS": "0",
    "former_names-MIN_NUM_FORMS": "0",
    "former_names-MAX_NUM_FORMS": "1000",
}


def by_back_end(values: Values, folder: Path, client: Client) -> Heard:
    client.force_login(make_user("editor"))
    heard: Heard = {}
    for register in ("enterprise", "certificate", "product"):
        for place, typed in enumerate(posts(values, register)):
            heard |= _sent(client, register, place, typed)
    return heard


def _sent(client: Client, register: str, place: int, typed: dict[str, str]) -> Heard:
    """One page with all values; where some are refused nothing is stored, so the others are sent again without those."""
    address, data, model = _page(register, place)
    newest = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    answer = client.post(address, data | typed)
    if answer.status_code == 302:
        row = model.objects.get(pk__gt=newest)
        heard = {(register, name, text): stored(row, name) for name, text in typed.items()}
        model.objects.filter(pk=row.pk).delete()
        return heard
    errors = answer.context["adminform"].form.errors
    told = {(register, name, typed[name]): refused(errors[name][0]) for name in typed if name in errors}
    assert told, errors
    rest = {name: text for name, text in typed.items() if name not in errors}
    return told | (_sent(client, register, place, rest) if rest else {})


def _page(register: str, place: int) -> tuple[str, dict[str, Any], Any]:
    if register == "enterprise":
        data = {
            "uscc": make_uscc(),
            "name": f"示例{place}号后台有限公司",
            "division": "350000",
            **NO_FORMER_NAMES,
        }
        return "/admin/enterprises/enterprise/add/", data, Enterprise
    if register == "certificate":
        body = CertificationBody.objects.get(code=BODY)
        data = {
            "body": str(body.pk),
            "number": f"HT-{place}",
            "star": "3",
            "valid_until": UNTIL,
            "status": "valid",
        }
        return "/admin/products/certificate/add/", data, Certificate
    maker = Enterprise.objects.filter(products=None).first() or make_enterprise()
    body = CertificationBody.objects.get(code=BODY)
    certificate, _ = Certificate.objects.get_or_create(
        body=body, number="HT-basis", defaults={"star": "3", "valid_until": UNTIL}
    )
    data = {
        "enterprise": maker.uscc,
        "category": _category(),
        "name": f"示例{place}号板",
        "models_text": f"M-{place}",
        "certificate": f"{body.code}:{certificate.number}",
    }
    return "/admin/products/product/add/", data, Product


DOORS = {"workbook": by_workbook, "counter": by_counter, "back end": by_back_end}
