"""The work on an upload, done by the job worker beside the server; its page shows how far it is."""

import datetime
import logging
from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.utils import timezone

from portal.audit.record import record
from portal.files.store import DamagedFileError, path_of
from portal.jobs.queue import AWAY
from portal.jobs.standing import Progress, newest, progress
from portal.jobs.terms import job
from portal.workflow import NotAllowed, Step, take

from .importing import BUSY, TRIES, RegisterMoved, checked, conclude, order_of
from .models import ImportRun
from .refusals import Refused

State = ImportRun.State
ORDER_SAVE = Step("import.save_ordered", "导入", "imports.run", (State.CHECKED,), State.SAVING)
CHECK_AGAIN = Step(
    "import.check_ordered",
    "重新检查",
    "imports.run",
    (State.CHECKED, State.REFUSED, State.FAILED),
    State.UPLOADED,
)
WAKE = Step(
    "import.woken", "重新开始", "imports.run", (State.UPLOADED, State.CHECKING, State.SAVING), State.UPLOADED
)
DISCARD = Step(
    "import.discarded",
    "放弃",
    "imports.run",
    (State.UPLOADED, State.CHECKED, State.REFUSED, State.FAILED),
    State.DISCARDED,
)
SILENT = datetime.timedelta(minutes=5)  # after which a job counts as lost: its worker was stopped
LONGEST = 3600  # seconds; 100,000 rows take minutes
GIVEN_UP = "没有完成：{why}没有保存任何内容。请重新检查；再次出错时请联系管理员。"
FAILED_SENTENCE = "检查没有完成：程序出错，已记入日志。请重新检查；再次出错时请联系管理员。"

logger = logging.getLogger(__name__)


def order_check(run: ImportRun) -> None:
    check_run.enqueue(run.pk)


def order_save(run: ImportRun, *, by, valid_only: bool) -> ImportRun:
    """Have the sound rows saved; with faults only where `valid_only` is chosen."""

    def choose(locked: ImportRun) -> dict:
        if locked.report.get("fault_count") and not valid_only:
            raise NotAllowed("import.faults", "还有错误没有改正。请改正后重新上传，或选择「仅导入无误行」。")
        locked.is_valid_only = valid_only
        return {"valid_only": valid_only}

    run = take(ORDER_SAVE, run, by=by, effect=choose)
    save_run.enqueue(run.pk, by.pk)
    return run


def check_again(run: ImportRun, *, by) -> ImportRun:
    run = take(WAKE if is_lost(run) else CHECK_AGAIN, run, by=by)
    order_check(run)
    return run


def discard(run: ImportRun, *, by) -> ImportRun:
    return take(DISCARD, run, by=by)


def is_lost(run: ImportRun) -> bool:
    """No job works on it, none waits to, and none will: it ended between the state and the order."""
    return run.is_busy and run.updated_at < timezone.now() - SILENT and not _is_pending(run)


def _is_pending(run: ImportRun) -> bool:
    newest = job_of(run)
    return newest is not None and newest.is_pending


def job_of(run: ImportRun) -> Progress | None:
    """The newest job that was ordered for a run."""
    return newest(progress(check_run, run.pk), progress(save_run, run.pk))


def give_up(run_id: int, *_more: int, sentence: str) -> None:
    """The page of the run says what happened in place of 正在检查."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is not None and run.is_busy:
        _end(run, State.FAILED, {"sentence": GIVEN_UP.format(why=sentence)})
        record("import.failed", run, by=run.created_by, is_success=False)


@job(seconds=LONGEST, given_up=give_up)
def check_run(run_id: int) -> None:
    """Phase one of an uploaded file. CHECKING is what an attempt left behind that was broken off."""
    waiting = ImportRun.objects.filter(pk=run_id, state__in=(State.UPLOADED, State.CHECKING))
    if waiting.update(state=State.CHECKING, progress=0):
        _work(_run(run_id), by=None, wants_save=False)


@job(seconds=LONGEST, given_up=give_up)
def save_run(run_id: int, person_id: int) -> None:
    """Phase one once more, and phase two: the registers may have moved since the page was read."""
    run = _run(run_id)
    if run.state == State.SAVING:
        _work(run, by=get_user_model().objects.get(pk=person_id), wants_save=True)


def _run(run_id: int) -> ImportRun:
    return ImportRun.objects.select_related("file", "created_by").get(pk=run_id)


def _work(run: ImportRun, *, by, wants_save: bool) -> None:
    try:
        _check_and_save(run, by=by, wants_save=wants_save)
    except Refused as refused:
        _end(run, State.REFUSED, {"rule": refused.rule, "sentence": refused.sentence})
        record("import.refused", run, by=run.created_by, is_success=False, rule=refused.rule)
    except DamagedFileError:
        _end(run, State.REFUSED, {"rule": "file-missing", "sentence": "原文件已不在，无法检查。请重新上传。"})
    except NotAllowed as refusal:
        _end(run, State.CHECKED, run.report | {"refusal": refusal.sentence})
    except AWAY:
        raise  # the worker tries again; the page goes on showing that it waits
    except Exception:
        logger.exception("Import %s failed", run.pk)
        _end(run, State.FAILED, {"sentence": FAILED_SENTENCE})


def _check_and_save(run: ImportRun, *, by, wants_save: bool) -> None:
    if run.file.erased_at is not None:
        raise DamagedFileError(run.file.name)
    path = path_of(run.file.root, run.file.sha256)
    for _ in range(TRIES):
        with checked(path, run.file.name, order_of(run), progress=_progress_of(run)) as (reading, outcome):
            try:
                conclude(run, reading, outcome, by=by, wants_save=wants_save)
                return
            except RegisterMoved:
                continue
    raise NotAllowed("import.busy", BUSY)


def _progress_of(run: ImportRun) -> Callable[[int], None]:
    def tell(rows: int) -> None:
        ImportRun.objects.filter(pk=run.pk).update(progress=rows, updated_at=timezone.now())

    return tell


def _end(run: ImportRun, state: str, report: dict) -> None:
    run.state, run.report = state, report
    run.save()
