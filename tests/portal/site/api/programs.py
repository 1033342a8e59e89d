"""Asks the interface as a program does, and makes what it is asked about."""

import io
import json
from typing import Any
from urllib.parse import quote

from catalog.products.models import Product
from catalog.publication.models import ProductLine
from events.notices.models import Notice, NoticeVersion
from portal.core.editions import clock
from tests.make import publish_version


def ask(client, address: str, status: int = 200, **headers: str) -> Any:
    path = quote(address.removeprefix("http://localhost:8000"), safe="/?=&%-.+")
    response = client.get(path, headers=headers)
    assert response.status_code == status, (address, response.status_code, response.content.decode()[:600])
    return json.loads(response.content) if response.content else None


def opener(client):
    """In place of `urlopen`."""

    def urlopen(address: str, timeout: int = 0):
        return io.StringIO(json.dumps(ask(client, address)))

    return urlopen


def make_notice(**changes) -> NoticeVersion:
    notice = changes.pop("notice", None) or Notice.objects.create()
    values = {
        "kind": "announcement",
        "title": "关于公布清单的通知",
        "dated_on": clock.today(),
        "source": "推进组",
        "summary": "摘要",
        "body": "<p>正文</p>",
    }
    return publish_version(NoticeVersion(notice=notice, key=notice.key, **values | changes))


def number_of(product: Product) -> str:
    return ProductLine.objects.filter(product=product).values_list("number", flat=True)[0]
