"""Quotes on their way to paper, and a machine that can print."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from shutil import which
from typing import Any

import pytest

from quotes.models import Approval, Quote
from reports.documents import printing
from tests.quotes.conftest import deal as deal
from tests.quotes.conftest import products as products
from tests.quotes.conftest import say as say
from tests.quotes.conftest import send as send


def pages_of(pdf: bytes) -> list[str]:
    """What a PDF says, page by page."""
    if which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    said = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return said.stdout.decode().split("\f")[:-1]


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
