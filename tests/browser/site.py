"""The product as a browser meets it, within the test process: a web server and a Celery worker over one SQLite file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from celery.contrib.testing.worker import start_worker
from celery.signals import task_postrun
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.signals import got_request_exception
from django.db import connection
from django.test import override_settings

from config.celery import app
from crm.models import Job, JobState
from tests.architecture.world import World, build
from tests.conftest import forget_playbooks
from tests.factories import make_deal, make_person

WAIT = 30.0
"""Seconds after which something that should happen counts as never happening."""


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # the browser keeps its connections

    def log_message(self, format: str, *args: object) -> None:
        """Requests are nobody's news here."""


@dataclass
class Site:
    url: str
    world: World
    snapshot: sqlite3.Connection
    errors: list[str] = field(default_factory=list)
    """What a view raised since the last look."""
    idle: threading.Condition = field(default_factory=threading.Condition)

    def restore(self) -> None:
        """Puts every row back to where the world began, so that each story begins there."""
        self.settle()
        connection.ensure_connection()
        self.snapshot.backup(connection.connection)
        forget_playbooks()
        self.errors.clear()

    def settle(self) -> None:
        """Waits until the worker has nothing left to do."""
        with self.idle:
            assert self.idle.wait_for(_nothing_open, WAIT), f"Jobs left undone: {list(_open().values('task', 'state'))}"


def _open():
    return Job.objects.filter(state__in=(JobState.QUEUED, JobState.RUNNING))


def _nothing_open() -> bool:
    return not _open().exists()


@contextmanager
def site() -> Iterator[Site]:
    """Everything up and the world built; down and gone afterwards."""
    with override_settings(DEMO_MODE=True, WHITENOISE_AUTOREFRESH=False, WHITENOISE_MAX_AGE=600, DEBUG=False):
        world = build()
        demo = make_person(
            "rep", "rep", team=world.cast["rae"].team, first_name="Rae", last_name="Keller", is_demo=True
        )
        make_deal(demo, "Northwind core platform", created_at=world.deal.created_at)
        # Each story begins with what is put back here, but a message comes only once: a job that waits in the world would wait
        # for ever, and who asks for the same would be told that it is on its way.
        Job.objects.filter(state=JobState.QUEUED).delete()
        connection.ensure_connection()
        snapshot = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(snapshot)
        with _worker() as idle, _web() as url:
            found = Site(url, world, snapshot, idle=idle)
            with _noting_errors(found):
                yield found
        snapshot.close()


@contextmanager
def _web() -> Iterator[str]:
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, connections_override={})
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(WAIT)


@contextmanager
def _worker() -> Iterator[threading.Condition]:
    """Celery's own worker in a thread: messages go through the broker (memory), tasks claim their job rows."""
    idle = threading.Condition()

    def told(**_: object) -> None:
        with idle:
            idle.notify_all()

    app.loader.import_default_modules()
    app.conf.update(broker_url="memory://", broker_transport_options={"polling_interval": 0.02})
    task_postrun.connect(told)
    try:
        with start_worker(
            app,
            pool="solo",
            perform_ping_check=False,
            queues=list(settings.WORKER_QUEUES),
            loglevel="ERROR",
            shutdown_timeout=WAIT,
        ):
            yield idle
    finally:
        task_postrun.disconnect(told)


@contextmanager
def _noting_errors(found: Site) -> Iterator[None]:
    def note(**_: object) -> None:
        import traceback

        found.errors.append(traceback.format_exc())

    got_request_exception.connect(note)
    try:
        yield
    finally:
        got_request_exception.disconnect(note)
