"""Fifty calls typed at once: how long a note takes to be saved, against an empty POST that only reads it.

.venv/bin/python -m bench.calls 50       # on a private PostgreSQL and Redis, with a server of its own
"""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
import uuid
from typing import Any

from bench.alone import served

SECONDS = 12
PAUSE = 450
"""Milliseconds without a key after which a page sends (static/js/call/sync.js)."""
TYPED = "/pain Licences went up to 4.2M a year for 1,200 VMs, decide by end of Q3. "
EVERY = (0.8, 1.6)
"""Seconds between two pauses of somebody who types: more often than people pause, and less than a server keeps a connection for."""


def main() -> int:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    if "--inside" in sys.argv:
        print(json.dumps(measure(calls)))
        return 0
    with served() as environment:
        command = [sys.executable, "-m", "bench.calls", str(calls), "--inside"]
        return subprocess.run(command, env=environment, check=False).returncode


def measure(number: int) -> dict[str, Any]:
    """Milliseconds of a request, saving and empty in turns, and from the last key to saved."""
    import django

    django.setup()
    from django.core.management import call_command

    from bench import book
    from bench.run import _serving, _sign_in

    call_command("migrate", verbosity=0)
    call_command("publish_playbook", verbosity=0, stdout=sys.stderr)
    made = book.make(2_000)
    calls = _calls(made.manager, number)
    signed = [_sign_in(made.manager) for _ in calls]
    port = int(os.environ["BENCH_PORT"])
    found: dict[str, list[float]] = {"empty": [], "saving": []}
    with _serving(port):
        for what in ("empty", "saving", "empty", "saving"):
            found[what] += _typed(port, what, calls, signed)
    report: dict[str, Any] = {"calls": number, "requests": len(found["saving"])}
    for what, times in found.items():
        report |= {f"{what}_p50_ms": _at(times, 0.5), f"{what}_p95_ms": _at(times, 0.95)}
    report["p95_ratio"] = round(report["saving_p95_ms"] / report["empty_p95_ms"], 2)
    report["keystroke_to_saved_p95_ms"] = PAUSE + report["saving_p95_ms"]
    return report


def _calls(person: Any, number: int) -> list[int]:
    from django.utils import timezone

    from calls.services.holding import begin_call
    from calls.services.plans import plan_call
    from crm.services.audit import Act
    from deals.models import Deal

    act, made = Act(by=person), []
    for deal in Deal.objects.editable_by(person).filter(outcome="open").order_by("pk")[:number]:
        call = plan_call(act=act, deal_id=deal.pk, starts_at=timezone.now(), minutes=60)
        made.append(begin_call(act=act, call_id=call.pk).pk)
    return made


def _typed(port: int, what: str, calls: list[int], signed: list[tuple[str, str]]) -> list[float]:
    times: list[float] = []
    until = time.monotonic() + SECONDS
    typists = [
        threading.Thread(target=_type, args=(port, what, call, session, until, times))
        for call, session in zip(calls, signed, strict=True)
    ]
    for one in typists:
        one.start()
    for one in typists:
        one.join()
    return times


def _type(port: int, what: str, call: int, session: tuple[str, str], until: float, times: list[float]) -> None:
    """A note that grows with every pause; after some of them the next begins."""
    cookie, csrf = session
    headers = {"Content-Type": "application/json", "X-CSRFToken": csrf, "Cookie": cookie}
    path = f"/calls/{call}/entries/" if what == "saving" else "/floor/api/"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    chance = random.Random(call)
    note, revision, cursor = str(uuid.uuid4()), 0, 0
    time.sleep(chance.random() * EVERY[1])
    while time.monotonic() < until:
        revision += 1
        one = {"id": note, "revision": revision, "base": revision - 1, "text": TYPED * revision, "part": "pain"}
        body = json.dumps({"entries": [one], "since": cursor})
        started = time.perf_counter()
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        times.append((time.perf_counter() - started) * 1_000)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {text[:200]!r}")
        if what == "saving":
            cursor = json.loads(text)["cursor"]
        if revision == 4:
            note, revision = str(uuid.uuid4()), 0
        time.sleep(chance.uniform(*EVERY))
    connection.close()


def _at(times: list[float], share: float) -> float:
    return round(sorted(times)[int(len(times) * share)], 1)


if __name__ == "__main__":
    sys.exit(main())
