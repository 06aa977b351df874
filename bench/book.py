"""A book of deals of any size in seconds: made with NumPy from a fixed seed, brought in with COPY.

One rep owns 500 deals, a manager's team a twentieth of all, the rest belongs to reps of 500 deals each. Half of the
deals are
open. People, accounts and scores are as the product's own services leave them; facts are typed for a fifth of the
deals.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from django.db import connection
from django.utils import timezone

from bench.long import long_deal
from bench.names import company_names
from crm.models import Account, Person, Team

RISKS = """
INSERT INTO deals_dealrisk (deal_id, risk, because, since_at)
SELECT d.id, r.risk, '["Days over the usual time in this stage: 12, over 0"]', now()
FROM deals_deal d, (VALUES ('over_usual_time', 0.3), ('close_date_passed', 0.1), ('no_champion', 0.1), ('next_step_late', 0.05))
  AS r (risk, share)
WHERE d.outcome = 'open' AND random() < r.share
"""
"""As a worker's judging leaves them."""
SPANS = """
WITH moved AS (SELECT *, coalesce(closed_at, stage_entered_at) AS entered FROM deals_deal)
INSERT INTO deals_dealspan (deal_id, from_at, to_at, stage, stage_from_at, outcome, amount, currency, close_date, owner_id,
  forecast_category, is_whole)
SELECT id, created_at, entered, 'prospect', created_at, 'open', amount, currency, close_date, owner_id, forecast_category, true
FROM moved UNION ALL
SELECT id, entered, '9999-12-31T00:00Z', stage, entered, outcome, amount, currency, close_date, owner_id, forecast_category, true
FROM moved
"""
"""A move for each deal, from the first stage to where it is."""
PLACES = """
INSERT INTO crm_teamplace (person_id, team_id, path, from_at, to_at)
SELECT p.id, p.team_id, coalesce(t.path, ''), '1970-01-01T00:00Z', '9999-12-31T00:00Z'
FROM crm_person p LEFT JOIN crm_team t ON t.id = p.team_id
"""
CHUNK = 100_000
PER_REP = 500
FACTS = (
    '{"budget_amount": "900000.00", "budget_status": "needs_approval", '
    '"pain_clarity": "clear", "impact_amount": "700000.00"}'
)
STAGES = np.array(["prospect", "discovery", "qualified", "demo", "poc", "proposal", "negotiation", "contracting"])
SEGMENTS = np.array(["enterprise_it", "cloud", "edge", "research"])
WORDS = np.array(
    ["Core platform", "Renewal", "Edge roll-out", "Private cloud", "Branch refresh", "GPU farm", "Store platform"]
)


@dataclass(frozen=True, slots=True)
class Book:
    rep: Person
    manager: Person
    ops: Person
    deals: int
    long_deal: int
    """The rep's deal with 2,000 entries in its timeline."""


