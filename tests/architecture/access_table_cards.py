"""Battle cards' part of the access table: whoever has a role reads what is published."""

from __future__ import annotations

from tests.architecture.access_rows import Row, who


def reads(status: int = 200, **others: int) -> dict[str, int]:
    """Everybody with a role."""
    return who(status, **others)


CARDS = {
    "card-list": Row(reads()),
    "objection-list": Row(reads()),
    "card-detail": Row(reads()),
    "card-panel": Row(reads()),
}
