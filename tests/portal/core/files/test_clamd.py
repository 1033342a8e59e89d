"""A virus scanner that an installation has set up is asked about every upload, and nothing passes while it is silent."""

import socket
import struct
import threading
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.core.files.intake.attachments import examine
from portal.core.files.intake.documents import examine_document
from portal.core.files.intake.pictures import draw
from portal.core.files.intake.refusals import FileRefused
from tests.make import make_user
from tests.portal.applications.making import draft_product

from .uploads import office, pdf, photo

DOORS = [(examine, pdf()), (examine_document, pdf()), (draw, photo(300, 200))]


class Scanner(threading.Thread):
    """Speaks the INSTREAM protocol on one socket; finds what contains `virus`."""

    def __init__(self, listening: socket.socket, answer: bytes | None = None):
        super().__init__(daemon=True)
        self.listening, self.answer = listening, answer
        self.received: list[bytes] = []

    def run(self):
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            with connection:
                self.serve(connection)

    def serve(self, connection):
        stream = connection.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", stream.read(4))[0]:
            content += stream.read(length)
        self.received.append(content)
        is_infected = b"virus" in content
        verdict = b"stream: Eicar-Test-Signature FOUND\0" if is_infected else b"stream: OK\0"
        connection.sendall(verdict if self.answer is None else self.answer)


@contextmanager
def scanner(settings, *, path=None, answer=None):
    listening = socket.socket(socket.AF_UNIX) if path else socket.create_server(("127.0.0.1", 0))
    if path:
        listening.bind(str(path))
        listening.listen()
    settings.CLAMD_SOCKET = str(path) if path else f"127.0.0.1:{listening.getsockname()[1]}"
    thread = Scanner(listening, answer)
    thread.start()
    try:
        yield thread
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


@pytest.mark.parametrize(("door", "content"), DOORS)
def test_every_upload_is_shown_to_the_scanner_whole(settings, door, content):
    with scanner(settings) as seen:
        door(content)
    assert seen.received == [content]


@pytest.mark.parametrize(("door", "content"), DOORS)
def test_what_the_scanner_finds_is_refused_by_its_name(settings, door, content):
    with scanner(settings), pytest.raises(FileRefused) as refused:
        door(content + b"virus")
    assert refused.value.rule == "file.infected"
    assert "Eicar-Test-Signature" in refused.value.sentence


def test_a_socket_of_this_machine_is_asked_too(settings, tmp_path):
    with scanner(settings, path=tmp_path / "clamd.ctl") as seen:
        examine_document(photo())
    assert len(seen.received) == 1


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"UNKNOWN COMMAND\0"])
def test_an_answer_that_is_no_verdict_lets_nothing_pass(settings, answer):
    with scanner(settings, answer=answer), pytest.raises(FileRefused) as refused:
        examine_document(pdf())
    assert refused.value.rule == "file.unchecked"


@pytest.mark.parametrize("address", ["/nowhere/clamd.ctl", "127.0.0.1:1", "nonsense"])
@pytest.mark.parametrize(("door", "content"), DOORS)
def test_a_scanner_that_cannot_be_reached_lets_nothing_pass(settings, address, door, content):
    settings.CLAMD_SOCKET = address
    with pytest.raises(FileRefused) as refused:
        door(content)
    assert refused.value.sentence == "暂时无法检查文件，请稍后再试。"


@pytest.mark.django_db
def test_workbooks_of_staff_and_of_enterprises_are_shown_to_the_scanner_too(settings, client):
    settings.CLAMD_SOCKET = "/nowhere/clamd.ctl"
    client.force_login(make_user("editor"))
    response = client.post(reverse("admin:imports_importrun_add"), {"file": uploaded()})
    assert response.status_code == 400
    assert "暂时无法检查文件" in response.content.decode()
    case = draft_product()
    client.force_login(case.created_by)
    response = client.post(reverse("counter:workbook", args=[case.number]), {"file": uploaded()})
    assert "暂时无法检查文件" in response.content.decode()
    assert not case.workbooks.exists()


def uploaded() -> SimpleUploadedFile:
    return SimpleUploadedFile("产品.xlsx", office("xlsx"))
