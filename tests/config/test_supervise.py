"""The supervisor: starts again what ends, gives up on what can't start, lets a task finish when told to stop."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FINISHES = """
import signal, sys, time, pathlib
def stop(*_):
    time.sleep(0.5)
    pathlib.Path(sys.argv[1]).write_text("finished")
    sys.exit()
signal.signal(signal.SIGTERM, stop)
pathlib.Path(sys.argv[2]).touch()
time.sleep(60)
"""


def start(program, *arguments):
    code = f"import sys; from scripts import supervise; supervise.PAUSE = 0; {program}"
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, stderr=subprocess.PIPE)


def test_what_runs_may_finish_before_all_ends(tmp_path):
    done, running = tmp_path / "done", tmp_path / "running"
    program = f"sys.exit(supervise.supervise({{'worker': [sys.executable, '-c', {FINISHES!r}, *sys.argv[1:]]}}))"
    supervisor = start(program, done, running)
    wait_until(running.exists)
    os.kill(supervisor.pid, signal.SIGINT)
    assert supervisor.wait(10) == 0
    assert done.read_text() == "finished"


def test_what_ends_is_started_again(tmp_path):
    count = tmp_path / "count"
    once = f"open({str(count)!r}, 'a').write('x')"
    supervisor = start(f"sys.exit(supervise.supervise({{'web': [sys.executable, '-c', {once!r}]}}))")
    assert supervisor.wait(20) == 1
    assert count.read_text() == "x" * 5
    assert b"web ends as soon as it starts" in supervisor.stderr.read()


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
