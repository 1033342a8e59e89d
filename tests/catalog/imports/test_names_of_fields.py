"""A field of an import is called as the column that it fills; what was said before under another name stays true."""

import importlib
import json

import pytest
from django.apps import apps

from catalog.enterprises.models import Enterprise
from catalog.imports.checking.file import heading_choices
from catalog.imports.models import HeadingChoice
from catalog.imports.understanding.cleaning import LABELS
from catalog.products.models import Certificate, Product
from catalog.publication.models import ProductLine
from tests.make import make_enterprise, make_user

from .conftest import HEADINGS, product_row
from .workbooks import write_xlsx

pytestmark = pytest.mark.django_db
renaming = importlib.import_module("catalog.imports.migrations.0003_name_fields_as_their_columns")


def test_every_field_of_a_product_is_a_column_of_the_register_or_of_its_line():
    models = (Product, Certificate, Enterprise, ProductLine)
    columns = {field.name for model in models for field in model._meta.concrete_fields}
    assert LABELS["products"].keys() <= columns


def test_scripts_read_the_names_they_were_promised(tmp_path, import_list):
    more = {"认证委托人": "甲", "制造商": "乙", "生产厂": "丙"}
    rows = [[*HEADINGS, *more], [*product_row(make_enterprise()), *more.values()]]

    _code, printed = import_list(write_xlsx(tmp_path / "a.xlsx", {"清单": rows}), "--json", "--dry-run")

    headings = json.loads(printed)["headings"]
    promised = {
        "证书编号": "certificate",
        "规格型号": "models",
        "认证委托人": "applicant",
        "制造商": "maker",
        "生产厂": "factory",
        "产品名称": "name",
    }
    assert promised.items() <= headings.items()


def test_what_was_said_of_a_heading_under_the_old_name_is_still_understood():
    by = make_user("editor")
    old = {
        "我们的证号": ("products", "certificate"),
        "型": ("products", "models"),
        "别": ("enterprises", "name"),
    }
    for key, (register, field) in old.items():
        HeadingChoice.objects.create(
            publisher="national", register=register, heading_key=key, heading=key, field=field, chosen_by=by
        )

    renaming.to_columns(apps, None)

    assert heading_choices("products", "national") == {
        "我们的证号": "certificate_number",
        "型": "models_text",
    }
    assert heading_choices("enterprises", "national") == {"别": "name"}
    renaming.to_old_names(apps, None)
    assert heading_choices("products", "national") == {"我们的证号": "certificate", "型": "models"}
