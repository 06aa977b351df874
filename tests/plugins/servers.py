"""Private PostgreSQL and Redis servers that live as long as one test run.

They listen on free loopback ports, keep their data in a temporary folder and are stopped and deleted afterwards, so
tests neither need nor touch a server of the machine. Starting both takes about half a second.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

DEADLINE = 20.0  # seconds a server may take to answer before the run is given up
UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
FOR_TESTS = (*UNSAFE_BUT_FAST, "max_connections=200", "shared_buffers=64MB", "jit=off", "autovacuum=off")
"""Nothing a test writes lasts: what pays off later doesn't."""


class Missing(Exception):
    """A server program isn't installed; the message says which, and how to get it."""


def missing_programs() -> str:
    """Return the sentence that says what can't be started here, or "" where both servers can."""
    absent = [
        package
        for package, program in (("postgresql", postgres_program("initdb")), ("redis-server", _redis_program()))
        if program is None
    ]
    if not absent:
        return ""
    return f"{' and '.join(absent)} not found on this machine. Install with: apt-get install {' '.join(absent)}"


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """Start both and give the `DATABASE_URL` and `REDIS_URL` that lead to them."""
    with postgres() as database_url, redis() as redis_url:
        yield {"DATABASE_URL": database_url, "REDIS_URL": redis_url}


@contextmanager
def postgres(options: Sequence[str] = FOR_TESTS) -> Iterator[str]:
    """Start a PostgreSQL server whose data don't outlive it. It refuses to run as root, so root drops to `postgres`."""
    initdb, server = postgres_program("initdb"), postgres_program("postgres")
    if initdb is None or server is None:
        raise Missing(missing_programs())
    user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    with _folder("quarterdeck-postgres-", owner=user) as folder:
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        subprocess.run(
            [initdb, "-D", folder / "data", "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            **as_user,  # type: ignore[call-overload]
        )
        port = free_port()
        settings = [f"-c{setting}" for setting in options]
        command = [server, "-D", folder / "data", "-h", "127.0.0.1", "-p", str(port), "-k", folder, *settings]
        with _running(command, folder / "log", cwd=folder, **as_user) as process:
            _wait_for(lambda: _postgres_answers(port), process, folder / "log")
            yield f"postgres://test@127.0.0.1:{port}/postgres"


@contextmanager
def redis() -> Iterator[str]:
    """Start a Redis server that writes nothing to disk."""
    program = _redis_program()
    if program is None:
        raise Missing(missing_programs())
    port = free_port()
    with _folder("quarterdeck-redis-") as folder:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        with _running(command, folder / "log", cwd=folder) as process:
            _wait_for(lambda: _port_answers(port), process, folder / "log")
            yield f"redis://127.0.0.1:{port}/0"


def free_port() -> int:
    """Return a loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def postgres_program(name: str) -> str | None:
    # Debian keeps these out of PATH, one folder per version; the newest wins.
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(found[-1]) if found else shutil.which(name)


def _redis_program() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


@contextmanager
def _folder(prefix: str, owner: pwd.struct_passwd | None = None) -> Iterator[Path]:
    # Not tempfile.gettempdir(): TMPDIR may lie where the postgres user can't go.
    parent = "/tmp" if owner else None
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(command: list[object], log: Path, **options: object) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(  # type: ignore[call-overload]
            [str(part) for part in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C ends the tests first, then the servers
            **options,
        )
        try:
            yield process
        finally:
            process.send_signal(2)  # for PostgreSQL: close now, and leave no shared memory behind
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + DEADLINE
    while not answers():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"A test server did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)


def _port_answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _postgres_answers(port: int) -> bool:
    import psycopg2  # here, so that the helpers above work before anything is installed

    try:
        psycopg2.connect(host="127.0.0.1", port=port, user="test", dbname="postgres").close()
    except psycopg2.OperationalError:
        return False
    return True
