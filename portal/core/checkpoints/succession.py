"""Which keys signed, one after another. A key that is replaced signs its successor, where it still can."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from portal.core.editions.models import Edition, Installation
from portal.core.files.folder import write_whole

from . import keys
from .models import LogKey
from .notes import PLAIN, VerifierKey, base64


def known_keys() -> list[LogKey]:
    """The oldest first; the one that signs now is the last, also before its row is written. One that cannot be read is not."""
    rows = list(LogKey.objects.order_by("id"))
    try:
        now = str(keys.current())
    except keys.CannotSign:
        return rows
    if not rows or rows[-1].key != now:
        rows.append(LogKey(key=now, size=rows[-1].size if rows else 0))
    return rows


def note_current(*, reason: str = "", endorsement: str = "") -> bool:
    """Write down that this key signs from now on. False where that is known."""
    now = str(keys.current())
    with transaction.atomic():
        Installation.locked()
        if LogKey.objects.filter(key=now).exists():
            return False
        is_first = not LogKey.objects.exists()
        size = 0 if is_first else Edition.objects.current_number()
        LogKey.objects.create(key=now, size=size, reason=reason, endorsement=endorsement)
    return True


def replace_key(reason: str) -> LogKey:
    """A new key in the file; the old one signs it as its last act and is no more.

    What was signed last is forgotten with it: this is also the way on after editions were lost, and everybody sees it.
    """
    file = Path(settings.LOG_KEY_FILE)
    note_current()
    old, old_signer = keys.current(), keys.signer()
    content = keys.new_private_key()
    new = VerifierKey(settings.LOG_ORIGIN, PLAIN, keys.public_of(content))
    text = endorsed(new, Edition.objects.current_number())
    endorsement = f"{text}\n{old.line(old_signer.sign(text.encode()))}"
    write_whole(file, content)
    keys.forget_file()
    note_current(reason=reason, endorsement=endorsement)
    Path(settings.LOG_SIGNED_FILE).unlink(missing_ok=True)
    return LogKey.objects.get(key=str(new))


def endorsed(successor: VerifierKey, size: int) -> str:
    """What the old key signs: no checkpoint, since its second line is no number."""
    return f"{successor.name}\nsuccessor {base64(bytes([PLAIN]) + successor.public)}\nfrom {size}\n"
