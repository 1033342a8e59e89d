"""Asks the virus scanner about an upload, where an installation has one (setting CLAMD_SOCKET)."""

import socket
import struct

from django.conf import settings

from .refusals import FileRefused

SECONDS = 30
CHUNK = 256 * 1024
LONGEST_ANSWER = 4096


def refuse_infected(content: bytes) -> None:
    """Raises FileRefused for what the scanner finds, and for everything while it is set and does not answer."""
    if not settings.CLAMD_SOCKET:
        return
    try:
        answer = _verdict(content)
    except (OSError, ValueError) as error:
        raise _unchecked() from error
    if answer.endswith(" FOUND"):
        name = answer.removeprefix("stream: ").removesuffix(" FOUND")
        raise FileRefused(
            "file.infected",
            f"杀毒软件在这个文件里发现了「{name[:80]}」，没有收下。请给您的设备杀毒，再用原件重新导出或拍摄后上传。",
        )
    if not answer.endswith(" OK"):
        raise _unchecked()


def _unchecked() -> FileRefused:
    return FileRefused("file.unchecked", "暂时无法检查文件，请稍后再试。")


def _verdict(content: bytes) -> str:
    """`stream: OK`, `stream: NAME FOUND`, or an error in words. Protocol: INSTREAM of clamd(8)."""
    with _connected(settings.CLAMD_SOCKET) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            part = content[start : start + CHUNK]
            connection.sendall(struct.pack("!I", len(part)) + part)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            received = connection.recv(LONGEST_ANSWER)
            if not received:
                break
            answer += received
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected(address: str) -> socket.socket:
    """A path leads to a socket of this machine, `host:port` to one of the network."""
    if "/" in address:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(SECONDS)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)
