"""Entry point for WSGI servers."""

from __future__ import annotations

import gc
import os
import threading

from django.core.wsgi import get_wsgi_application

from reports.documents import printing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

SETTLED = 5.0  # seconds after its start a worker is done with what is asked of it first

application = get_wsgi_application()

# What is loaded now stays: frozen, it is not walked by every full collection (which cost tens of milliseconds in the middle of
# a request), and forked workers go on sharing its memory.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)


def _be_ready_to_print() -> None:
    """Loading what prints takes a second: neither the start nor the first who wants a PDF shall wait for it."""
    later = threading.Timer(SETTLED, printing.warm)
    later.daemon = True
    later.start()


os.register_at_fork(after_in_child=_be_ready_to_print)  # the server forks its workers from here
