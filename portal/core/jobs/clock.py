"""A process that orders what is due and does none of it: the schedule apart from the workers.

The workers go on asking, too, since a row in the database lets one of all who ask pass; so nothing stops when this one ends.
"""

import logging
import signal
import threading

from django.db import DatabaseError, InterfaceError, connection

from .rhythms import Keeper

LOOK = 1.0
LONGEST_WAIT = 10.0

logger = logging.getLogger(__name__)


class Clock:
    def __init__(self) -> None:
        self.keeper = Keeper()
        self.told_to_end = threading.Event()
        self.away = 0  # how often in a row the database did not answer

    def run(self) -> None:
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
            signal.signal(signum, lambda _signum, _frame: self.told_to_end.set())
        logger.info("The schedule is kept")
        while not self.told_to_end.wait(self.turn()):
            pass
        logger.info("The schedule has ended")

    def turn(self) -> float:
        """Seconds until the next one."""
        try:
            self.keeper.turn()
        except (DatabaseError, InterfaceError) as fault:
            return self._pause_for(fault)
        if self.away:
            logger.warning("The database answers again; the schedule goes on")
            self.away = 0
        return LOOK

    def _pause_for(self, fault: Exception) -> float:
        if not self.away:
            logger.warning("The schedule waits for the database: %s", " ".join(str(fault).split()))
        connection.close()
        self.away += 1
        return min(2.0**self.away, LONGEST_WAIT)
