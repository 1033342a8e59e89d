"""The work on an upload, done by the job worker beside the server; its page shows how far it is."""

import datetime
import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.contrib.auth import get_user_model
from django.utils import timezone

from portal.core.audit.record import record
from portal.core.busy import fault_of
from portal.core.files.depot import depot
from portal.core.files.store import DamagedFileError, is_whole
from portal.core.jobs.standing import Progress, newest, progress
from portal.core.jobs.terms import job
from portal.core.text.normalise import clean
from portal.core.workflow import NotAllowed, Step, take

from . import ending
from .importing import BUSY, TRIES, RegisterMoved, checked, conclude, order_of
from .models import IN_STEPS, ImportRun
from .reading.refusals import Refused
from .saving import reverting
from .saving.steps import go_on

State = ImportRun.State
ORDER_SAVE = Step("import.save_ordered", "导入", "imports.run", (State.CHECKED,), State.SAVING)
CHECK_AGAIN = Step(
    "import.check_ordered",
    "重新检查",
    "imports.run",
    (State.CHECKED, State.REFUSED, State.FAILED),
    State.UPLOADED,
)
DECIDE = Step("import.decided", "决定", "imports.run", (State.CHECKED,), State.UPLOADED)
MEND = Step("import.cells_mended", "就地改", "imports.run", (State.CHECKED,), State.UPLOADED)
LONGEST_MENDED = 400
WAKE = Step("import.woken", "重新开始", "imports.run", (State.UPLOADED, State.CHECKING), State.UPLOADED)
RESUME = Step("import.ending_resumed", "继续移出", "imports.run", (State.FAILED,), State.SAVING)
GO_ON = {state: Step("import.woken", "继续", "imports.run", (state,), state) for state in IN_STEPS}
DISCARD = Step(
    "import.discarded",
    "放弃",
    "imports.run",
    (State.UPLOADED, State.CHECKED, State.REFUSED, State.FAILED),
    State.DISCARDED,
)
TURN = datetime.timedelta(seconds=15)  # another import that said nothing for so long is not waited for
SILENT = datetime.timedelta(minutes=5)  # after which a job counts as lost: its worker was stopped
LONGEST = 3600  # seconds; 100,000 rows take minutes
GIVEN_UP = "没有完成：{why}请重新检查；再次出错时请联系管理员。"
FAILED_SENTENCE = "检查没有完成：程序出错，已记入日志。请重新检查；再次出错时请联系管理员。"

logger = logging.getLogger(__name__)


def order_check(run: ImportRun) -> None:
    check_run.enqueue(run.pk)


def order_save(run: ImportRun, *, by, valid_only: bool) -> ImportRun:
    """Have the sound rows saved; with faults only where `valid_only` is chosen."""

    def choose(locked: ImportRun) -> dict:
        if any(not question["answer"] for question in locked.report.get("questions", [])):
            raise NotAllowed("import.questions", "请先回答关于这份文件的问题，再导入。")
        if locked.report.get("fault_count") and not valid_only:
            raise NotAllowed("import.faults", "还有错误没有改正。请改正后重新上传，或选择「仅导入无误行」。")
        locked.is_valid_only = valid_only
        return {"valid_only": valid_only}

    run = take(ORDER_SAVE, run, by=by, effect=choose)
    save_run.enqueue(run.pk, by.pk)
    return run


def check_again(run: ImportRun, *, by) -> ImportRun:
    """Check once more; or, where a job was lost between two steps, have the next one go on with them."""
    if is_lost(run) and run.state in GO_ON:
        run = take(GO_ON[State(run.state)], run, by=by)
        JOBS[State(run.state)].enqueue(run.pk, by.pk)
        return run
    if (
        run.state == State.FAILED and ending.ORDER in run.report
    ):  # a check would write a report without the order
        run = take(RESUME, run, by=by)
        save_run.enqueue(run.pk, by.pk)
        return run
    run = take(WAKE if is_lost(run) else CHECK_AGAIN, run, by=by)
    order_check(run)
    return run


