"""Test clients that share their handler: putting the middleware together takes as long as many an answer."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.core.signals import setting_changed
from django.test.client import Client, ClientHandler


def client(**defaults: Any) -> Client:
    made = Client(**defaults)
    made.handler = _handler()
    return made


@lru_cache(maxsize=1)
def _handler() -> ClientHandler:
    return ClientHandler(enforce_csrf_checks=False)


def _forget(**_: object) -> None:
    """Middleware reads settings when it is made."""
    _handler.cache_clear()


setting_changed.connect(_forget)
