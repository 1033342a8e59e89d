"""A claimant and an owner of one enterprise read nothing of each other."""

import pytest

from portal.applications.cases.models import Application
from tests.make import make_enterprise, make_product, make_user, publish_products
from tests.portal.applications.making import draft_register, hand_in, make_owner

pytestmark = pytest.mark.django_db

INTERNAL = {
    "name": "示例内部才知道的新名称有限公司",
    "address": "内部路 9 号",
    "phone": "0592-6666666",
    "contact_person": "欧阳内部",
    "contact_phone": "13900001111",
}


def page(client, user, address: str) -> str:
    client.force_login(user)
    return client.get(address, follow=True).content.decode()


def test_who_claims_reads_what_the_public_reads_and_nothing_of_the_owner(client):
    product = make_product()
    publish_products(product)
    enterprise, public_name = product.enterprise, product.enterprise.name
    for name, value in INTERNAL.items():
        setattr(enterprise, name, value)
    enterprise.save()
    make_owner(enterprise, last_name="慕容", first_name="主人", email="owner@example.cn")
    claimant = make_user()
    case = draft_register(claimant, uscc=enterprise.uscc, name=public_name)
    pages = [
        page(client, claimant, "/desk/"),
        page(client, claimant, f"/desk/find/?uscc={enterprise.uscc}"),
        page(client, claimant, f"/desk/cases/{case.number}/"),
        page(client, claimant, f"/desk/cases/{case.number}/fill/"),
    ]
    hand_in(case)
    pages.append(page(client, claimant, f"/desk/cases/{case.number}/"))
    assert public_name in "".join(pages)
    for shown in pages:
        for secret in (*INTERNAL.values(), "慕容主人", "owner@example.cn"):
            assert secret not in shown


def test_who_owns_does_not_open_the_claim_or_its_papers(client):
    enterprise = make_enterprise()
    owner = make_owner(enterprise)
    case = hand_in(draft_register(uscc=enterprise.uscc, name=enterprise.name))
    paper = case.documents.first()
    client.force_login(owner)
    for address in (f"/desk/cases/{case.number}/", f"/desk/cases/{case.number}/papers/{paper.pk}/"):
        assert client.get(address).status_code == 404
    assert case.number not in page(client, owner, "/desk/")
    assert not Application.objects.of_account(owner).exists()


def test_an_enterprise_that_nobody_published_is_not_named_to_whoever_types_its_code(client):
    enterprise = make_enterprise()
    shown = page(client, make_user(), f"/desk/find/?uscc={enterprise.uscc}")
    assert enterprise.uscc in shown
    assert enterprise.name not in shown