def decide(run: ImportRun, answers: dict[str, str], *, by) -> ImportRun:
    """Note what was decided about the file, and check it once more with that."""

    def note(locked: ImportRun) -> dict:
        asked = {
            question["key"]: dict(question["choices"]) for question in locked.report.get("questions", [])
        }
        given = {key: choice for key, choice in answers.items() if choice in asked.get(key, {})}
        if not given:
            raise NotAllowed("import.no_answer", "没有选择。请在每个问题后面选一项。")
        locked.answers = locked.answers | given
        return {"answers": given}

    run = take(DECIDE, run, by=by, effect=note)
    order_check(run)
    return run


def mend(run: ImportRun, cells: dict[str, str], *, by) -> ImportRun:
    """Write cells that were at fault anew, in the copy that is checked; the uploaded file stays as it came."""

    def write(locked: ImportRun) -> dict:
        at_fault = {fault["cell"]: fault["value"] for fault in locked.report.get("faults", [])}
        given = {cell: clean(text) for cell, text in cells.items() if cell in at_fault}
        changed = {cell: text for cell, text in given.items() if text and text != at_fault[cell]}
        if not changed:
            raise NotAllowed(
                "import.nothing_mended", "没有改动。请在格子里写上正确的内容，再按「改这些格」。"
            )
        if any(len(text) > LONGEST_MENDED for text in changed.values()):
            raise NotAllowed(
                "import.mended_too_long", f"一格最多改成 {LONGEST_MENDED} 个字。更长的请在工作簿里改。"
            )
        locked.mended = locked.mended | changed
        return {"cells": sorted(changed)}  # no values: what is in the audit log can be redacted nowhere

    run = take(MEND, run, by=by, effect=write)
    order_check(run)
    return run


def order_take_back(run: ImportRun, *, by) -> ImportRun:
    run = reverting.begin(run, by=by)
    undo_run.enqueue(run.pk, by.pk)
    return run


def order_ending(run: ImportRun, ids, *, reason, by, typed: int | None = None) -> int:
    """Have chosen rows of what a complete file lacks taken off the list; how many."""
    count = ending.begin(run, ids, reason=reason, by=by, typed=typed)
    save_run.enqueue(run.pk, by.pk)
    return count


def discard(run: ImportRun, *, by) -> ImportRun:
    """Raises NotAllowed where a part of it lies in a draft: that has to be taken back."""

    def refuse_part(locked: ImportRun) -> None:
        if locked.is_unfinished:
            raise NotAllowed("import.unfinished", "这次导入已有一部分放入批次。请继续导入，或整体撤回。")

    return take(DISCARD, run, by=by, effect=refuse_part)


def is_lost(run: ImportRun) -> bool:
    """No job works on it, none waits to, and none will: it ended between the state and the order."""
    return run.is_busy and run.updated_at < timezone.now() - SILENT and not _is_pending(run)


def _is_pending(run: ImportRun) -> bool:
    newest = job_of(run)
    return newest is not None and newest.is_pending


def job_of(run: ImportRun) -> Progress | None:
    """The newest job that was ordered for a run."""
    return newest(*(progress(one, run.pk) for one in (check_run, save_run, undo_run)))


