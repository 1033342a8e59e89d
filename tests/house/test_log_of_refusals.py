"""What a stranger can cause over and over is one line in the log; what is our fault keeps its traceback."""

import logging
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import path

import portal.urls

pytestmark = pytest.mark.django_db


def broken(request):
    raise RuntimeError("broken on purpose")


urlpatterns = [path("broken/", broken), *portal.urls.urlpatterns]
handler400, handler404, handler500 = portal.urls.handler400, portal.urls.handler404, portal.urls.handler500


@pytest.fixture(params=["plain", "json"])
def written(request, monkeypatch):
    """The lines that the handler of an installation writes."""
    lines: list[str] = []
    configuration = {**settings.LOGGING}
    configuration["handlers"] = {
        "console": {**settings.LOGGING["handlers"]["console"], "formatter": request.param}
    }
    configurator = logging.config.DictConfigurator(configuration)
    configurator.configure()
    handler = next(one for one in logging.getLogger().handlers if one.name == "console")
    monkeypatch.setattr(handler, "emit", lambda record: lines.append(handler.format(record)))
    yield lines
    logging.config.dictConfig(settings.LOGGING)


REFUSED = [
    ("/products/?star=9", {}),
    ("/products/?no_such=1", {}),
    ("/products/?page=%00", {}),
    ("/products/?page=-1", {}),
    ("/products/?as_of=0000-00-00", {}),
    ("/", {"HTTP_HOST": "evil.example"}),
    ("/", {"HTTP_HOST": "evil\"'<>.example"}),
    ("/check/?number=a&number=b", {}),
]


@pytest.mark.parametrize(("address", "headers"), REFUSED)
def test_a_refused_request_is_one_line(written, address, headers):
    response = Client(raise_request_exception=False).get(address, **headers)
    assert response.status_code == 400
    assert len(written) == 1
    assert "\n" not in written[0]
    assert "Traceback" not in written[0]


@pytest.mark.parametrize(
    "body", [b"--x\r\nno end", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\x00' * 3]
)
def test_a_damaged_form_is_one_line(written, body):
    client = Client(raise_request_exception=False)
    client.post("/enquiries/new/", data=body, content_type="multipart/form-data; boundary=")
    assert len(written) <= 1
    assert all("\n" not in line and "Traceback" not in line for line in written)


def test_a_path_cannot_write_a_line_of_its_own(written):
    Client().get("/nowhere%0A2026-01-01%20INFO%20forged%1b[2J")
    assert len(written) == 1
    assert "\n" not in written[0]
    assert "\x1b" not in written[0]


def test_a_key_in_a_path_is_not_written_in_either_form(written):
    Client().get("/desk/invitations/abc-DEF_123/no/such/")
    assert len(written) == 1
    assert "abc-DEF_123" not in written[0]


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_keeps_its_traceback(written):
    assert Client(raise_request_exception=False).get("/broken/").status_code == 500
    assert "broken on purpose" in "".join(written)
    assert "Traceback" in "".join(written)


@pytest.mark.urls(__name__)
def test_the_page_of_a_fault_shows_the_number_under_which_the_log_has_it(written):
    """Two faults have two numbers: a caller's word leads to one line."""
    client, numbers = Client(raise_request_exception=False), []
    for _ in range(2):
        written.clear()
        page = client.get("/broken/").content.decode()
        (number,) = re.findall(r'编号 <b class="num">(\w{8})</b>', page)
        assert number in "".join(written)
        numbers.append(number)
    assert len(set(numbers)) == 2
