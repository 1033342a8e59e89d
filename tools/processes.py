"""Child processes that never outlive us, whatever signals we ourselves were started to ignore."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

PR_SET_PDEATHSIG = 1
# Loaded before a fork: the child must not wait for the loader's lock.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def start_tied(
    command: list[str], *, dies_by: signal.Signals = signal.SIGTERM, **arguments: Any
) -> subprocess.Popen:
    """Start a child that gets `dies_by` from the kernel when we end, even when we were killed outright.

    A shell starts what it puts into the background with SIGINT ignored, and a child inherits that: so every signal
    gets its own meaning back first.
    """
    return subprocess.Popen(command, preexec_fn=_prepared(os.getpid(), dies_by), **arguments)


def _prepared(parent: int, dies_by: signal.Signals) -> Callable[[], None]:
    def prepare() -> None:
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(signum, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if _libc:
            _libc.prctl(PR_SET_PDEATHSIG, dies_by)
        if os.getppid() != parent:  # it ended before we could ask
            os._exit(1)

    return prepare


def stop(process: subprocess.Popen, *signals: int, patience: float = 15) -> None:
    """Send one signal after the other until the process has ended; the last resort is SIGKILL."""
    for signum in (*signals, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(signum)
        try:
            process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            continue


def _leave(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + signum)


def leave_cleanly_on_signals() -> None:
    """Turn a request to end into SystemExit, so that every `finally` between here and there runs."""
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _leave)
