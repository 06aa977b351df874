"""Entry point for WSGI servers."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

from reports.documents import printing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Here and not with the first PDF somebody asks for: it takes a second, and forked workers share what it loads.
printing.warm()

# What is loaded now stays: frozen, it is not walked by every full collection (which cost tens of milliseconds in the middle of
# a request), and forked workers go on sharing its memory.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
