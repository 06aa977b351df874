"""Prepare the database and start everything Quarterdeck needs on this machine. Called by `./dev run`."""

from __future__ import annotations

import argparse
import fcntl
import os
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import TextIO

from scripts.prepare import OWN_DATA
from scripts.supervise import supervise

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
# Celery warns of root on every start. Whoever runs ./dev as root, in a container or a chroot, has decided that already.
CELERY = (PYTHON, "-W", "ignore:You're running the worker", "-m", "celery", "--quiet", "-A", "config")
WORKER = (*CELERY, "worker", "--pool", "threads", "--loglevel", "WARNING")
# One machine, few workers: what they tell each other for larger installations only makes files here.
QUIET_WORKER = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def main(arguments: list[str]) -> int:
    """Start web, workers and beat, and wait until somebody stops them."""
    parser = argparse.ArgumentParser(prog="./dev run", description=__doc__)
    parser.add_argument("--empty", action="store_true", help="no demo data; asks for the first administrator")
    empty = parser.parse_args(arguments).empty
    port = _port()
    lock = _only_one_here()
    if lock is None or not _is_free(port):
        return 1
    prepared = subprocess.run([PYTHON, "-m", "scripts.prepare", *(["--empty"] if empty else [])], cwd=ROOT, check=False)
    if prepared.returncode not in (0, OWN_DATA):
        return prepared.returncode
    os.environ["QUARTERDECK_DEMO"] = "0" if prepared.returncode == OWN_DATA else "1"
    os.chdir(ROOT)
    threading.Thread(target=_announce, args=(port,), daemon=True).start()
    code = supervise(commands(port))
    print("Stopped.", file=sys.stderr)
    return code


def commands(port: int) -> dict[str, tuple[str, ...]]:
    """Return what runs, by name. Static files come from the web process, so nothing else is needed."""
    web = (PYTHON, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--preload", "--no-control-socket")
    size = ("--worker-class", "gthread", "--workers", os.environ.get("WEB_WORKERS", "2"), "--threads", "4")
    return {
        "web": (*web, *size, "--log-level", "warning"),
        "worker": (*WORKER, *QUIET_WORKER, "-Q", "interactive", "--concurrency", "4", "-n", "interactive@%h"),
        "bulk worker": (*WORKER, *QUIET_WORKER, "-Q", "bulk", "--concurrency", "2", "-n", "bulk@%h"),
        "beat": (*CELERY, "beat", "--loglevel", "WARNING", "--pidfile="),
    }


def _port() -> int:
    wish = os.environ.get("PORT") or "8000"
    if not wish.isdecimal() or not 0 < int(wish) < 65536:
        sys.exit(f"PORT is {wish!r}. It must be a number from 1 to 65535.")
    return int(wish)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: a port just left is free
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            print(f"Port {port} is for administrators. Choose another: PORT=8080 ./dev run", file=sys.stderr)
            return False
        except OSError:
            print(
                f"Port {port} is in use. Stop what uses it, or choose another: PORT={port + 1} ./dev run",
                file=sys.stderr,
            )
            return False
    return True


def _only_one_here() -> TextIO | None:
    """Hold this folder's lock while we run: two sets of workers on one file broker would be in each other's way."""
    folder = Path(os.environ.get("VAR_DIR") or ROOT / "var")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "running").open("w")
    except OSError as error:
        sys.exit(
            f"Quarterdeck keeps its data in {folder}, which can't be used: {error.strerror}. Set VAR_DIR to another."
        )
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print(f"Quarterdeck already runs with the data in {folder}. Stop it first.", file=sys.stderr)
        return None
    return lock


def _announce(port: int) -> None:
    """Say where to go as soon as everything is ready, and where to look if something is late."""
    address = f"http://127.0.0.1:{port}"
    began = time.monotonic()
    while not _ready(port):
        if time.monotonic() - began > 60:
            print(f"Pages are on {address}, but not everything is ready: see {address}/readyz", file=sys.stderr)
            return
        time.sleep(0.2)
    print(f"Quarterdeck is ready on {address} (Ctrl-C stops it).", file=sys.stderr, flush=True)


def _ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)  # Ctrl-C while preparing; once processes run, the supervisor listens for it
