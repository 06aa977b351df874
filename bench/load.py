"""A small load generator: fixed numbers of requests over kept-alive connections, timed one by one."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Call:
    """A request, or several that one page makes: `paths` are fetched one after the other and timed together."""

    paths: tuple[str, ...]
    method: str = "GET"
    body: Callable[[], Mapping[str, str]] | None = None
    expect: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    sent: bytes | None = None
    """A body as it is, in place of a form's."""


def pooled(rounds: Iterable[Sequence[float]]) -> Timing:
    """Of all rounds' times together."""
    times = sorted(time for one in rounds for time in one)
    return Timing(times[len(times) // 2], times[min(int(len(times) * 0.95), len(times) - 1)])


def measure(port: int, call: Call, cookie: str, *, requests: int, concurrency: int) -> Timing:
    return pooled([times_of(port, call, cookie, requests=requests, concurrency=concurrency)])


def times_of(port: int, call: Call, cookie: str, *, requests: int, concurrency: int) -> list[float]:
    """Milliseconds of each of `requests` calls after a warm-up of a tenth. Raises RuntimeError for an answer that is not the
    expected one."""
    times: list[float] = []
    failures: list[str] = []
    each = max(requests // concurrency, 1)

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for number in range(each + max(each // 10, 2)):
            started = time.perf_counter()
            for path in call.paths:
                failure = _one(connection, call, path, cookie)
                if failure:
                    failures.append(failure)
                    return
            if number >= max(each // 10, 2):
                times.append((time.perf_counter() - started) * 1_000)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(concurrency)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(failures[0])
    return times


def _one(connection: http.client.HTTPConnection, call: Call, path: str, cookie: str) -> str:
    headers = {"Cookie": cookie, "Host": "127.0.0.1", **dict(call.headers)}
    body: str | bytes | None = call.sent
    if call.body is not None:
        body = urlencode(call.body())
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(call.method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    return "" if answer.status == call.expect else f"{call.method} {path}: {answer.status} {text[:300]!r}"
