"""Lays the demonstration into a database: once, and whole or not at all."""

from django.db import transaction

from catalog.enterprises.models import Enterprise
from catalog.publication.models import Batch
from catalog.regions.models import Division
from portal.core.audit.record import record
from portal.core.editions import clock
from portal.core.editions.models import Installation
from portal.core.workflow import NotAllowed

from .desk import Desk
from .people import gathered
from .story import Story


def lay() -> dict[str, str] | None:
    """The passwords of the accounts made, printed once by the caller; None where the demonstration stands already.

    Raises NotAllowed for a database that is real, or in which somebody has begun to work.
    """
    kind = Installation.current_kind()
    if kind == Installation.Kind.DEMONSTRATION:
        return None
    _refuse_other_uses(kind)
    with transaction.atomic():
        Installation.decide(Installation.Kind.DEMONSTRATION)
        people, passwords = gathered()
        for chapter in Story(Desk(people, clock.today())).chapters():
            chapter()
        record("demonstration.laid", by=people.editor)
    return passwords


def _refuse_other_uses(kind: str) -> None:
    if kind == Installation.Kind.REAL:
        raise NotAllowed("database.real", "本数据库已公布正式内容，不能放入演示数据。")
    if Enterprise.objects.exists() or Batch.objects.exists():
        raise NotAllowed(
            "database.in_use", "本数据库已有企业或批次，不能放入演示数据。请另建一个空的数据库。"
        )
    if not Division.objects.exists():
        raise NotAllowed("database.no_facts", "请先运行 seed_facts：演示数据要用到区划和品类。")
