"""What breaks while pages are drawn is told with its address, whichever process drew it. No database."""

import datetime

import pytest

from portal.core.pages.reading import ReadAt
from portal.core.workflow import NotAllowed
from portal.site.mirror import drawing
from portal.site.mirror.addresses import Addresses
from portal.site.mirror.drawing import Crawl, Drawer
from portal.site.mirror.folder import Staging

pytestmark = pytest.mark.once
DAY = datetime.date(2028, 2, 29)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_view_that_breaks_is_a_refusal_with_its_address(tmp_path, monkeypatch, processes):
    def drawn_at(_address: str, **_carried: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(drawing, "drawn_at", drawn_at)
    monkeypatch.setattr(drawing.cache.seen, "get", lambda: None)
    drawer = Drawer(ReadAt(1, DAY, 1, DAY, "", is_copy=True), Addresses(), Staging(tmp_path))
    with pytest.raises(NotAllowed, match=r"^/guide/ 现在打不开（ZeroDivisionError）") as refused:
        list(Crawl(drawer, processes).pages(["/guide/"]))
    assert refused.value.rule == "mirror.broken"
