"""Quotes on their way to paper, and a machine that can print."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from quotes.models import Approval, Quote
from reports.documents import printing
from tests.quotes.conftest import deal as deal
from tests.quotes.conftest import products as products
from tests.quotes.conftest import say as say
from tests.quotes.conftest import send as send


@pytest.fixture
def printer() -> None:
    """Without Pango these are skipped with the sentence people see; in continuous integration that is a failure."""
    if missing := printing.warm():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)


@pytest.fixture
def approved(send: Any, say: Any, vik: Any, sue: Any) -> Callable[..., Quote]:
    """A quote that everybody asked has agreed to."""

    def made(quote: Quote | None = None, **inputs: Any) -> Quote:
        approval: Approval = send(quote, **inputs)
        for step in approval.steps.all():
            say({"vp": vik, "svp": sue}[step.level], approval, position=step.position)
        found: Quote = Quote.objects.get(pk=approval.revision.quote_id)
        assert found.state == "approved"
        return found

    return made
