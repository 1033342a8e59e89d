"""Parts that run side by side, each with a fate of its own: one that ends is started again, after growing pauses."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass

from tools.processes import start_tied, stop

PAUSES = (1, 2, 4, 8, 15, 30, 60)  # seconds before a new start; the last one stays
STEADY = 60  # seconds after which a part that runs counts as well again
STOP_PATIENCE = 30  # a running job may come to its end


@dataclass
class Part:
    """One process. `falls` counts its ends since it last ran steadily."""

    name: str
    command: list[str]
    falls: int = 0
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    resumes_at: float = 0.0

    def start(self) -> None:
        """In a session of its own, so that Ctrl-C reaches us alone and we stop all of them in order."""
        self.process = start_tied(self.command, stdin=subprocess.DEVNULL, start_new_session=True)
        self.started_at = time.monotonic()

    @property
    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def tend(self) -> None:
        """Start it when its pause is over; when it has just ended, say so and choose the pause."""
        now = time.monotonic()
        if self.has_ended:
            self._note_end(now)
        elif self.process is None and now >= self.resumes_at:
            self.start()

    def _note_end(self, now: float) -> None:
        assert self.process is not None  # noqa: S101 - it has ended
        if now - self.started_at > STEADY:
            self.falls = 0
        pause = PAUSES[min(self.falls, len(PAUSES) - 1)]
        print(
            f"{self.name} ended by itself (code {self.process.returncode}); starting it again in {pause} s.",
            file=sys.stderr,
            flush=True,
        )
        self.falls += 1
        self.process, self.resumes_at = None, now + pause

    def stop(self) -> None:
        if self.process:
            stop(self.process, signal.SIGTERM, patience=STOP_PATIENCE)


def tend_for_ever(parts: Iterable[Part]) -> None:
    while True:
        for part in parts:
            part.tend()
        time.sleep(0.2)


def stop_all(parts: Iterable[Part]) -> None:
    """Ask all of them first, so that the slowest alone is waited for."""
    running = [part for part in parts if part.process]
    for part in running:
        if not part.has_ended and part.process:
            part.process.send_signal(signal.SIGTERM)
    for part in running:
        part.stop()
