"""Fifty calls typed at once: how long a note takes to be saved, against an empty POST that only reads it.

.venv/bin/python -m bench.calls 50       # on a private PostgreSQL and Redis, with a server of its own
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.alone import served

SECONDS = 15
TURNS = ("empty", "saving") * 3
"""In turns: a machine that is slower for a minute is slower for both."""
PAUSE = 450
"""Milliseconds without a key after which a page sends (static/js/call/sync.js)."""
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> int:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    if "--inside" in sys.argv:
        print(json.dumps(measure(calls)))
        return 0
    with served() as environment:
        command = [sys.executable, "-m", "bench.calls", str(calls), "--inside"]
        return subprocess.run(command, env=environment, check=False).returncode


def measure(number: int) -> dict[str, Any]:
    """Milliseconds of a request, saving and empty in turns, and from the last key to saved; processor milliseconds of the web processes a
    request; how busy the machine was before, and the share of a processor the typists took."""
    import django

    django.setup()
    from django.core.management import call_command

    from bench import book
    from bench.run import _serving, _sign_in

    load = os.getloadavg()[0]
    call_command("migrate", verbosity=0)
    call_command("publish_playbook", verbosity=0, stdout=sys.stderr)
    made = book.make(2_000)
    typists = [[call, *_sign_in(made.manager)] for call in _calls(made.manager, number)]
    port = int(os.environ["BENCH_PORT"])
    times: dict[str, list[float]] = {"empty": [], "saving": []}
    processor = {"empty": 0.0, "saving": 0.0}
    share = 0.0
    with _serving(port) as server:
        for what in ("empty", "saving"):  # each process has read what it keeps
            _typed(port, what, typists, seconds=4)
        for what in TURNS:
            before = _processor(server.pid)
            found = _typed(port, what, typists, seconds=SECONDS)
            processor[what] += _processor(server.pid) - before
            times[what] += found["times"]
            share = max(share, found["cpu"])
    report: dict[str, Any] = {
        "calls": number,
        "requests": len(times["saving"]),
        "load": round(load, 1),
        "typists": share,
    }
    for what, each in times.items():
        report |= {f"{what}_p50_ms": _at(each, 0.5), f"{what}_p95_ms": _at(each, 0.95)}
        report[f"{what}_cpu_ms"] = round(processor[what] * 1_000 / len(each), 1)
    report["p95_ratio"] = round(report["saving_p95_ms"] / report["empty_p95_ms"], 2)
    report["keystroke_to_saved_p95_ms"] = round(PAUSE + report["saving_p95_ms"], 1)
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


def _typed(port: int, what: str, typists: list[list[Any]], *, seconds: int) -> dict[str, Any]:
    told = {"port": port, "seconds": seconds, "saving": what == "saving", "typists": typists}
    command = [sys.executable, "-m", "bench.typists"]
    done = subprocess.run(command, input=json.dumps(told), check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout))


def _processor(pid: int) -> float:
    """Seconds of processor time of the server and its workers so far."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    stats = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in (str(pid), *children)]
    return sum(int(one[11]) + int(one[12]) for one in stats) / TICKS


def _at(times: list[float], share: float) -> float:
    return round(sorted(times)[int(len(times) * share)], 1)


if __name__ == "__main__":
    sys.exit(main())