def make(deals: int) -> Book:
    """Fills an empty, migrated database that has a published playbook."""
    random = np.random.default_rng(7)
    reps = max(deals // PER_REP, 2)
    in_team = max(deals // 20 // PER_REP, 1)
    root = _team("Everybody", None)
    team = _team("Measured team", root)
    manager = Person.objects.create(username="bench-manager", first_name="Mona", roles=["manager"], team=team)
    ops = Person.objects.create(username="bench-ops", first_name="Otto", roles=["ops"])
    Person.objects.bulk_create(
        (
            Person(
                username=f"bench-rep-{number}",
                first_name="Rep",
                last_name=str(number),
                roles=["rep"],
                team=team if number < in_team else root,
            )
            for number in range(reps)
        ),
        batch_size=2_000,
    )
    owners = np.array(
        Person.objects.filter(username__startswith="bench-rep-").order_by("id").values_list("id", flat=True)
    )
    _accounts(random, max(deals // 10, 100))
    accounts = np.array(Account.objects.order_by("id").values_list("id", flat=True))
    for start in range(0, deals, CHUNK):
        _deals(random, start, min(CHUNK, deals - start), owners, accounts)
    with connection.cursor() as cursor:
        for table in ("crm_account", "deals_deal"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # nosec B608 - two names of ours
        for statement in (RISKS, SPANS, PLACES):
            cursor.execute(statement)
    rep = Person.objects.get(username="bench-rep-0")
    told = long_deal(rep)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")  # else what was just written goes to disk while pages are measured
    return Book(rep=rep, manager=manager, ops=ops, deals=deals, long_deal=told)


def _team(name: str, parent: Team | None) -> Team:
    team = Team.objects.create(name=name, parent=parent)
    team.path = f"{parent.path if parent else '/'}{team.pk}/"
    team.save()
    return team


def _accounts(random: np.random.Generator, number: int) -> None:
    ids = np.arange(1, number + 1)
    names = company_names(random, number)
    now = timezone.now().isoformat()
    _copy(
        "crm_account",
        pd.DataFrame(
            {
                "id": ids,
                "name": names,
                "name_key": np.char.lower(names),
                "domain": np.char.add(np.char.add("a", ids.astype(str)), ".example"),
                "segment": random.choice(SEGMENTS, number),
                "vertical": "",
                "sub_segment": "",
                "region": "europe",
                "country": "",
                "facts": '{"vm_count": 800}',
                "is_placeholder": False,
                "source": "",
                "source_id": "",
                "created_at": now,
                "updated_at": now,
                "version": 1,
                "deleted_with": "",
            }
        ),
    )


def _deals(random: np.random.Generator, start: int, number: int, owners: Any, accounts: Any) -> None:
    ids = np.arange(start + 1, start + number + 1)
    now = timezone.now()
    # Every PER_REP-th deal is the same rep's, so that each rep's deals lie scattered over the table as they do in life.
    owner = owners[(ids - 1) % len(owners)]
    is_open = random.random(number) < 0.5
    won = random.random(number) < 0.6
    outcome = np.where(is_open, "open", np.where(won, "won", "lost"))
    stage = np.where(is_open, random.choice(STAGES, number), outcome)
    day = np.datetime64(now.date()) + np.where(
        is_open, random.integers(-30, 300, number), random.integers(-700, -1, number)
    ).astype("timedelta64[D]")
    entered = (
        np.datetime64(now.replace(tzinfo=None), "s")
        - random.integers(3_600, 8_000_000, number).astype("timedelta64[s]")
    ).astype(str)
    names = np.char.add(np.char.add(random.choice(WORDS, number), " "), ids.astype(str))
    made = pd.DataFrame(
        {
            "id": ids,
            "name": names,
            "name_key": np.char.lower(names),
            "account_id": random.choice(accounts, number),
            "owner_id": owner,
            "deal_type": "new",
            "stage": stage,
            "stage_entered_at": np.char.add(entered, "+00"),
            "outcome": outcome,
            "amount": random.integers(250_000, 2_000_000, number) * 100,
            "currency": "USD",
            "close_date": day.astype(str),
            "next_step": "Legal call",
            "forecast_category": "pipeline",
            "closed_at": np.where(is_open, "", np.char.add(day.astype(str), " 12:00+00")),
            "outcome_note": "",
            "source": "",
            "source_id": "",
            "created_at": (now - dt.timedelta(days=800)).isoformat(),
            "updated_at": now.isoformat(),
            "version": 1,
            "deleted_with": "",
        }
    )
    _copy("deals_deal", made)
    low = random.integers(100, 450, number) * 100
    high = np.minimum(low + random.integers(0, 2, number) * 10_000, 50_000)
    decided = low == high
    classes = np.select([low >= 40_000, low >= 30_000, low >= 20_000], ["A", "B", "C"], "D")
    lights = np.array(["uuuuuuuu", "cfuucfuc", "ffcuufcc", "ffffffff"])
    _copy(
        "deals_dealscore",
        pd.DataFrame(
            {
                "deal_id": ids,
                "low": low,
                "high": high,
                "total": np.where(decided, low.astype(str), ""),
                "lead_class": np.where(decided, classes, ""),
                "possible_classes": classes,
                "disqualified": 0,
                "lights": random.choice(lights, number),
                "health_percent": 5_000,
                "playbook_number": 1,
                "computed_at": now.isoformat(),
            }
        ),
    )
    known = random.random(number) < 0.2
    facts = np.where(
        known,
        FACTS,
        "{}",
    )
    _copy(
        "deals_bantassessment",
        pd.DataFrame({"deal_id": ids, "facts": facts, "overrides": "{}", "updated_at": now.isoformat(), "version": 1}),
    )
    _copy(
        "deals_dealinterval",
        pd.DataFrame(
            {
                "deal_id": ids,
                "field": "stage",
                "value": stage,
                "from_at": made["stage_entered_at"],
                "changed_by_id": owner,
                "why": "",
                "route": "page",
                "unmet": "[]",
            }
        ),
    )


NULL_IF_EMPTY = {"closed_at", "total"}


def _copy(table: str, rows: pd.DataFrame) -> None:
    columns = ", ".join(f'"{name}"' for name in rows.columns)
    never_null = [name for name in rows.columns if name not in NULL_IF_EMPTY]
    text = io.StringIO()
    rows.to_csv(text, index=False, header=False)
    text.seek(0)
    forced = ", ".join(f'"{name}"' for name in never_null)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL ({forced}))", text)
