"""People who type in calls, in a process of their own, so that they take nothing of the server's time but their requests.

Told on standard input: {"port", "seconds", "saving", "typists": [[call, cookie, csrf], ...]}. Prints {"times": milliseconds from a pause
to its answer, "cpu": the share of one processor this process took}.
"""

from __future__ import annotations

import http.client
import json
import random
import sys
import threading
import time
import uuid
from typing import Any

TYPED = "/pain Licences went up to 4.2M a year for 1,200 VMs, decide by end of Q3. "
EVERY = (1.0, 2.0)
"""Seconds from one pause to the next, whatever the server does meanwhile."""
PARAGRAPH = 4
"""Pauses after which the next note begins."""


def main() -> int:
    told = json.load(sys.stdin)
    times: list[float] = []
    started, processor = time.perf_counter(), time.process_time()
    threads = [
        threading.Thread(target=type_away, args=(told["port"], told["saving"], *one, started + told["seconds"], times))
        for one in told["typists"]
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    share = (time.process_time() - processor) / (time.perf_counter() - started)
    print(json.dumps({"times": times, "cpu": round(share, 3)}))
    return 0


def type_away(port: int, saving: bool, call: int, cookie: str, csrf: str, until: float, times: list[float]) -> None:
    """As the page of a call does (static/js/call/sync.js): one request at a time, with all that is unsent; a note that grows, then the
    next. Pauses come by the clock: one that falls into a request under way waits for it, and is timed from when it came."""
    headers = {"Content-Type": "application/json", "X-CSRFToken": csrf, "Cookie": cookie}
    path = f"/calls/{call}/entries/" if saving else "/floor/api/"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    chance = random.Random(call)
    note, revision, cursor, state = str(uuid.uuid4()), 0, 0, ""
    pause = time.perf_counter() + chance.random() * EVERY[1]
    while pause < until:
        time.sleep(max(pause - time.perf_counter(), 0))
        sent = time.perf_counter()
        revision += 1
        one = {"id": note, "revision": revision, "base": revision - 1, "text": TYPED * revision, "part": "pain"}
        answer = _ask(connection, "POST", path, headers, json.dumps({"entries": [one], "since": cursor}))
        times.append((time.perf_counter() - pause) * 1_000)
        while pause <= sent:  # all that was typed until then went along
            pause += chance.uniform(*EVERY)
        if saving:
            cursor = answer["cursor"]
            if answer.get("state") != state:
                state = _ask(connection, "GET", f"/calls/{call}/state/", headers).get("token", state)
        if revision == PARAGRAPH:
            note, revision = str(uuid.uuid4()), 0
    connection.close()


def _ask(
    connection: http.client.HTTPConnection, method: str, path: str, headers: dict[str, str], body: str | None = None
) -> dict[str, Any]:
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status not in (200, 204):
        raise RuntimeError(f"{path}: {answer.status} {text[:200]!r}")
    return dict(json.loads(text)) if text else {}


if __name__ == "__main__":
    sys.exit(main())
