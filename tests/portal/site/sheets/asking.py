"""How a sheet is asked for and opened."""

from catalog.publication.models import ProductLine
from portal.site.sheets.models import Sheet, code_in
from tests.catalog.publication.stories import text_of


def number_of(product) -> str:
    return ProductLine.objects.filter(product=product).latest("pk").number


def made(client, numbers: str, query: str = "") -> Sheet:
    response = client.post(f"/v/new/{query}", {"numbers": numbers})
    assert response.status_code == 302, text_of(response)
    return Sheet.objects.get(code=code_in(response.url.strip("/").rpartition("/")[2]))


def opened(client, sheet: Sheet) -> str:
    response = client.get(f"/v/{sheet.shown_code}/")
    assert response.status_code == 200
    return text_of(response)


def paper(page: str) -> str:
    """The sheet alone, without what is said of today above it."""
    return page[page.index("查询核验单", page.index("核验别的编号")) :]
