"""One comparison by itself: on a private PostgreSQL as in production, with a book made for it."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def served() -> Iterator[dict[str, str]]:
    """The environment of a process that serves the product on a private PostgreSQL and Redis, both there while it lasts."""
    from bench.__main__ import AS_IN_PRODUCTION
    from tests.plugins.servers import free_port, postgres, redis

    with postgres(options=AS_IN_PRODUCTION) as database, redis() as broker:
        yield {
            **os.environ,
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "SECRET_KEY": os.urandom(40).hex(),
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "0",
            "BENCH_PORT": str(free_port()),
        }


def measure(
    module: str, compare: Callable[[int], dict[str, Any]], *, usually: int, book_of: Callable[[int], int] = int
) -> int:
    """Runs `compare` for the number of deals on the command line, in a process of its own, and prints what it says as JSON.
    `module` is the name it is run by, `book_of` how many deals its book takes. Returns the exit code."""
    deals = int(sys.argv[1]) if len(sys.argv) > 1 else usually
    if "--inside" in sys.argv:
        _make_book(book_of(deals))
        print(json.dumps(compare(deals)))
        return 0
    from bench.__main__ import AS_IN_PRODUCTION
    from tests.plugins.servers import postgres

    with postgres(options=AS_IN_PRODUCTION) as url:
        environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "-m", module, str(deals), "--inside", *sys.argv[2:]]
        return subprocess.run(command, env=environment, check=False).returncode


def _make_book(deals: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from bench import book

    logging.getLogger("crm.services.jobs").setLevel(logging.CRITICAL)  # no broker is needed here
    call_command("migrate", verbosity=0)
    call_command("publish_playbook", verbosity=0, stdout=sys.stderr)
    book.make(deals)
