"""Marks of origin are for programs; people read words."""

import pytest

from portal.core.audit.changes import save_working
from portal.core.audit.models import Change
from portal.core.audit.sources import source_words
from tests.make import enter, make_batch, make_enterprise, make_product, make_user


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("import:12", "导入 12"),
        ("import:12:back", "撤回导入 12"),
        ("case 261129-55895", "申报 261129-55895"),
        ("desk", "工作台"),
        ("", "工作台"),
        ("演示数据，虚构", "演示数据，虚构"),
    ],
)
def test_a_mark_is_read_in_words(mark, words):
    assert source_words(mark) == words


@pytest.mark.django_db
def test_the_pages_of_the_desk_say_the_words(client):
    batch = enter(make_batch(), make_product())
    batch.entries.update(source="import:12")
    enterprise = make_enterprise()
    enterprise.name = "示例新名有限公司"
    save_working(enterprise, by=make_user("editor", username="bianji"), source="import:7")
    client.force_login(make_user("editor", "auditor"))
    for address, words in (
        (f"/admin/publication/batch/{batch.pk}/entries/", "导入 12"),
        (f"/admin/enterprises/enterprise/{enterprise.pk}/history/", "导入 7"),
        ("/admin/audit/change/", "导入 7"),
        (f"/admin/audit/change/{Change.objects.latest('pk').pk}/change/", "导入 7"),
    ):
        page = client.get(address).content.decode()
        assert words in page, address
        assert "import:" not in page, address
