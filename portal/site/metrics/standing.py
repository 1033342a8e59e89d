"""How the house stands at this moment, as gauges: a few small questions to the database at each scrape."""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.db.models import Count, Min
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from portal.core import replicas
from portal.core.editions.models import Edition
from portal.core.index import health
from portal.core.index.models import IndexState
from portal.core.jobs import standing as jobs
from portal.core.mail.models import Message
from portal.core.schedule.standing import conditions
from portal.site.safekeeping.keeping import newest_taken_at

OPEN_MESSAGES = (Message.State.WAITING, Message.State.FAILED)


class Standing(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            found = [*_edition(), *_index(), *_jobs(), *_messages(), *_schedule()]
        except (DatabaseError, InterfaceError):
            yield _gauge("database_up", "Whether the database answers.", 0)
        else:
            yield _gauge("database_up", "Whether the database answers.", 1)
            yield from found
        yield from _backup()
        yield from _replicas()


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"portal_{name}", words, value=value)


def _labelled(name: str, words: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"portal_{name}", words, labels=(label,))
    for key, value in values.items():
        family.add_metric((key,), value)
    return family


def _age(moment: datetime.datetime) -> float:
    return max(0.0, (timezone.now() - moment).total_seconds())


def _replicas() -> Iterator[GaugeMetricFamily]:
    seen = {alias: replicas.known.condition_of(alias) for alias in settings.REPLICAS}
    fit = {alias: float(condition.is_close) for alias, condition in seen.items()}
    behind = {alias: condition.behind for alias, condition in seen.items() if condition.answers}
    yield _labelled("replica_up", "Whether a replica answers and follows closely.", "replica", fit)
    yield _labelled("replica_lag_seconds", "Seconds that a replica is behind.", "replica", behind)


def _edition() -> Iterator[GaugeMetricFamily]:
    newest = Edition.objects.order_by("-number").values_list("number", "at").first()
    yield _gauge("edition", "Number of the newest edition; 0 before the first.", newest[0] if newest else 0)
    if newest:
        yield _gauge("edition_age_seconds", "Seconds since the newest edition.", _age(newest[1]))


def _index() -> Iterator[GaugeMetricFamily]:
    outdated = set(health.outdated())
    family = GaugeMetricFamily(
        "portal_index_outdated",
        "Whether a collection of the search index has to be built again.",
        labels=("collection", "stamp"),
    )
    for collection, stamp in IndexState.objects.values_list("collection", "stamp"):
        family.add_metric((collection, stamp), float(collection in outdated))
    yield family


def _jobs() -> Iterator[GaugeMetricFamily]:
    due = DBTaskResult.objects.ready().aggregate(count=Count("pk"), oldest=Min("enqueued_at"))
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).count()
    yield _gauge("worker_up", "Whether a job worker is there.", float(jobs.outage() is None))
    yield _gauge("jobs_waiting", "Jobs that are due and not begun.", due["count"])
    oldest = _age(due["oldest"]) if due["oldest"] else 0
    yield _gauge("jobs_oldest_seconds", "Seconds since the oldest of them was ordered.", oldest)
    yield _gauge("jobs_failed", "Jobs on record that failed after all their tries.", failed)


def _messages() -> Iterator[GaugeMetricFamily]:
    states = Message.objects.filter(state__in=OPEN_MESSAGES).order_by()
    counts = dict(states.values_list("state").annotate(count=Count("pk")))
    yield _labelled(
        "letters",
        "Letters on record that wait for the mail server, or that it refused.",
        "state",
        {state.value: counts.get(state.value, 0) for state in OPEN_MESSAGES},
    )


def _schedule() -> Iterator[GaugeMetricFamily]:
    yield _labelled(
        "schedule_trouble",
        "Whether an act that the portal does by itself failed, found something or is late.",
        "act",
        {condition.act.name: float(condition.is_trouble) for condition in conditions()},
    )


def _backup() -> Iterator[GaugeMetricFamily]:
    taken_at = newest_taken_at()
    if taken_at:
        yield _gauge("backup_age_seconds", "Seconds since the newest whole backup.", _age(taken_at))
