"""What an editor sends to the desk of notices, and reads there."""

import re

from events.notices.models import NoticeVersion

from .make import form_of

LIST = "/admin/notices/noticeversion/"


def page(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def send(client, version: NoticeVersion | None = None, status: int = 302, **fields):
    address = f"{LIST}{version.pk}/change/" if version else f"{LIST}add/"
    response = client.post(address, form_of(version, **fields))
    assert response.status_code == status, re.findall(
        r'class="err".*?<span>(.*?)</span>', response.content.decode()
    )
    return NoticeVersion.objects.order_by("-pk").first(), response.content.decode()


def step(client, version: NoticeVersion, code: str, status: int = 302, **fields):
    response = client.post(f"{LIST}{version.pk}/{code}/", fields)
    assert response.status_code == status
    return response.content.decode()


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found[1]
