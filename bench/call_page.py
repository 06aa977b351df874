"""The page of a three-hour call with 2,000 notes in Chromium: how long anything holds it up while it opens, while one types, and while
others' notes arrive; and how long its scripts are.

.venv/bin/python -m bench.call_page 2000     # on a private PostgreSQL and Redis, with a server and a browser of its own
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import uuid
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.alone import served

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPTS = Path(__file__).parent.parent / "static" / "js"
LONG = 50
"""Milliseconds after which Chromium calls a task long."""
WATCH = """
window.found = [];
new PerformanceObserver((list) => { for (const one of list.getEntries()) if (one.name === "keydown") found.push(one.duration); })
  .observe({type: "event", durationThreshold: 16});
"""
NOTE = "/pain Licences went up to **4.2M a year**, number {}.\n- decide by end of Q3\n- 1,200 VMs on two sites"
DRAWN = "(number) => document.querySelectorAll('#jottings > li[data-note]').length >= number"


def main() -> int:
    notes = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    if "--inside" in sys.argv:
        print(json.dumps(measure(notes)))
        return 0
    with served() as environment:
        command = [sys.executable, "-m", "bench.call_page", str(notes), "--inside"]
        return subprocess.run(command, env=environment, check=False).returncode


def measure(notes: int) -> dict[str, Any]:
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    import django

    django.setup()
    from django.core.management import call_command

    from bench import book
    from bench.calls import _calls
    from bench.run import _serving, _sign_in

    call_command("migrate", verbosity=0)
    call_command("publish_playbook", verbosity=0, stdout=sys.stderr)
    made = book.make(2_000)
    (call,) = _calls(made.manager, 1)
    for start in range(0, notes, 500):
        _write(call, made.manager, start, min(500, notes - start))
    port = int(os.environ["BENCH_PORT"])
    cookies = dict(part.split("=", 1) for part in _sign_in(made.manager)[0].split("; "))
    with _serving(port):
        found = _walk(f"http://127.0.0.1:{port}", call, notes, cookies, made.ops)
    return {"notes": notes, **found, **_length()}


def _write(call: int, person: Any, start: int, number: int) -> None:
    from calls.services.notes import save_entries
    from crm.services.audit import Act

    entries = [{"id": str(uuid.uuid4()), "revision": 1, "text": NOTE.format(start + place)} for place in range(number)]
    save_entries(act=Act(by=person), call_id=call, entries=entries)


def _walk(base: str, call: int, notes: int, cookies: dict[str, str], colleague: Any) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    from tests.plugins import browsers

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.program(), args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(base_url=base)
        context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
        page = context.new_page()
        page.add_init_script(WATCH)
        steps = {
            "opening": partial(_open, page, call, notes),
            "typing": partial(_type, page),
            "arriving": partial(_arrive, page, call, notes, colleague),
            "scrolling": partial(_scroll, page),
        }
        found: dict[str, Any] = {}
        for name, step in steps.items():
            browser.start_tracing(page=page, categories=["disabled-by-default-devtools.timeline", "__metadata"])
            step()
            found |= _tasks(name, json.loads(browser.stop_tracing())["traceEvents"])
        keys = sorted(page.evaluate("found"))
        browser.close()
    return found | {"slowest_key_ms": keys[-1] if keys else 0}


def _open(page: Page, call: int, notes: int) -> None:
    page.goto(f"/calls/{call}/live/")
    page.wait_for_function(DRAWN, arg=notes, timeout=120_000)


def _type(page: Page) -> None:
    for number in range(5):
        page.keyboard.type(f"/pain number {number}, 4.2M a year, by end of Q3\n", delay=20)
    page.wait_for_selector("#kept[data-state=saved]")


def _arrive(page: Page, call: int, notes: int, colleague: Any) -> None:
    _write(call, colleague, notes, 20)
    page.wait_for_function(DRAWN, arg=notes + 25, timeout=60_000)


def _scroll(page: Page) -> None:
    page.mouse.move(600, 400)
    for _ in range(20):
        page.mouse.wheel(0, -1_200)
        page.wait_for_timeout(100)


def _tasks(name: str, events: list[dict[str, Any]]) -> dict[str, Any]:
    """Of the page's main thread: the longest task by the clock on the wall and by the processor's, which a busy machine does not
    stretch, and how many of each are long. Milliseconds."""
    main = {
        (one["pid"], one["tid"])
        for one in events
        if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"
    }
    tasks = [one for one in events if one["name"] == "RunTask" and (one["pid"], one["tid"]) in main]
    wall = [one.get("dur", 0) / 1_000 for one in tasks]
    own = [one.get("tdur", 0) / 1_000 for one in tasks]
    return {
        f"{name}_longest_ms": round(max(wall, default=0), 1),
        f"{name}_longest_cpu_ms": round(max(own, default=0), 1),
        f"{name}_over_{LONG}": sum(one > LONG for one in wall),
        f"{name}_over_{LONG}_cpu": sum(one > LONG for one in own),
    }


def _length() -> dict[str, int]:
    """Bytes of the page's own scripts, as they are and compressed."""
    texts = [path.read_bytes() for path in sorted((SCRIPTS / "call").glob("*.js"))]
    return {"script_bytes": sum(map(len, texts)), "script_gzip_bytes": sum(len(gzip.compress(one)) for one in texts)}


if __name__ == "__main__":
    sys.exit(main())
