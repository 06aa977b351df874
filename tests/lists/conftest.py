"""Rae's deals in a list, and a worker."""

from __future__ import annotations

from tests.deals.conftest import aster, browse, by, deal, ines, rae_page

__all__ = ["aster", "browse", "by", "deal", "ines", "rae_page"]
