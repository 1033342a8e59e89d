"""Who may open which page of the back end: the table, and a test that reads it.

200 opened, 302 done or sent on, 400 asks again, 403 not permitted, 404 does not exist for this person, 409 refused.
The pilot officer is of 福建; the rows in the table are national, so that their batch is out of scope.
"""

import pytest
from django.contrib import admin
from django.urls import reverse

from catalog.publication.desk.steps import PAGES
from portal.pages.version_admin import VersionAdmin
from tests.make import (
    enter,
    make_batch,
    make_division,
    make_product,
    make_requirement,
    make_user,
    publish_products,
)

pytestmark = pytest.mark.django_db

WHO = (
    "visitor",
    "editor",
    "reviewer",
    "publisher",
    "pilot_officer:350000",
    "support",
    "auditor",
    "administrator",
)
TABLE = """
page                          visitor editor reviewer publisher pilot support auditor administrator
home                          302     200    200      200       200   200     200     200
roles                         302     200    200      200       200   200     200     200
password_change               302     200    200      200       200   200     200     200

enterprises_enterprise        302     200    200      200       200   403     200     403
enterprises_enterprise+add    302     200    403      403       200   403     403     403
enterprises_enterprise+change 302     200    200      200       200   403     200     403
products_product              302     200    200      200       200   403     200     403
products_product+add          302     200    403      403       200   403     403     403
products_product+change       302     200    200      200       200   403     200     403
products_certificate          302     200    200      200       200   403     200     403
products_certificate+add      302     200    403      403       200   403     403     403
products_certificate+change   302     200    200      200       200   403     200     403
products_certificate_check    302     200    200      200       403   403     403     403
products_localrequirement     302     200    200      200       200   403     200     403
products_localrequirement+add 302     200    403      403       200   403     403     403
products_category             302     200    200      200       200   403     200     403
products_category+add         302     200    403      403       403   403     403     403
products_certificationbody    302     200    200      200       200   403     200     403
products_certificationbody+add 302    200    403      403       403   403     403     403
products_catalogue            302     200    200      200       200   403     200     403
products_catalogue+add        302     200    403      403       403   403     403     403
products_certificatecheck     302     200    200      200       200   403     200     403
products_certificatecheck+add 302     403    403      403       403   403     403     403

publication_batch             302     200    200      200       200   403     200     403
publication_batch+add         302     200    403      403       200   403     403     403
publication_batch+change      302     200    200      200       404   403     200     403
publication_batch_head        302     200    403      403       404   403     403     403
publication_batch_entries     302     200    403      403       404   403     403     403
publication_batch_act         302     200    403      403       200   403     403     403
publication_batch_hold        302     403    403      200       403   403     403     403
publication_productline       302     200    200      200       200   403     200     403
publication_productline+add   302     403    403      403       403   403     403     403
publication_productline+change 302    200    200      200       200   403     200     403
publication_enterpriseline    302     200    200      200       200   403     200     403
publication_enterpriseline+add 302    403    403      403       403   403     403     403
publication_certificateline   302     200    200      200       200   403     200     403
publication_certificateline+add 302   403    403      403       403   403     403     403
publication_hold              302     200    200      200       200   403     200     403
publication_hold+add          302     403    403      403       403   403     403     403

step submit                   302     200    403      403       404   403     403     403
step approve                  302     403    200      200       404   403     403     403
step send-back                302     403    200      200       404   403     403     403
step open-notice              302     403    403      200       404   403     403     403
step publish                  302     403    403      200       404   403     403     403
step cancel                   302     200    403      403       404   403     403     403
step stop-notice              302     403    403      200       404   403     403     403

campaigns_organisationversion 302     200    200      200       403   403     200     403
campaigns_organisationversion+add 302 200    403      403       403   403     403     403
regions_division              302     200    200      200       200   403     200     403
regions_division+add          302     403    403      403       403   403     403     403
editions_edition              302     200    200      200       200   403     200     403
editions_edition+add          302     403    403      403       403   403     403     403
audit_auditevent              302     403    403      403       403   403     200     403
audit_auditevent+add          302     403    403      403       403   403     403     403
audit_change                  302     403    403      403       403   403     200     403
audit_change+add              302     403    403      403       403   403     403     403
accounts_user                 302     403    403      403       403   403     200     200
accounts_user+add             302     403    403      403       403   403     403     200
accounts_user+change          302     403    403      403       403   403     200     200
accounts_user_password        302     403    403      403       403   403     403     200
"""
OURS = {"accounts", "audit", "campaigns", "editions", "enterprises", "products", "publication", "regions"}


