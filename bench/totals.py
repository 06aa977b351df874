"""Whole-filter totals against the bare SQL that adds the same rows."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from bench.book import Book
from crm.queries import playbook as playbooks
from deals.queries.lists import DealFilter, filtered
from deals.queries.totals import totals

SQL = "SELECT stage, currency, count(*), count(amount), sum(amount) FROM deals_deal WHERE outcome = 'open' GROUP BY stage, currency"


def compare(book: Book) -> dict[str, Any]:
    """Milliseconds of each, the median of seven, and their ratio; as operations, who see every deal."""
    _, playbook = playbooks.current()

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(SQL)
            cursor.fetchall()

    ours = _median(lambda: totals(filtered(book.ops, DealFilter()), playbook))
    sql = _median(bare)
    return {"totals_ms": ours, "sql_ms": sql, "ratio": ours / sql}


def _median(do: Callable[[], object]) -> float:
    times = []
    for _ in range(7):
        started = time.perf_counter()
        do()
        times.append((time.perf_counter() - started) * 1_000)
    return statistics.median(times)