def give_up(run_id: int, *_more: int, sentence: str) -> None:
    """The page of the run says what happened in place of 正在检查."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is not None and run.is_busy:
        _end(run, State.FAILED, run.report | {"sentence": GIVEN_UP.format(why=sentence)})
        record("import.failed", run, by=run.created_by, is_success=False)


@job(seconds=LONGEST, given_up=give_up)
def check_run(run_id: int) -> None:
    """Phase one of an uploaded file, saving nothing. CHECKING is what an attempt left behind that was broken off."""
    waiting = ImportRun.objects.filter(pk=run_id, state__in=(State.UPLOADED, State.CHECKING))
    if waiting.update(state=State.CHECKING, progress=0, updated_at=timezone.now()):
        _work(_run(run_id), by=None, wants_save=False)


@job(seconds=LONGEST, given_up=give_up)
def save_run(run_id: int, person_id: int) -> None:
    """Phase one once more, and phase two: the registers may have moved since the page was read.

    May be run again after a kill: what was saved already is passed over.
    """
    run = _run(run_id)
    if run.state == State.SAVING:
        _await_turn(run)
        person = get_user_model().objects.get(pk=person_id)
        if ending.is_under_way(run):
            _steps(run, ending.go_on_ending, person)
        else:
            _work(run, by=person, wants_save=True)


@job(seconds=LONGEST, given_up=give_up)
def undo_run(run_id: int, person_id: int) -> None:
    """Take back what is left of it. May be run again after a kill."""
    run = _run(run_id)
    if run.state == State.UNDOING:
        _steps(run, reverting.continue_reverting, get_user_model().objects.get(pk=person_id))


JOBS = {State.SAVING: save_run, State.UNDOING: undo_run}


def _await_turn(run: ImportRun) -> None:
    """Two imports that are saved at once would make each other check again after every step."""
    earlier = ImportRun.objects.filter(pk__lt=run.pk, state__in=IN_STEPS)
    while earlier.filter(updated_at__gte=timezone.now() - TURN).exists():
        time.sleep(1)


def _steps(run: ImportRun, go_on_with: Callable[..., object], by) -> None:
    try:
        go_on_with(run, by=by)
    except NotAllowed as refusal:
        logger.info("Import %s stopped: %s", run.pk, refusal.rule)  # its page says so
    except Exception as error:
        if fault_of(error) is not None:
            raise  # it goes on where it stood
        logger.exception("Import %s failed", run.pk)
        _end(run, State.FAILED, run.report | {"sentence": FAILED_SENTENCE})


def _run(run_id: int) -> ImportRun:
    return ImportRun.objects.select_related("file", "created_by").get(pk=run_id)


def _work(run: ImportRun, *, by, wants_save: bool) -> None:
    try:
        _check_and_save(run, by=by, wants_save=wants_save)
    except Refused as refused:
        _end(run, State.REFUSED, {"rule": refused.rule, "sentence": refused.sentence})
        record("import.refused", run, by=run.created_by, is_success=False, rule=refused.rule)
    except DamagedFileError:
        _end(
            run,
            State.REFUSED,
            {"rule": "file-missing", "sentence": "原文件已不在或已损坏，无法检查。请重新上传。"},
        )
    except NotAllowed as refusal:
        _end(run, State.CHECKED, run.report | {"refusal": refusal.sentence})
    except Exception as error:
        if fault_of(error) is not None:
            raise  # the worker tries again; the page goes on showing that it waits
        logger.exception("Import %s failed", run.pk)
        _end(run, State.FAILED, {"sentence": FAILED_SENTENCE})


def _check_and_save(run: ImportRun, *, by, wants_save: bool) -> None:
    if run.file.erased_at is not None or not is_whole(run.file.sha256, run.file.root):
        raise DamagedFileError(run.file.name)
    try:
        with depot().as_path(run.file.root, run.file.sha256) as path:
            go_on(partial(_attempt, path, run, by=by, wants_save=wants_save), run, RegisterMoved, TRIES)
    except RegisterMoved as moved:
        raise NotAllowed("import.busy", BUSY) from moved


def _attempt(path: Path, run: ImportRun, *, by, wants_save: bool) -> None:
    with checked(path, run.file.name, order_of(run), mended=run.mended, progress=_progress_of(run)) as (
        reading,
        outcome,
    ):
        conclude(run, reading, outcome, by=by, wants_save=wants_save)


def _progress_of(run: ImportRun) -> Callable[[int, int], None]:
    def tell(rows: int, total: int) -> None:
        ImportRun.objects.filter(pk=run.pk).update(progress=rows, total=total, updated_at=timezone.now())

    return tell


def _end(run: ImportRun, state: str, report: dict) -> None:
    run.refresh_from_db()
    run.state, run.report = state, report
    run.save()