def rows():
    for line in TABLE.strip().splitlines()[1:]:
        cells = line.rsplit(None, len(WHO)) if line else []
        if cells:
            yield cells[0].strip(), [int(cell) for cell in cells[1:]]


@pytest.fixture
def world():
    """A published product of 福建, and a national draft."""
    make_division()
    product = make_product()
    publish_products(product)
    make_requirement()
    return {
        "product": product,
        "batch": enter(make_batch(ordinal=2), make_product()),
        "line": product.lines.get(),
        "account": make_user("editor"),
    }


def address_of(page, world):
    if page == "home":
        return reverse("admin:index")
    if page == "roles":
        return reverse("admin:accounts_role_table")
    if page == "password_change":
        return reverse("admin:password_change")
    if page.startswith("step "):
        name = page.removeprefix("step ").replace("-", "_")
        return reverse(f"admin:publication_batch_{name}", args=[world["batch"].pk])
    model, _, part = page.partition("+")
    if part == "change":
        return reverse(f"admin:{model}_change", args=[pk_of(model, world)])
    if part == "add":
        return reverse(f"admin:{model}_add")
    special = {
        "products_certificate_check": [world["product"].certificate_id],
        "publication_batch_head": [world["batch"].pk],
        "publication_batch_entries": [world["batch"].pk],
        "publication_batch_act": ["product", world["product"].pk],
        "publication_batch_hold": ["product", world["product"].pk],
        "accounts_user_password": [world["account"].pk],
    }
    if model in special:
        return reverse(f"admin:{model}", args=special[model])
    return reverse(f"admin:{model}_changelist")


def pk_of(model, world):
    return {
        "enterprises_enterprise": world["product"].enterprise_id,
        "products_product": world["product"].pk,
        "products_certificate": world["product"].certificate_id,
        "publication_batch": world["batch"].pk,
        "publication_productline": world["line"].pk,
        "accounts_user": world["account"].pk,
    }[model]


@pytest.mark.parametrize(("place", "who"), list(enumerate(WHO)))
def test_the_table_of_access_is_true(client, world, place, who):
    if who != "visitor":
        client.force_login(make_user(who))
    wrong = {}
    for page, expected in rows():
        status = client.get(address_of(page, world)).status_code
        if status != expected[place]:
            wrong[page] = f"{status}, not {expected[place]}"
    assert not wrong, wrong


def test_every_page_and_every_step_stands_in_the_table():
    named = {page for page, _expected in rows()}
    for model, page in admin.site._registry.items():
        opts = model._meta
        if opts.app_label in OURS and not isinstance(page, VersionAdmin):  # tested where versions are
            assert f"{opts.app_label}_{opts.model_name}" in named
            assert f"{opts.app_label}_{opts.model_name}+add" in named
    assert {f"step {slug}" for slug in PAGES} <= named


@pytest.mark.parametrize("who", ["support", "auditor", "administrator"])
def test_whoever_only_reads_changes_nothing_by_any_post(client, world, who):
    client.force_login(make_user(who))
    product, batch = world["product"], world["batch"]
    addresses = [
        reverse("admin:enterprises_enterprise_change", args=[product.enterprise_id]),
        reverse("admin:products_product_change", args=[product.pk]),
        reverse("admin:products_certificate_change", args=[product.certificate_id]),
        reverse("admin:products_certificate_check", args=[product.certificate_id]),
        reverse("admin:publication_batch_head", args=[batch.pk]),
        reverse("admin:publication_batch_entries", args=[batch.pk]),
        reverse("admin:publication_batch_missing", args=[batch.pk]),
        reverse("admin:publication_batch_act", args=["product", product.pk]),
        reverse("admin:publication_batch_hold", args=["product", product.pk]),
        *(address_of(f"step {slug}", world) for slug in PAGES),
    ]
    for address in addresses:
        assert client.post(address, {"reason": "试试", "digest": "0" * 64}).status_code == 403, address
    batch.refresh_from_db()
    assert batch.state == "draft"
