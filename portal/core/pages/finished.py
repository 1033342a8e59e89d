"""A finished page: its bytes in every encoding that was asked for, and the headers that the whole stack gives with it."""

import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import brotli
from django.http import HttpResponse

Headers = list[tuple[str, str]]
OWN = frozenset({"content-type", "content-length", "content-encoding", "etag"})  # told by the page itself
OF_ONE_READER = frozenset({"ratelimit"})  # how much is left to him
LONGEST_HEADER = 300  # that is worth remembering
IDENTITY = "identity"
# Quickly for the reader who waits while the page is drawn, closely for everybody after him: 0.05 and 0.26 ms a page.
QUICK: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=1),
    "gzip": lambda body: gzip.compress(body, compresslevel=1, mtime=0),
    IDENTITY: bytes,
}
CLOSE: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
    IDENTITY: bytes,
}
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, IDENTITY: bytes}


@dataclass(frozen=True)
class Sent:
    """An answer as it goes out; for HEAD without its body."""

    status: str
    headers: Headers
    body: bytes

    @cached_property
    def head(self) -> bytes:
        """The same as lines, for a server that writes them itself."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        return f"HTTP/1.1 {self.status}\r\n{lines}".encode("latin-1")


@dataclass
class Finished:
    """`frame` is what middleware adds around it: unknown until the page has once gone out through all of it."""

    type: str
    etag: str
    bodies: dict[str, bytes]
    close: frozenset[str] = frozenset()
    frame: tuple[tuple[str, str], ...] | None = None
    is_for_all: bool = False  # wherever they live: it does not ask
    ready: dict[str, Sent] = field(default_factory=dict)

    @classmethod
    def of(cls, response: HttpResponse, etag: str = "") -> "Finished":
        body = response.content
        etag = etag or f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        return cls(response["Content-Type"], etag, {IDENTITY: body})

    @property
    def size(self) -> int:
        return 2048 + sum(map(len, self.bodies.values()))

    def body(self, encoding: str, *, close: bool) -> bytes:
        """Packed once; `close` packs again what was packed quickly."""
        if encoding not in self.bodies or (close and encoding not in self.close and encoding != IDENTITY):
            self._pack(encoding, CLOSE if close else QUICK)
            if close:
                self.close |= {encoding}
        return self.bodies[encoding]

    def _pack(self, encoding: str, packers: Mapping[str, Callable[[bytes], bytes]]) -> None:
        known, body = next(iter(self.bodies.items()))
        packed = packers[encoding](UNPACK[known](body))
        bodies = {**self.bodies, encoding: packed}
        if encoding != IDENTITY and known == IDENTITY:
            bodies.pop(IDENTITY)  # few ask for it: it is unpacked for them
        self.bodies, self.ready = bodies, {}

    def answer(self, encoding: str, tags: str) -> Sent:
        """With its frame; 304 for whoever has it already."""
        if tags and is_known_to(tags, self.etag):
            return self._ready("304", lambda: Sent("304 Not Modified", self._headers(), b""))
        body = self.body(encoding, close=True)
        return self._ready(encoding, lambda: Sent("200 OK", self._headers(encoding, len(body)), body))

    def _ready(self, name: str, make: Callable[[], Sent]) -> Sent:
        found = self.ready.get(name)
        if found is None:
            found = self.ready[name] = make()
        return found

    def _headers(self, encoding: str = "", length: int = 0) -> Headers:
        headers = [("ETag", self.etag), *(self.frame or ())]
        if encoding:
            headers += [("Content-Type", self.type), ("Content-Length", str(length))]
        if encoding not in ("", IDENTITY):
            headers.append(("Content-Encoding", encoding))
        return headers

    def learn(self, headers: Headers) -> None:
        """The frame, from headers that have gone through the whole stack. A cookie is one reader's: then there is none."""
        names = {name.lower() for name, _value in headers}
        if "set-cookie" not in names:
            self.frame = tuple(
                (name, value) for name, value in headers if name.lower() not in OWN | OF_ONE_READER
            )


def is_known_to(tags: str, etag: str) -> bool:
    """If-None-Match, compared weakly: a proxy that packs may have taken the W/ away or put it there."""
    own = etag.removeprefix("W/")
    return any(tag.strip().removeprefix("W/") in (own, "*") for tag in tags.split(","))


def encoding_for(accepted: str) -> str:
    """The best encoding the browser takes; `;q=0` is a refusal."""
    return _encoding_for(accepted) if len(accepted) <= LONGEST_HEADER else IDENTITY


@lru_cache(maxsize=500)
def _encoding_for(accepted: str) -> str:
    for name in ("br", "gzip"):
        if re.search(rf"(?:^|[,\s]){name}\s*(?:$|,|;(?!\s*q=0(?:\.0*)?\s*(?:,|$)))", accepted, re.IGNORECASE):
            return name
    return IDENTITY
