"""Reads a public list, and the names on it."""

import re

from tests.catalog.publication.stories import text_of


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, text_of(response)[:2000]
    return text_of(response)


def names(page: str) -> list[str]:
    """Names of the rows, marks of hits taken out."""
    found = re.findall(r'<a class="name" href="[^"]+">(.*?)</a>', page)
    return [re.sub(r"</?mark>", "", name) for name in found]
