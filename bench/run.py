"""One size, in a process of its own: makes the book, starts the product under gunicorn, measures, prints JSON."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import django

QUICK, FULL = 24, 64
ROUNDS = 4


def main() -> int:
    size, quick = int(sys.argv[1]), "--quick" in sys.argv
    django.setup()
    from django.core.management import call_command

    from bench import book, totals
    from bench.report import Row, Size

    call_command("migrate", verbosity=0)
    call_command("publish_playbook", verbosity=0, stdout=sys.stderr)
    started = time.perf_counter()
    made = book.make(size)
    result = Size(deals=size, made_seconds=round(time.perf_counter() - started, 1))
    print(f"{size:,} deals made in {result.made_seconds} s", file=sys.stderr)
    port = int(os.environ["BENCH_PORT"])
    with _serving(port):
        for who, person in (("rep", made.rep), ("manager", made.manager), ("ops", made.ops)):
            for concurrency in (1, 8) if who in _whose() else ():
                result.rows += [
                    Row(who, concurrency, *row)
                    for row in _pages(port, person, made, concurrency, QUICK if quick else FULL * min(concurrency, 2))
                ]
        result.totals = totals.compare(made)
    if not quick and "--pages" not in sys.argv:
        from bench import bulk, rescore

        result.rescore = rescore.compare(size)
        result.bulk = bulk.compare(10_000)  # of deals which are all open now
    print(result.as_json())
    return 0


def _whose() -> tuple[str, ...]:
    """`--of manager`: the pages of one of them alone."""
    return (sys.argv[sys.argv.index("--of") + 1],) if "--of" in sys.argv else ("rep", "manager", "ops")


def _which() -> str:
    """`--page Today`: those alone whose name begins so."""
    return sys.argv[sys.argv.index("--page") + 1] if "--page" in sys.argv else ""


def _pages(port, person, made, concurrency, requests) -> Iterator[tuple[str, float, float, float, float]]:  # type: ignore[no-untyped-def]
    from bench.load import Call, pooled, times_of
    from bench.pages import measured

    cookie, csrf = _sign_in(person)
    timed = partial(times_of, port, cookie=cookie, concurrency=concurrency, requests=requests // ROUNDS)
    ok = pooled(timed(Call(("/floor/ok/",))) for _ in range(ROUNDS))
    bare = Call(("/floor/rows/",))
    floor = pooled(timed(bare) for _ in range(ROUNDS))
    yield "floor: ok", ok.p50, ok.p95, 0.0, 0.0
    yield "floor: 50 rows", floor.p50, floor.p95, 1.0, 0.0
    for page in measured(person, made, csrf):
        if not page.name.startswith(_which()):
            continue
        # In turns with the floor: a machine that is slower for some seconds is slower for both.
        turns = [(timed(page.call), timed(bare)) for _ in range(ROUNDS)]
        times, beside = pooled(ours for ours, _ in turns), pooled(floors for _, floors in turns).p50
        calls = len(page.call.paths)
        p50, p95 = times.p50 / calls, times.p95 / calls
        print(f"  {person.username} x{concurrency} {page.name}: {p50:.1f} ms, {p50 / beside:.1f}x", file=sys.stderr)
        yield page.name, p50, p95, p50 / beside, page.wanted


def _sign_in(person) -> tuple[str, str]:  # type: ignore[no-untyped-def]
    """A session as signing in makes it, and the CSRF token that goes with its cookie."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.cached_db import SessionStore
    from django.middleware.csrf import _get_new_csrf_string

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "crm.auth.PersonBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    csrf = _get_new_csrf_string()
    return f"sessionid={session.session_key}; csrftoken={csrf}", csrf


@contextmanager
def _serving(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The product as its image runs it: two workers, persistent connections."""
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    more = ["--worker-class", "gthread", "--threads", "4", "--log-level", "warning", "--no-control-socket"]
    with subprocess.Popen([*command, *more]) as server:
        try:
            _wait(port)
            yield server
        finally:
            server.terminate()


def _wait(port: int) -> None:
    import http.client

    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start.")


if __name__ == "__main__":
    sys.exit(main())
