"""From a click on Save to the new score on the page, in Chromium, with a worker as in production: what a rep waits for while watching.

.venv/bin/python -m bench.score_moves 20     # changes, on a private PostgreSQL and Redis, among 10,000 deals
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.alone import served

CHANGES = 20
SCORE = "() => [...document.querySelectorAll('#score .total ~ .num')].at(-1)?.innerText.trim() ?? ''"
MOVED = f"(before) => {{ const now = ({SCORE})(); return now !== '' && now !== before; }}"


def main() -> int:
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else CHANGES
    if "--inside" in sys.argv:
        print(json.dumps(measure(changes)))
        return 0
    with served() as environment:
        command = [sys.executable, "-m", "bench.score_moves", str(changes), "--inside"]
        return subprocess.run(command, env=environment, check=False).returncode


def measure(changes: int) -> dict[str, Any]:
    """Milliseconds, at the median and the slowest twentieth."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    import django

    django.setup()
    from django.core.management import call_command

    from bench import book
    from bench.run import _serving, _sign_in
    from deals.models import Deal

    call_command("migrate", verbosity=0)
    call_command("publish_playbook", verbosity=0, stdout=sys.stderr)
    made = book.make(10_000)
    deal = Deal.objects.filter(owner=made.rep, outcome="open").order_by("pk").first()
    assert deal is not None
    port = int(os.environ["BENCH_PORT"])
    cookies = dict(part.split("=", 1) for part in _sign_in(made.rep)[0].split("; "))
    with _serving(port), _worker():
        times = _walk(f"http://127.0.0.1:{port}", deal.pk, cookies, changes)
    times.sort()
    return {
        "changes": len(times),
        "p50_ms": round(times[len(times) // 2]),
        "p95_ms": round(times[int(len(times) * 0.95)]),
    }


@contextmanager
def _worker() -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", "-Q", "interactive"]
    with subprocess.Popen([*command, "--pool", "threads", "--concurrency", "4", "--loglevel", "ERROR"]) as process:
        try:
            yield
        finally:
            process.terminate()


def _walk(base: str, deal: int, cookies: dict[str, str], changes: int) -> list[float]:
    from playwright.sync_api import sync_playwright

    from tests.plugins import browsers

    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.program(), args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(base_url=base)
        context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
        page = context.new_page()
        for number in range(changes + 1):  # the first gives the deal its score
            page.goto(f"/deals/{deal}/bant/")
            page.wait_for_selector("#score")
            before = page.evaluate(SCORE)
            page.get_by_label("Impact").fill("1,200,000" if number % 2 else "1,000")
            page.get_by_label("Pain").select_option("urgent" if number % 2 else "vague")
            began = time.perf_counter()
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                page.get_by_role("button", name="Save", exact=True).click()
            page.wait_for_function(MOVED, arg=before, timeout=60_000)
            if number:
                times.append((time.perf_counter() - began) * 1_000)
            page.wait_for_timeout(500)  # who leaves before the page knows it is saved finds a draft of it
        browser.close()
    return times


if __name__ == "__main__":
    sys.exit(main())
