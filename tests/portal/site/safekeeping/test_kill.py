"""A restore that is killed at any line leaves the old or the new whole, and running it again ends it."""

import os
import signal
import sys
from pathlib import Path

import pytest
from django.db import connections

from catalog.publication.models import ProductLine
from catalog.publication.publishing.verify import all_faults
from portal.core.files.folder import path_of
from portal.core.files.models import StoredFile
from portal.core.files.store import store
from portal.core.files.verify import file_faults
from portal.site.safekeeping import restoring
from portal.site.safekeeping.backup import backup
from portal.site.safekeeping.restoring import restore
from tests.make import make_product, publish_products

pytestmark = pytest.mark.django_db(transaction=True)
WATCHED = Path(restoring.__file__).parent
KILLS = 8
OLD, NEW = ["备份以后的产品", "备份里的产品"], ["备份里的产品"]


def lines_of(folder: Path, kill_at: int | None = None) -> int:
    """Restore in a process of its own, which may be killed before the n-th different line of this room; how many there are."""
    connections.close_all()
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        seen: set[tuple[str, int]] = set()

        def trace(frame, event, _arg):
            if Path(frame.f_code.co_filename).parent != WATCHED:
                return None
            if event == "line":
                seen.add((frame.f_code.co_filename, frame.f_lineno))
                if len(seen) == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)
        try:
            restore(folder, replacing=True)
            os.write(writes, str(len(seen)).encode())
        finally:
            os._exit(0)
    os.close(writes)
    _pid, status = os.waitpid(child, 0)
    with os.fdopen(reads) as told:
        count = int(told.read() or 0)
    assert (kill_at is None) == (os.WIFEXITED(status) and count > 0), (
        "the kill did not land, or the restore failed"
    )
    return count


def names() -> list[str]:
    return sorted(ProductLine.objects.values_list("name", flat=True))


def test_a_kill_at_any_line_leaves_the_old_or_the_new_whole(tmp_path, settings):
    settings.FILES_ROOT = tmp_path / "files"
    publish_products(make_product(name=NEW[0]))
    file = store(b"scan", name="a.pdf", media_type="application/pdf")
    backup(tmp_path / "backup")
    publish_products(make_product(name=OLD[0]), ordinal=2)
    backup(tmp_path / "later")
    damaged = path_of(file.root, file.sha256)
    damaged.write_bytes(b"scam")
    lines = lines_of(tmp_path / "backup")
    assert names() == NEW
    restore(tmp_path / "later", replacing=True)
    left = []
    for kill in range(KILLS):
        damaged.write_bytes(b"scam")
        lines_of(tmp_path / "backup", kill_at=1 + kill * (lines - 1) // (KILLS - 1))
        left.append(names())
        assert left[-1] in (sorted(OLD), NEW)
        assert list(all_faults()) == []
    assert left[0] == sorted(OLD), "the first kill came before anything was done"
    assert left[-1] == NEW, "the last kill came after the swap"
    assert restore(tmp_path / "backup", replacing=True).lost == ()
    assert names() == NEW
    assert list(all_faults()) == list(file_faults()) == []
    assert StoredFile.objects.count() == 1
