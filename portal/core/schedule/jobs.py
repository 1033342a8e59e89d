"""One run of an act, as a job."""

import logging

from django.utils import timezone

from portal.core.busy import fault_of
from portal.core.jobs.terms import job

from . import telling
from .acts import Report, named
from .models import ScheduledRun

State = ScheduledRun.State
LONGEST = 4 * 3600
PROGRAM_FAULT = "程序出错，原因在日志里。"
UNKNOWN = "现在的版本没有这一事项。"

logger = logging.getLogger(__name__)


def give_up(run_id: int, *, sentence: str) -> None:
    """Its process died, or it did not come to its end."""
    run = ScheduledRun.objects.filter(pk=run_id).first()
    if run is not None and run.is_open:
        end(run, State.FAILED, sentence)


@job(seconds=LONGEST, given_up=give_up)
def run_act(run_id: int) -> None:
    """May be tried again after a kill: every act asks first what is left to do."""
    run = ScheduledRun.objects.filter(pk=run_id).first()
    if run is None or not run.is_open:
        return
    act = named(run.name)
    if act is None:
        end(run, State.FAILED, UNKNOWN)
        return
    run.state, run.began_at = State.RUNNING, timezone.now()
    run.save(update_fields=["state", "began_at"])
    try:
        report = act.run()
    except Exception as error:
        if fault_of(error) is not None:
            raise  # a database that is busy or away: the worker tries again
        logger.exception("Scheduled act %s failed", run.name)
        report = None
    _conclude(run, report)


def _conclude(run: ScheduledRun, report: Report | None) -> None:
    if report is None:
        end(run, State.FAILED, PROGRAM_FAULT)
    else:
        end(run, State.GOOD if report.is_good else State.FOUND, report.sentence)


def end(run: ScheduledRun, state: str, sentence: str) -> None:
    run.state, run.sentence, run.ended_at = state, sentence[:500], timezone.now()
    run.save(update_fields=["state", "sentence", "ended_at"])
    if state in (State.FAILED, State.FOUND):
        telling.tell_result(run)
