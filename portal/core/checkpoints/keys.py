"""The key that signs for the site. It lies outside the database and its backups: whoever has those cannot sign.

It is a file of its owner alone, or belongs to a program (of a token, a machine apart) that signs what it reads.
"""

import logging
import shlex
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from portal.core.files.once import made_once

from .notes import PLAIN, SIGNATURE, VerifierKey

COMMAND_SECONDS = 10

logger = logging.getLogger(__name__)


class CannotSign(Exception):
    """Why there is no signature, in a sentence for the log and the operator."""


class Signer(Protocol):
    public: bytes

    def sign(self, message: bytes) -> bytes: ...


class FileSigner:
    """With a private key in a PEM file, which is made where there is none."""

    def __init__(self, file: Path):
        content = made_once(file, new_private_key)
        self._key = private_key_in(content)
        self.public = public_of(content)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


class CommandSigner:
    """With a program that reads the message and writes the 64 bytes of the signature."""

    def __init__(self, command: str, public: bytes):
        self.command, self.public = shlex.split(command), public

    def sign(self, message: bytes) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - the operator names it
                self.command, input=message, capture_output=True, timeout=COMMAND_SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            logger.exception("LOG_SIGN_COMMAND has not signed")  # with its arguments: a PIN may be among them
            raise CannotSign("LOG_SIGN_COMMAND 没有签成，原因见运行日志。") from error
        if len(done.stdout) != SIGNATURE:
            raise CannotSign(f"LOG_SIGN_COMMAND 给出 {len(done.stdout)} 字节，应当是 {SIGNATURE} 字节。")
        return done.stdout


def new_private_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def private_key_in(content: bytes) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(content, None)
    except (TypeError, ValueError) as error:
        raise CannotSign("LOG_KEY_FILE 里不是没有口令的 PEM 私钥。") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CannotSign("LOG_KEY_FILE 里不是 Ed25519 私钥。")
    return key


def public_of(content: bytes) -> bytes:
    return private_key_in(content).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def signer() -> Signer:
    """The site's own."""
    if settings.LOG_SIGN_COMMAND:
        return CommandSigner(settings.LOG_SIGN_COMMAND, settings.LOG_PUBLIC_KEY)
    try:
        return _of_file(settings.LOG_KEY_FILE)
    except OSError as error:
        logger.exception("LOG_KEY_FILE cannot be read or made")
        raise CannotSign("LOG_KEY_FILE 读不到，也写不了，原因见运行日志。") from error


@lru_cache(maxsize=4)
def _of_file(file: Path) -> FileSigner:
    return FileSigner(file)


def forget_file() -> None:
    """After the file was replaced."""
    _of_file.cache_clear()


def current() -> VerifierKey:
    """The public part of the key that signs now."""
    return VerifierKey(settings.LOG_ORIGIN, PLAIN, signer().public)


def signature_of(text: str) -> str:
    """The line under a note. A signature that does not fit, of a command, is never given out."""
    key, signature = current(), signer().sign(text.encode())
    if not key.has_signed(text.encode(), signature):
        raise CannotSign("LOG_SIGN_COMMAND 的签名与 LOG_PUBLIC_KEY 不符。")
    return key.line(signature)
