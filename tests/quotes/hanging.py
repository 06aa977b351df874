"""Loaded by a worker that is to be killed: it comes as far as telling people of a step, says so, and goes no further."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from quotes.services import telling


def _hang(*args: object) -> None:
    Path(os.environ["HANGS_AT"]).touch()
    threading.Event().wait()


telling.tell_asked = _hang  # type: ignore[assignment] # whatever it is asked
