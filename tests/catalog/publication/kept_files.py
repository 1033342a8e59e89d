"""Reads whole files, and finds them on the shelf of their edition."""

from catalog.publication.exporting.shelves import Shelf, list_edition
from tests.catalog.publication.stories import newest


def lists(number: int | None = None) -> Shelf:
    edition = list_edition(number or newest())
    assert edition is not None
    return Shelf(edition)


def body(client, address: str, **headers) -> bytes:
    response = client.get(address, headers=headers)
    assert response.status_code in (200, 206), (address, response.status_code)
    return b"".join(response)
