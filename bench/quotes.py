"""Previews and cheaper ways a second against an empty view of the API, and submissions through a real worker against an empty
task.

.venv/bin/python -m bench.quotes 1000    # on a private PostgreSQL and Redis, with a server and a worker of their own
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bench.alone import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.load import Call

PREVIEW = {
    "price_model": "per_socket",
    "quantity": 500,
    "term_years": 3,
    "prepaid": True,
    "strategic": {"reason": "lighthouse", "percent": "10"},
}
ROUNDS = 5


def main() -> int:
    submissions = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    if "--inside" in sys.argv:
        print(json.dumps(measure(submissions, quick="--quick" in sys.argv)))
        return 0
    with served() as environment:
        command = [sys.executable, "-m", "bench.quotes", str(submissions), "--inside", *sys.argv[2:]]
        return subprocess.run(command, env=environment, check=False).returncode


def measure(submissions: int, *, quick: bool = False) -> dict[str, Any]:
    """Calls a second at 8 at a time, and how many times as long as the empty view they take; seconds of the submissions."""
    import django

    django.setup()
    from django.core.management import call_command

    from bench import book

    call_command("migrate", verbosity=0)
    call_command("publish_playbook", verbosity=0, stdout=sys.stderr)
    made = book.make(10_000)
    return {**_calls(made.manager, 200 if quick else 800), **_submissions(submissions)}


def _calls(person: Any, requests: int) -> dict[str, Any]:
    """Each beside the empty view, in turns: a machine that is slower for a minute is slower for both."""
    from bench.load import Call
    from bench.run import _serving, _sign_in

    port = int(os.environ["BENCH_PORT"])
    cookie, csrf = _sign_in(person)
    headers = (("Content-Type", "application/json"), ("X-CSRFToken", csrf))
    body = json.dumps(PREVIEW).encode()
    calls = {
        name: Call((path,), "POST", headers=headers, sent=body)
        for name, path in {
            "empty": "/floor/api/",
            "previews": "/api/quotes/preview/",
            "alternatives": "/api/quotes/alternatives/",
        }.items()
    }
    rates: dict[str, list[float]] = {name: [] for name in calls}
    with _serving(port):
        for _ in range(ROUNDS):
            for name, call in calls.items():
                rates[name].append(_rate(port, call, cookie, requests))
    found: dict[str, Any] = {}
    for name, given in rates.items():
        found[f"{name}_a_second"] = round(sorted(given)[ROUNDS // 2], 1)
        ratios = sorted(empty / one for empty, one in zip(rates["empty"], given, strict=True))
        found[f"{name}_ratio"] = round(ratios[ROUNDS // 2], 2)
    return found


def _rate(port: int, call: Call, cookie: str, requests: int) -> float:
    from bench.load import measure as timed

    started = time.perf_counter()
    timed(port, call, cookie, requests=requests, concurrency=8)
    warmed_up_too = requests + 8 * max(requests // 80, 2)
    return warmed_up_too / (time.perf_counter() - started)


def _submissions(number: int) -> dict[str, Any]:
    """From the first submission until every one is decided (or asked), and until as many empty tasks are done."""
    from bench import tasks
    from crm.models import Person
    from crm.services.audit import Act
    from deals.models import Deal
    from quotes.models import Approval
    from quotes.services.drafts import create_quote
    from quotes.services.submissions import submit

    act = Act(by=Person.objects.filter(roles__contains="ops").first())
    deal = Deal.objects.open().order_by("pk")[0].pk
    ask = {"price_model": "per_socket", "quantity": 120, "term_years": 3}
    drafts = [create_quote(act=act, deal_id=deal, title=f"Quote {n}", inputs=ask) for n in range(number)]
    with _working():
        started = time.perf_counter()
        for _ in range(number):
            tasks.nothing.delay()
        while tasks.done() < number:
            time.sleep(0.02)
        empty = time.perf_counter() - started
        started = time.perf_counter()
        for quote in drafts:
            submit(act=act, quote_id=quote.pk)
        sent = time.perf_counter() - started
        while Approval.objects.filter(state="computing").exists():
            time.sleep(0.02)
        decided = time.perf_counter() - started
    approved = Approval.objects.filter(state="approved").count()
    return {
        "submissions": number,
        "approved": approved,
        "sent_s": round(sent, 2),
        "decided_s": round(decided, 2),
        "empty_s": round(empty, 2),
        "decided_ratio": round(decided / empty, 2),
    }


@contextmanager
def _working() -> Iterator[None]:
    """One worker as production runs it, ready before anything is sent."""
    from bench import tasks

    command = [
        sys.executable,
        "-m",
        "celery",
        "--quiet",
        "-A",
        "config",
        "worker",
        "-Q",
        "interactive",
        "--pool",
        "threads",
    ]
    with subprocess.Popen(
        [*command, "--concurrency", "2", "--include", "bench.tasks", "--loglevel", "warning"]
    ) as worker:
        try:
            tasks.nothing.delay()
            while not tasks.done():
                time.sleep(0.05)
            tasks.forget()
            yield
        finally:
            worker.terminate()


if __name__ == "__main__":
    sys.exit(main())
