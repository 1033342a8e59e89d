"""What is frozen and published went through the judge: rows of before it are told when a batch is compiled, and refused."""

import pytest

from catalog.enterprises.models import FormerName
from catalog.publication.compiling import compose
from catalog.publication.compiling.problems import BatchRefused
from catalog.publication.models import Action, ProductLine
from catalog.publication.publishing import workflow
from tests.catalog.publication.stories import act
from tests.make import enter, make_batch, make_product, make_user, publish, publish_products

pytestmark = pytest.mark.django_db
OLD = [
    ("enterprise", "name", "示例АВС建材有限公司", "“А”是外文字母"),
    ("enterprise", "phone", "abc", "「单位电话」不像电话号码"),
    ("enterprise", "phone", "0592-1234567\u200b", "看不见"),
    ("enterprise", "website", "http://localhost", "「网址」不是公开的网址"),
    ("enterprise", "website", "ftp://example.cn", "「网址」不是公开的网址"),
    ("enterprise", "website", "http://user:pw@example.cn/", "「网址」不是公开的网址"),
    ("certificate", "number", "СGP-0001", "“С”是外文字母"),
    ("certificate", "maker_name", "示例\u202e公司", "看不见"),
    ("product", "name", "示例О板", "“О”是外文字母"),
    ("product", "brand", "示\u200b例", "第 2 个字符看不见"),
    ("product", "models_text", "A\u202eB", "看不见"),
]


def old_row(product, register: str, name: str, value: str) -> None:
    """As it was stored before there was one judge: past every form."""
    row = {"product": product, "certificate": product.certificate, "enterprise": product.enterprise}[register]
    type(row).objects.filter(pk=row.pk).update(**{name: value})


@pytest.mark.parametrize(("register", "name", "value", "said"), OLD)
def test_a_row_of_before_the_judge_is_told_and_not_frozen(register, name, value, said):
    product = make_product()
    old_row(product, register, name, value)
    batch = enter(make_batch(), product)
    (problem,) = compose.compose(batch).problems
    assert problem.rule == "line.unfit"
    assert said in str(problem)
    product.refresh_from_db()
    named = {"enterprise": product.enterprise.name, "product": product.name}
    assert problem.name == named.get(register, product.certificate.number)
    with pytest.raises(BatchRefused) as refusal:
        workflow.submit(batch, by=make_user("editor"))
    assert refusal.value.rule == "line.unfit"


def test_a_former_name_is_public_and_is_judged():
    product = make_product()
    FormerName.objects.create(enterprise=product.enterprise, name="示例Со老厂")
    (problem,) = compose.compose(enter(make_batch(), product)).problems
    assert "「曾用名」" in problem.sentence


def test_values_that_every_door_takes_are_no_problem_however_they_were_kept():
    product = make_product()
    old_row(product, "enterprise", "phone", "（0592）1234567")
    old_row(product, "product", "models_text", "N 类\nPY 类")
    assert not compose.compose(enter(make_batch(), product)).problems


@pytest.mark.parametrize(("register", "name", "value", "said"), OLD)
def test_a_batch_that_was_frozen_before_the_judge_is_not_published(monkeypatch, register, name, value, said):
    product = make_product()
    old_row(product, register, name, value)
    batch = enter(make_batch(), product)
    with monkeypatch.context() as before:
        before.setattr(compose, "unfit_lines", lambda lines: [])
        batch = workflow.submit(batch, by=make_user("editor"))
    batch = workflow.approve(batch, by=make_user("reviewer"))
    with pytest.raises(BatchRefused) as refusal:
        workflow.publish(batch, by=make_user("publisher"))
    assert said in refusal.value.sentence
    assert not ProductLine.objects.current().exists()


def test_what_was_public_before_the_judge_can_still_be_removed(monkeypatch):
    product = make_product(name="示例О板")
    with monkeypatch.context() as before:
        before.setattr(compose, "unfit_lines", lambda lines: [])
        before.setattr("catalog.publication.publishing.checks.unfit_frozen_lines", lambda batch: [])
        publish_products(product)
    act(product, Action.REMOVE)
    assert ProductLine.objects.current().get().listing_status == "removed"


def test_a_mended_row_is_published():
    product = make_product()
    old_row(product, "enterprise", "phone", "abc")
    batch = enter(make_batch(), product)
    old_row(product, "enterprise", "phone", "0592-1234567")
    publish(batch)
    assert ProductLine.objects.current().exists()
