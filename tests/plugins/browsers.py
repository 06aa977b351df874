"""Which browser drives the pages in tests and pictures."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The shell first: it is the same engine without the windows around it, and a new page costs it a third of the time."""
MISSING = "chromium not found on this machine. Install with: apt-get install chromium-headless-shell"


def program() -> str | None:
    """The path of the one to start: what CHROMIUM says, or the first on PATH; None where there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
