"""The only door to quotes: they are seen by whoever sees their deal in full, which those who approve all do."""

from __future__ import annotations

from typing import Self

from deals.models.hanging import OfDeals


class QuoteQuerySet(OfDeals):
    pass


class RevisionQuerySet(OfDeals):
    path = "quote__deal"


class ApprovalQuerySet(OfDeals):
    path = "revision__quote__deal"

    def waiting(self) -> Self:
        """Those on which somebody has to decide."""
        return self.filter(state="open")
