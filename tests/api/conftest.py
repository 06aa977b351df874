"""Clients of the API: each person with a token of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from crm.models import Person
from crm.services.audit import Act
from crm.services.tokens import create_token
from deals.models import Deal
from tests.factories import make_account, make_deal
from tests.plugins import clients


class Api:
    """Speaks JSON. `etag` reads an address and gives its ETag; `patch` and the like take it as `etag=`."""

    def __init__(self, token: str | None) -> None:
        self.client = clients.client(headers={"Authorization": f"Bearer {token}"} if token else {})

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)

    def etag(self, path: str) -> str:
        return str(self.get(path)["ETag"])

    def post(self, path: str, body: Any = None, etag: str | None = None, **headers: str) -> Any:
        return self._send("post", path, body, etag, headers)

    def patch(self, path: str, body: Any = None, etag: str | None = None, **headers: str) -> Any:
        return self._send("patch", path, body, etag, headers)

    def delete(self, path: str, etag: str | None = None, **headers: str) -> Any:
        return self._send("delete", path, None, etag, headers)

    def _send(self, method: str, path: str, body: Any, etag: str | None, headers: dict[str, str]) -> Any:
        sent = headers | ({"If-Match": etag} if etag is not None else {})
        text = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        return getattr(self.client, method)(path, text, content_type="application/json", headers=sent)


As = Callable[[Person | None], Api]


@pytest.fixture
def api() -> As:
    """`api(rae)` speaks for Rae by a token of hers; `api(None)` for nobody."""

    def client(person: Person | None) -> Api:
        if person is None:
            return Api(None)
        return Api(create_token(act=Act(by=person), person=person, name="tests")[1])

    return client


@pytest.fixture
def deal(rae: Person) -> Deal:
    """Rae's deal: everybody of the cast but Remy and Charlie knows of it."""
    return make_deal(rae, account=make_account("Aster Health", facts={"vm_count": 600}))
