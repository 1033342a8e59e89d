"""Empties a demonstration database, and the stored files that its rows name."""

from pathlib import Path

from django.core.cache import cache
from django.core.management import call_command

from portal.core.editions.models import Installation
from portal.core.files.models import StoredFile
from portal.core.files.store import path_of
from portal.core.pages.cache import clear as clear_pages
from portal.core.workflow import NotAllowed


def remove() -> bool:
    """Leave an empty database. False, and nothing done, where there is no demonstration; a real one raises NotAllowed."""
    kind = Installation.current_kind()
    if kind == Installation.Kind.REAL:
        raise NotAllowed("database.real", "本数据库已公布正式内容，不能清空。")
    if kind == Installation.Kind.UNDECIDED:
        return False
    paths = stored_paths()
    call_command("flush", interactive=False, verbosity=0)
    for path in paths:
        path.unlink(missing_ok=True)
    cache.clear()
    clear_pages()
    return True


def stored_paths() -> set[Path]:
    return {path_of(root, sha256) for root, sha256 in StoredFile.objects.values_list("root", "sha256")}
