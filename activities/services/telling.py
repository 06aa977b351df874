"""The one place where people are told of a mention or of a task that is due."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol

from activities.models import Entry
from crm.services.audit import Act


class Notify(Protocol):
    """What delivers: `to` are ids of people, `about` the record's kind and id, `url` where the thing stands."""

    def __call__(
        self, *, act: Act, to: list[int], kind: str, text: str, url: str, about: tuple[str, int], key: str
    ) -> object: ...


notify: Notify | None = None
"""Whoever delivers notifications; nobody while it is None."""


def connect(deliver: Notify) -> None:
    """Called once, by an `AppConfig.ready()`."""
    global notify
    notify = deliver


def tell(
    *,
    act: Act,
    to: Iterable[int],
    kind: Literal["mention", "task_due"],
    text: str,
    url: str,
    entry: Entry,
    key: str = "",
) -> None:
    """Tells people, within the transaction of what happened; nobody is told what they did themselves, or twice of what has
    the same `key`."""
    ids = sorted(set(to) - ({act.by.pk} if act.by else set()))
    if ids and notify is not None:
        notify(act=act, to=ids, kind=kind, text=text, url=url, about=(entry.about_kind, entry.about_id), key=key)
