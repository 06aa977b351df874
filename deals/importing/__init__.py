"""Deals out of files: what a row must have, and how many are written at once."""

from __future__ import annotations

from crm.registry import import_kinds
from deals.importing.kind import DEAL


def register() -> None:
    """Called once, when the app is ready."""
    import_kinds.add(DEAL)
