"""How these tests read a page, and on which day."""

import datetime

NOON = datetime.datetime(2026, 11, 24, 4, tzinfo=datetime.UTC)


def text(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
