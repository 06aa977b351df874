"""What a file can say of a deal, and which rows make sense as one."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from crm.importing.records import Problem, Record
from crm.queries import playbook as playbooks
from crm.registry import FieldType, ImportField, ImportKind
from deals.importing.writer import DealWriter
from deals.models import DealType, ForecastCategory
from playbook.schema import Playbook


def stages() -> Mapping[str, str]:
    _, playbook = playbooks.current()
    return {stage.key: stage.label for stage in playbook.stages}


def checker() -> Callable[[Record], Iterable[Problem]]:
    """A check under the playbook in force, which is asked for once and not for every row."""
    _, playbook = playbooks.current()
    return partial(check, playbook)


def check(playbook: Playbook, record: Record) -> Iterable[Problem]:
    """What keeps one row from being a deal, or is odd about it."""
    values, dates = record.values, [date for _, date in record.history]
    kind = playbook.stage(str(values["stage"])).kind
    if kind != "open" and not _closing_date(record):
        yield Problem(
            "closed-undated", f"A deal that is {kind} needs the day it was {kind}.", field="close_date", drop=True
        )
    if any(later < earlier for earlier, later in itertools.pairwise(dates)):
        said = f"Its dates run backwards: {', '.join(date.isoformat() for date in dates)}."
        yield Problem("dates-backwards", said, field="history", drop=True)
    created = values.get("created_date")
    first = dates[0] if dates else _closing_date(record) if kind != "open" else None
    if created and first and first < created:
        said = f"It was created on {created.isoformat()}, after {first.isoformat()}, when it entered a stage."
        done = f"Counts as opened on {first.isoformat()}."
        yield Problem("dates-backwards", said, done, field="created_date", level="warning")
    if not created and not dates and kind == "open":
        done = "Counts as opened when it was imported, for lack of a date."
        yield Problem("opened-undated", "The file does not say when this deal was opened.", done, field="history")


def _closing_date(record: Record) -> dt.date | None:
    own = record.values["stage"]
    return next((date for state, date in record.history if state == own), None) or record.values.get("close_date")


def about(records: list[Record]) -> Iterable[Problem]:
    """What the files as a whole don't say."""
    _, playbook = playbooks.current()
    kinds = {stage.key: stage.kind for stage in playbook.stages}
    closed = sum(kinds[str(record.values["stage"])] != "open" for record in records)
    if closed:
        said = f"The files give no reasons for the {closed:,} deals that were won or lost."
        yield Problem("no-reasons", said, "None were made up; reasons and competitors of these deals stay empty.")


DEAL = ImportKind(
    key="deal",
    label="Deal",
    plural="deals",
    writer=DealWriter,
    checker=checker,
    about=about,
    state_field="stage",
    id_aliases=("opportunity id", "deal id", "record id", "id"),
    fields=(
        ImportField(name="name", label="Name", required=True, aliases=("name", "deal name", "opportunity name")),
        ImportField(
            name="account",
            label="Account",
            type=FieldType.REFERENCE,
            to="account",
            required=True,
            aliases=("account id", "account", "account name", "company", "customer"),
        ),
        ImportField(
            name="owner",
            label="Owner",
            type=FieldType.REFERENCE,
            to="person",
            required=True,
            aliases=("owner id", "owner", "sales agent", "deal owner", "opportunity owner", "rep"),
        ),
        ImportField(
            name="product", label="Product", type=FieldType.REFERENCE, to="product", aliases=("product", "product id", "product name")
        ),
        ImportField(
            name="stage",
            label="Stage",
            type=FieldType.CHOICE,
            choices=stages,
            required=True,
            aliases=("stage", "stage name", "deal stage", "status"),
        ),
        ImportField(
            name="amount",
            label="Amount",
            type=FieldType.MONEY,
            aliases=("amount", "close value", "value", "deal value", "deal size", "arr"),
        ),
        ImportField(name="currency", label="Currency", longest=3, aliases=("currency", "currency iso code")),
        ImportField(
            name="deal_type", label="Type", type=FieldType.CHOICE, choices=lambda: dict(DealType.choices), aliases=("deal type",)
        ),
        ImportField(
            name="forecast_category",
            label="Forecast category",
            type=FieldType.CHOICE,
            choices=lambda: dict(ForecastCategory.choices),
        ),
        ImportField(name="term_months", label="Term", type=FieldType.INTEGER, aliases=("term", "term months")),
        ImportField(name="close_date", label="Close date", type=FieldType.DATE, aliases=("close date", "closed date", "closing date")),
        ImportField(
            name="created_date", label="Opened on", type=FieldType.DATE, aliases=("created date", "create date", "opened", "created")
        ),
        ImportField(name="next_step", label="Next step", aliases=("next step",)),
    ),
)  # fmt: skip
