"""Moments on the clock of whoever reads them."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def on_readers_clock(moment: dt.datetime) -> dt.datetime:
    """An aware moment in the reader's time zone; as it is stored where the calendar ends before that clock's time, so that
    one odd row does not take its page away."""
    try:
        return timezone.localtime(moment)
    except (OverflowError, ValueError):
        return moment
