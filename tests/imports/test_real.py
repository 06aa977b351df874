"""A whole CRM that nobody here wrote: 85 accounts, 7 products, 35 sales people, 8,800 deals in four files."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from crm.models import Account, ImportRemark, ImportRun, Person, Product, Team
from deals.models import Deal, DealInterval
from tests.imports.conftest import real

SECONDS = 20
"""Of processor time, so that a busy machine does not count."""


def figures() -> dict[str, Any]:
    return {
        "accounts": Account.objects.filter(is_placeholder=False).count(),
        "products": Product.objects.filter(in_playbook=False).count(),
        "reps": sum("rep" in roles for roles in Person.objects.values_list("roles", flat=True)),
        "won": Deal.objects.won().count(),
        "lost": Deal.objects.lost().count(),
        "engaging": Deal.objects.filter(stage="discovery").count(),
        "prospecting": Deal.objects.filter(stage="prospect").count(),
        "value": sum(deal.amount for deal in Deal.objects.won()),
    }


def fields() -> list[dict[str, Any]]:
    """Deals field for field; what has no date in the files is dated by the run, so that is left out."""
    wanted = (
        "source_id", "name", "account__name", "owner__username", "lines__product__name", "stage", "outcome", "amount", "currency",
        "close_date", "closed_at",
    )  # fmt: skip
    dated = dict(Deal.objects.exclude(stage="prospect").values_list("source_id", "created_at"))
    rows = Deal.objects.order_by("source_id").values(*wanted)
    return [{**row, "created_at": dated.get(row["source_id"])} for row in rows]


def stages() -> list[tuple[Any, ...]]:
    rows = DealInterval.objects.filter(field="stage").exclude(value="prospect").order_by("deal__source_id", "from_at")
    return list(rows.values_list("deal__source_id", "value", "from_at", "to_at"))


def test_the_whole_of_it(playbook, capsys):
    folder = real("maven_crm")
    started = time.process_time()
    call_command("import_crm", str(folder))
    assert time.process_time() - started < SECONDS
    assert figures() == {
        "accounts": 85,
        "products": 7,
        "reps": 35,
        "won": 4238,
        "lost": 2473,
        "engaging": 1589,
        "prospecting": 500,
        "value": 10_005_534,
    }
    run = ImportRun.objects.get()
    told = {
        rule: ImportRemark.objects.filter(run=run, rule=rule).count()
        for rule in ("near-match", "placeholder", "alike", "unused")
    }
    assert told == {"near-match": 1480, "placeholder": 1425, "alike": 352, "unused": 5}
    assert ImportRemark.objects.filter(run=run, value="technolgy", rule="corrected").count() == 12
    lea = Person.objects.get(username="dustin.brinkmann")
    assert lea.team is not None
    assert lea.team.parent is not None
    assert (lea.team.name, lea.team.parent.name, lea.team.members.count()) == ("Team Dustin Brinkmann", "Central", 6)
    assert Team.objects.count() == 9

    call_command("import_crm", str(folder))
    assert "Nothing changed: everything was here already." in capsys.readouterr().out
    first, past = fields(), stages()

    call_command("import_crm", undo=run.pk)
    assert (Deal.objects.count(), Account.objects.count(), Person.objects.count(), Team.objects.count()) == (0, 0, 0, 0)

    call_command("import_crm", str(real("maven_us_dates")))
    assert fields() == first
    assert stages() == past


def test_a_dry_run_of_it(playbook, capsys):
    call_command("import_crm", str(real("maven_crm")), dry_run=True)
    assert "Value won: 10,005,534 / - USD" in capsys.readouterr().out
    assert not Deal.objects.exists()


def test_a_folder_nothing_fits(playbook, tmp_path):
    (tmp_path / "notes.csv").write_text("Dear all\nthis is a letter\n")
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_crm", str(tmp_path))
