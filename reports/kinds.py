"""The kinds of report there are. A kind says who may read it, what may be asked of it, and how it is built; its page, its files,
its API and its paper are the same for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from crm.registry.base import Registry
from crm.rules import access
from reports.queries.asked import Asked
from reports.rules.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportKind:
    """`asks` are names of fields of `reports.forms.AskForm`, in order. `says` is one sentence for the index.

    `template` extends ``reports/report_page.html`` where a report has more on its page than its tables and charts; `extra`
    gives that template's values.
    """

    key: str
    title: str
    icon: str
    says: str
    asks: tuple[str, ...]
    build: Callable[[Asked], Report]
    allowed: Callable[[Iterable[str]], bool] = access.reads_reports
    template: str = "reports/report_page.html"
    extra: Callable[[Asked, Report], dict[str, object]] | None = None
    by: tuple[tuple[str, str], ...] = ()
    """What its figures can be grouped by, (key, label), the usual one first; for kinds that ask for `by`."""
    place: int = 100
    reads: Literal["", "open", "closed"] = "open"
    """The deals that decide how long it takes: with very many a worker builds it. "" is what is read, not added up."""


report_kinds: Registry[ReportKind] = Registry("report kind")
