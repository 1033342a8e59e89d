"""`manage.py mirror`: what it says, and how it ends."""

from io import StringIO
from urllib.parse import urlsplit

import lxml.html
import pytest
from django.core.management import call_command

from portal.core.index.models import IndexState
from portal.core.text.tokens import RULES
from portal.core.workflow import NotAllowed
from portal.site.mirror import folder as folders
from portal.site.mirror.subject import Subject
from tests.make import publish_products

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_command_says_what_it_did_and_that_nobody_signed(settings, tmp_path):
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("mirror", tmp_path / "copy", stdout=out)
    assert ended.value.code == 1
    assert "还没有公布过内容" in out.getvalue()
    publish_products()
    with pytest.raises(NotAllowed, match="没有第0版"):
        Subject.asked(0, ())
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    with pytest.raises(SystemExit) as ended:
        call_command("mirror", tmp_path / "full", stdout=out)
    assert ended.value.code == 1
    assert "里有别的文件" in out.getvalue()
    IndexState.objects.update(rules=1)
    with pytest.raises(SystemExit) as ended:
        call_command("mirror", tmp_path / "copy", stdout=out)
    assert ended.value.code == 1
    assert "是按旧的分词规则建的。请先运行 manage.py build_index" in out.getvalue()
    IndexState.objects.update(rules=RULES)
    settings.LOG_KEY_FILE.write_text("no key")
    with pytest.raises(SystemExit) as ended:
        call_command("mirror", tmp_path / "copy", processes=1, stdout=out)
    assert ended.value.code == 2
    assert "没有签名：LOG_KEY_FILE" in out.getvalue()
    about = lxml.html.document_fromstring((tmp_path / "copy" / "copy.html").read_text())
    assert "这份副本没有签名" in about.text_content()
    files = [
        link for link in about.xpath("//a/@href") if not urlsplit(link).scheme and not link.startswith("#")
    ]
    assert [link for link in files if not (tmp_path / "copy" / link).is_file()] == []
    assert not (tmp_path / "copy" / folders.NOTE).exists()
