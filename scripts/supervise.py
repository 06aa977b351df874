"""Keep a handful of processes running until somebody says stop.

Only the main process of each is signalled. A signal to a whole process group would reach a worker's children as well,
and the task that is running would be lost instead of finished.
"""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

GRACE = 30.0  # seconds a process has to finish what it is doing
TOO_SOON = 5.0  # seconds; whoever ends earlier than this has not really started
PATIENCE = 5  # so many ends too soon in a row, and all stop
PAUSE = 1.0  # seconds between an end and the next start
PARENT_DEATH_SIGNAL = 1  # prctl(2), PR_SET_PDEATHSIG


@dataclass
class Child:
    """One process we keep running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    early_ends: int = field(default=0)


def supervise(commands: Mapping[str, Sequence[str]]) -> int:
    """Run `commands` by name, start again whichever ends, and stop all on TERM or Ctrl-C. Returns the exit code."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    children = [Child(name, command) for name, command in commands.items()]
    hopeless: Child | None = None
    while not stopping and hopeless is None:
        hopeless = next((child for child in children if not _keep_running(child)), None)
        time.sleep(0.2)
    if hopeless:
        print(f"{hopeless.name} ends as soon as it starts; see its lines above. Stopping.", file=sys.stderr)
    _stop(children)
    return 1 if hopeless else 0


def _keep_running(child: Child) -> bool:
    """Start `child` unless it runs; return False once there is no point in trying again."""
    if child.process is not None:
        code = child.process.poll()
        if code is None:
            return True
        early = time.monotonic() - child.started < TOO_SOON
        child.early_ends = child.early_ends + 1 if early else 0
        if child.early_ends >= PATIENCE:
            return False
        print(f"{child.name} ended (code {code}); starting it again.", file=sys.stderr)
        time.sleep(PAUSE)
    child.started = time.monotonic()
    # A session of its own keeps the terminal's Ctrl-C from it; we pass the wish on as TERM.
    child.process = subprocess.Popen(
        list(child.command),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )
    return True


def _end_with_parent() -> None:
    """Have the kernel send TERM should the supervisor be killed, so that no stray worker is left behind."""
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _stop(children: Sequence[Child]) -> None:
    running = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in running:
        process.terminate()
    end = time.monotonic() + GRACE
    for process in running:
        try:
            process.wait(max(end - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
