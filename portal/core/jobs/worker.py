"""The worker: claims jobs, runs each in a child, and tells the database every few seconds that it is there.

It ends when it is told to, and for nothing else: a database that is away is waited for, with growing pauses.
"""

import logging
import signal
import socket
import time
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models.functions import Now
from django.utils.crypto import get_random_string

from . import queue
from .models import Worker
from .processes import own_name
from .rhythms import Keeper, Rhythm
from .running import Attempt, begin

TICK = 0.2
LOOK = 1.0  # between two looks for work
BEAT = 10.0
RECOVER = 5.0
FORGET = 3600.0
# A worker that could not say it is there for this long breaks its jobs off: others will take it for dead soon.
FENCE = 30.0
LONGEST_WAIT = 10.0
LET_FINISH = 20.0  # seconds that a running job gets when the worker is told to end

logger = logging.getLogger(__name__)


class JobWorker:
    def __init__(self, *, at_once: int):
        self.id = get_random_string(32)
        self.at_once = at_once
        self.running: list[Attempt] = []
        self.ended: list[Attempt] = []  # whose end the database has not been told yet
        self.leave_by: float | None = None
        self.heard_at = time.monotonic()
        self.look, self.beat, self.recover, self.forget = map(Rhythm, (LOOK, BEAT, RECOVER, FORGET))
        self.keeper = Keeper()
        self.away = 0  # how often in a row the database did not answer
        self.resumes_at = 0.0

    def run(self) -> None:
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
            signal.signal(signum, self._told_to_end)
        logger.info("Worker %s is there for jobs, %d at a time", self.id[:8], self.at_once)
        while self.leave_by is None or self.running:
            self._turn()
            time.sleep(TICK)
        self._sign_off()

    def _told_to_end(self, signum: int, frame: FrameType | None) -> None:
        """The first time lets running jobs come to their end, the second does not."""
        patience = LET_FINISH if self.leave_by is None else 0
        self.leave_by = time.monotonic() + patience

    def _turn(self) -> None:
        self._collect()
        self._break_off_in_time()
        if time.monotonic() < self.resumes_at:
            return
        try:
            self._speak_with_the_database()
        except (DatabaseError, InterfaceError) as fault:
            self._wait_for_the_database(fault)

    def _collect(self) -> None:
        ended = [attempt for attempt in self.running if attempt.has_ended()]
        if ended:
            self.running = [attempt for attempt in self.running if attempt not in ended]
            self.ended += ended
            self.look.next = 0

    def _break_off_in_time(self) -> None:
        """On leaving; and when others must soon take us for dead. SQLite is on one machine: there they can see."""
        is_cut_off = connection.vendor != "sqlite" and time.monotonic() - self.heard_at > FENCE
        is_late = self.leave_by is not None and time.monotonic() > self.leave_by
        if is_cut_off or is_late:
            for attempt in self.running:
                attempt.break_off()

    def _speak_with_the_database(self) -> None:
        if self.beat.is_due():
            self._say_we_are_here()
        while self.ended:
            self._note_end(self.ended[0])
            self.ended.pop(0)
        if self.recover.is_due():
            queue.recover()
            self.recover.done()
        if self.forget.is_due():
            queue.forget_old()
            self.forget.done()
        self.keeper.turn()
        if self.look.is_due():
            self._look_for_work()
        if self.away:
            logger.warning("The database answers again; the worker goes on")
            self.away = 0

    def _say_we_are_here(self) -> None:
        if not Worker.objects.filter(pk=self.id).update(beat_at=Now()):
            host = socket.gethostname()[:100]
            Worker.objects.create(id=self.id, process=own_name(), host=host, started_at=Now(), beat_at=Now())
        self.heard_at = time.monotonic()
        self.beat.done()

    def _note_end(self, attempt: Attempt) -> None:
        """What the child noted itself is not touched: the queue knows whose attempt a row is."""
        if attempt.is_broken_off:
            queue.hand_back(attempt.row_id, self.id)
        elif attempt.failure:
            logger.error("Job %s (%s): %s", attempt.row_id, attempt.task_path, attempt.failure.name)
            queue.fail(attempt.row_id, self.id, attempt.failure)

    def _look_for_work(self) -> None:
        while self.leave_by is None and len(self.running) < self.at_once:
            row = queue.claim(self.id)
            if row is None:
                self.look.done()
                return
            self.running.append(begin(row))

    def _wait_for_the_database(self, fault: Exception) -> None:
        pause = min(2.0**self.away, LONGEST_WAIT)
        if not self.away:
            logger.warning("The worker waits for the database: %s", " ".join(str(fault).split()))
        self.away += 1
        self.beat.next = 0  # the first thing to say when it is back
        self.resumes_at = time.monotonic() + pause
        connection.close()

    def _sign_off(self) -> None:
        try:
            self._speak_with_the_database()
            Worker.objects.filter(pk=self.id).update(stopped_at=Now(), beat_at=Now())
        except (DatabaseError, InterfaceError) as fault:
            logger.warning("The worker could not sign off: %s", " ".join(str(fault).split()))
        logger.info("Worker %s has ended", self.id[:8])


def worker() -> JobWorker:
    return JobWorker(at_once=settings.JOBS_AT_ONCE)
