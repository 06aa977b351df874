"""Until when a claim holds once an editor has said that it still does."""

from __future__ import annotations

import datetime as dt


def until_after(
    today: dt.date, verified_on: dt.date | None, expires_on: dt.date | None, review_every_days: int
) -> dt.date | None:
    """As long from today as it held before, from its verification to its expiry; the playbook's interval of reviews where nobody said
    when it was verified. What never expired does not begin to."""
    if expires_on is None:
        return None
    held = (expires_on - verified_on).days if verified_on else review_every_days
    return today + dt.timedelta(days=max(held, 1))
