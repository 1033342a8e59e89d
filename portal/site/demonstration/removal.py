"""Empties a demonstration database, and the stored files that its rows name."""

from django.core.cache import cache
from django.core.management import call_command

from portal.core.editions.models import Installation
from portal.core.files.depot import depot
from portal.core.files.models import StoredFile
from portal.core.pages.cache import clear as clear_pages
from portal.core.workflow import NotAllowed


def remove() -> bool:
    """Leave an empty database. False, and nothing done, where there is no demonstration; a real one raises NotAllowed."""
    kind = Installation.current_kind()
    if kind == Installation.Kind.REAL:
        raise NotAllowed("database.real", "本数据库已公布正式内容，不能清空。")
    if kind == Installation.Kind.UNDECIDED:
        return False
    stored = set(StoredFile.objects.values_list("root", "sha256"))
    call_command("flush", interactive=False, verbosity=0)
    for root, sha256 in stored:
        depot().remove(root, sha256)
    cache.clear()
    clear_pages()
    return True
