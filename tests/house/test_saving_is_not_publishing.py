"""Every form of the back end is filled in and sent: whatever it saves, no public byte and no edition changes."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse

from portal.core.editions.models import Edition
from portal.core.pages import cache
from tests.make import make_product, make_user, publish_products

pytestmark = pytest.mark.django_db

PUBLIC = (
    "/",
    "/products/",
    "/products/export.csv",
    "/enterprises/",
    "/batches/",
    "/notices/",
    "/regions/",
    "/regions/350000/",
    "/campaigns/2022/",
    "/activities/",
    "/commitments/",
    "/organisations/",
    "/online/",
    "/online/jd.json",
)


class Fields(HTMLParser):
    """The fields of the largest form that is posted in a page, filled in as somebody in a hurry would."""

    def __init__(self, page: str):
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.text_fields: set[str] = set()
        self._is_inside = False
        self._select: str | None = None
        self._area: str | None = None
        self.feed(page)
        self.values = max(self.forms, key=len, default={})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form" and given.get("method", "").lower() == "post":
            self._is_inside = True
            self.forms.append({})
        if not self._is_inside:
            return
        values = self.forms[-1]
        if tag == "input" and name and given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                values[name] = given.get("value") or "on"
        elif tag == "input" and name and given.get("type") not in ("file", "submit"):
            values[name] = given.get("value", "")
            if given.get("type", "text") == "text":
                self.text_fields.add(name)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and given.get("value"):
            if "selected" in given or not values.get(self._select):
                values[self._select] = given["value"]
        elif tag == "textarea":
            self._area = name
            values[name] = ""
            self.text_fields.add(name)

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "form":
            self._is_inside = False

    def filled(self) -> dict[str, str]:
        """Empty words get words; where there are words already, one more."""
        return {
            name: (f"{value}示例" if value else "示例文字") if name in self.text_fields else value
            for name, value in self.values.items()
        }


@pytest.fixture
def furnished(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    call_command("seed_facts", verbosity=0)
    publish_products(make_product(), make_product())


def bytes_of(client: Any) -> dict[str, bytes]:
    cache.clear()
    found = {}
    for address in PUBLIC:
        response = client.get(address)
        assert response.status_code == 200, address
        found[address] = b"".join(response.streaming_content) if response.streaming else response.content
    return found


def forms_of_the_desk() -> list[str]:
    addresses = []
    names = {
        pattern.name for pattern in admin.site.urls[0] for pattern in getattr(pattern, "url_patterns", [])
    }
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        if f"{name}_add" in names:  # of the installation there is one, and no second
            addresses.append(reverse(f"admin:{name}_add"))
        row = model._base_manager.order_by("pk").first()
        if row is not None:
            try:
                addresses.append(reverse(f"admin:{name}_change", args=[row.pk]))
            except NoReverseMatch:
                continue
    return addresses


def test_no_form_of_the_desk_changes_a_public_byte(client, furnished):
    staff = make_user("editor", is_superuser=True)
    before, editions = bytes_of(client), Edition.objects.count()
    client.force_login(staff)
    sent = []
    for address in forms_of_the_desk():
        page = client.get(address)
        assert page.status_code < 500, address
        fields = Fields(page.content.decode()) if page.status_code == 200 else None
        if fields is not None and len(fields.values) > 1:  # more than its token
            answer = client.post(address, fields.filled())
            assert answer.status_code < 500, address
            sent.append(address)
    client.logout()
    assert len(sent) >= 15, sent
    assert Edition.objects.count() == editions
    after = bytes_of(client)
    assert [address for address in PUBLIC if after[address] != before[address]] == []
