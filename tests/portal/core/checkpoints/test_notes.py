"""Signed notes: the examples of the specification, and what is refused."""

import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from portal.core.checkpoints.notes import (
    COSIGNING,
    PLAIN,
    BadNote,
    Checkpoint,
    Note,
    VerifierKey,
    cosigned,
)
from portal.site.log.checker import signatures
from portal.site.log.checker.rules import Unreadable

# https://c2sp.org/signed-note
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
SECRET = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
PUBLIC = SECRET.public_key().public_bytes_raw()


def test_the_example_of_the_specification_is_read_and_verified():
    key, note = VerifierKey.read(VKEY), Note.read(NOTE.encode())
    assert (str(key), note.written()) == (VKEY, NOTE)
    assert note.signed_by(key)
    name, ident, kind, public = signatures.key_of(VKEY)
    assert (name, ident, kind, public) == ("example.com/foo", "530d903a", 1, key.public)
    assert signatures.is_signed(public, note.text.encode(), note.signatures[0][1][4:])
    with pytest.raises(BadNote):
        Note.read(NOTE.replace("example message", "exemplary message").encode()).signed_by(key)


@given(st.binary(max_size=200), st.integers(0, 63), st.integers(1, 255))
def test_the_checker_of_its_own_verifies_as_the_library_does(message, place, flip):
    signature = SECRET.sign(message)
    altered = bytearray(signature)
    altered[place] ^= flip
    assert signatures.is_signed(PUBLIC, message, signature)
    assert not signatures.is_signed(PUBLIC, message, bytes(altered))
    assert not signatures.is_signed(PUBLIC, message + b"x", signature)
    assert not signatures.is_signed(bytes(31) + b"\xff", message, signature)


def test_a_cosignature_says_when_and_is_bound_to_its_time():
    witness = VerifierKey("见证.example/w1", COSIGNING, PUBLIC)
    text = Checkpoint("log.example/log", 3, bytes(32)).text
    at = 1679315147
    signed = at.to_bytes(8, "big") + SECRET.sign(cosigned(text, at))
    note = Note.read(f"{text}\n{witness.line(signed)}".encode())
    assert note.seen_at(witness) == datetime.datetime.fromtimestamp(at, datetime.UTC)
    assert note.seen_at(VerifierKey("other.example", COSIGNING, PUBLIC)) is None
    later = (at + 1).to_bytes(8, "big") + signed[8:]
    with pytest.raises(BadNote):
        Note.read(f"{text}\n{witness.line(later)}".encode()).seen_at(witness)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text without a signature\n",
        "text\n\n— name !!!\n".encode(),
        "text\n\n— name AAAA\n".encode(),
        b"text\n\n- name AAAAAAAAAAAA\n",
        "text\n\n— name AAAAAAAAAAAA".encode(),
        "te\x07xt\n\n— name AAAAAAAAAAAA\n".encode(),
        b"\xff\xfe\n\n",
        b"x" * 30_000,
    ],
)
def test_what_is_no_note_is_refused(content):
    with pytest.raises(BadNote):
        Note.read(content)


@pytest.mark.parametrize(
    "text",
    [
        "log\n03\n" + "A" * 43 + "=\n",
        "log\n3\nAAAA\n",
        "log\n3\n" + "A" * 43 + "=\nmore\n",
        "log\n-1\n" + "A" * 43 + "=\n",
        "\n3\n" + "A" * 43 + "=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(BadNote):
        Checkpoint.read(text)


@pytest.mark.parametrize(
    "text", ["", "name", VKEY[:-4], VKEY.replace("530d903a", "530d903b"), "a b" + VKEY[11:]]
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(BadNote):
        VerifierKey.read(text)
    with pytest.raises(Unreadable):
        signatures.key_of(text)


def test_the_fingerprint_is_that_of_the_key_whatever_it_is_called():
    one, other = VerifierKey("a", PLAIN, PUBLIC), VerifierKey("b", COSIGNING, PUBLIC)
    assert one.fingerprint == other.fingerprint == signatures.fingerprint(signatures.key_of(str(one)))
    assert one.key_id != other.key_id
