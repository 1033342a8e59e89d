"""Child processes that never outlive us."""

import shutil
import signal
import subprocess
from types import FrameType


def tied(command: list[str]) -> list[str]:
    """The command, ended by the kernel when its parent dies, even when that was killed outright."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "INT", *command] if setpriv else command


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
