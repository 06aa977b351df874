"""Small texts about tasks and files."""

from __future__ import annotations

from activities.rules.file_types import TYPES, ending

REPEATS = {"daily": "every day", "weekly": "every week", "monthly": "every month"}


def repeats_in_words(repeats: str, weeks: int | None) -> str:
    """ "every 3 weeks"; empty for what doesn't repeat."""
    return f"every {weeks} weeks" if repeats == "weeks" else REPEATS.get(repeats, "")


def size_in_words(size: int) -> str:
    """Bytes as people read them: 640 bytes, 12 KB, 3.4 MB, 20 MB."""
    if size < 1024:
        return f"{size} bytes" if size != 1 else "1 byte"
    if size < 1024**2:
        return f"{round(size / 1024)} KB"
    return f"{size / 1024**2:.1f} MB".replace(".0 ", " ")


def file_in_words(name: str, size: int) -> str:
    """ "PDF, 1.2 MB"."""
    kind = TYPES.get(ending(name))
    return f"{kind.label if kind else 'File'}, {size_in_words(size)}"
