"""Who may do what, address by address: the one table that `test_access_matrix.py` holds the product to.

A new address needs a row here; one that changes something needs a `Write` with a body that is accepted.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from crm.forms.playbook import pack
from crm.models import ImportRun
from tests.architecture.access_rows import (
    Row,
    deal_changed,
    deal_detailed,
    deal_seen,
    deal_worked,
    form,
    meets_people,
    operations,
    same,
    sells,
    who,
)
from tests.architecture.access_table_after import AFTER, PAPERS
from tests.architecture.access_table_api import API
from tests.architecture.access_table_calls import API_CALLS, CALLS
from tests.architecture.access_table_card_drafts import CARD_DRAFTS
from tests.architecture.access_table_cards import CARD_PAPERS, CARDS
from tests.architecture.access_table_company import COMPANY
from tests.architecture.access_table_drafts import DRAFTS
from tests.architecture.access_table_field import API_FIELD, FIELD
from tests.architecture.access_table_lists import API_LISTS, CELL, LISTS
from tests.architecture.access_table_news import NEWS
from tests.architecture.access_table_papers import API_PAPERS, REPORT_PAPERS
from tests.architecture.access_table_quote_pages import QUOTES
from tests.architecture.access_table_quotes import API_QUOTES, REPORTS
from tests.architecture.access_table_records import RECORDS
from tests.architecture.extras import SHOP
from tests.architecture.world import World
from tests.conftest import shipped_files


def run(found: ImportRun) -> dict[str, Any]:
    return {"run_id": found.pk}


def closed(world: World) -> dict[str, Any]:
    return {"deal_id": world.closed.pk}


def rae(world: World) -> dict[str, Any]:
    """Who holds the deals, an open and a closed one."""
    return {"person_id": world.cast["rae"].pk}


def new_deal(world: World) -> dict[str, Any]:
    return {
        "account": world.account.pk,
        "name": "Second site",
        "owner": world.cast["rae"].pk,
        "deal_type": "new",
        "currency": "USD",
        "stage": "prospect",
        "forecast_category": "pipeline",
    }


def next_playbook(world: World) -> dict[str, Any]:
    """The shipped playbook with another chance in its first stage, as the page of publishing carries it along."""
    files = shipped_files()
    first = f"probability_percent: {world.playbook.stages[0].probability_percent}"
    assert first in files["stages.yaml"]
    changed = files | {"stages.yaml": files["stages.yaml"].replace(first, "probability_percent: 6", 1)}
    return {"draft": pack(changed), "expected": 2, "note": "Prospects are likelier than we thought."}


def lost(world: World) -> dict[str, Any]:
    reason = next(reason.key for reason in world.playbook.outcome_reasons if reason.outcome == "lost")
    return {"outcome": "lost", "reasons": [reason], "competitor": "none", "note": "No budget this year."}


IN_THE_FIELD = {"name": "Renamed", "deal_type": "new", "currency": "USD", "forecast_category": "commit"}

OWN_WORK = who(403, rae=200, remy=200)
PIPELINE = who(200, rae=403, remy=403, eve=403, vera=403)

CRM = {
    "home": Row(who(302, charlie=200)),
    "today": Row(who(200, vera=403)),
    "sign-in": Row(same(302) | {"nobody": 200}, form(same(302) | {"nobody": 200}, changes=False)),
    "sign-out": Row(same(405), form(same(302), changes=False)),
    "account-list": Row(who(200)),
    "account-search": Row(who(200), kind="part"),
    "account-owners": Row(who(200), kind="part"),
    "account-new": Row(sells(), form(sells(302), lambda w: {"name": "Borea Steel"})),
    "account-detail": Row(who(200)),
    "account-edit": Row(sells(), form(sells(302), lambda w: {"name": "Aster Clinics"})),
    "contact-list": Row(meets_people()),
    "contact-new": Row(sells(), form(sells(302), lambda w: {"last_name": "Berg", "account": w.account.name})),
    "contact-detail": Row(meets_people()),
    "contact-edit": Row(sells(), form(sells(302), lambda w: {"last_name": "Fuchs", "account": w.account.name})),
    **RECORDS,
    "import-list": Row(operations()),
    "import-new": Row(
        operations(),
        form(
            operations(302), lambda w: {"uploads": SimpleUploadedFile("goods.csv", (SHOP / "goods.csv").read_bytes())}
        ),
    ),
    "import-detail": Row(operations()),
    "import-check": Row(
        same(405),
        form(operations(302), lambda w: {"mapping": w.checked.mapping}, lambda w: run(w.checked)),
    ),
    "import-again": Row(same(405), form(operations(302))),
    "import-start": Row(same(405), form(operations(302), args=lambda w: run(w.checked))),
    "import-undo": Row(operations(), form(operations(302))),
    "import-remarks": Row(operations()),
    "import-report": Row(operations(), kind="data"),
    "person-list": Row(operations()),
    "person-new": Row(operations(), form(operations(302), lambda w: {"username": "nina", "time_zone": "UTC"})),
    "person-edit": Row(
        operations(),
        form(operations(302), lambda w: {"username": "remy", "roles": ["rep", "manager"], "time_zone": "UTC"}),
    ),
    "person-leaving": Row(
        operations(),
        form(
            operations(302),
            lambda w: {"open_deals": w.cast["mona"].pk, "closed_deals": "stays", "tasks": "stays", "calls": "stays"},
            rae,
        ),
        args=rae,
    ),
    "team-new": Row(operations(), form(operations(302), lambda w: {"name": "North"})),
    "team-edit": Row(operations(), form(operations(302), lambda w: {"name": "Far West"})),
    "job-list": Row(operations()),
    "job-detail": Row(who(404, otto=200)),
    "job-again": Row(same(405), form(operations(302), args=lambda w: {"job_id": w.failed_job.pk})),
    "playbook": Row(who(200)),
    "playbook-questions": Row(who(200)),
    "playbook-versions": Row(who(200)),
    "playbook-version": Row(who(200)),
    "playbook-files": Row(who(200), kind="data"),
    "playbook-compare": Row(who(200)),
    "playbook-publish": Row(operations(), form(operations(302), next_playbook)),
    "style-guide": Row(same(404)),  # in debug and demo only
}

DEALS = {
    "today-steps": Row(OWN_WORK),
    "today-stale": Row(OWN_WORK),
    "today-pipeline": Row(PIPELINE),
    "today-risks": Row(who(200, eve=403, vera=403)),
    "deal-list": Row(who(200)),
    "deal-filter": Row(who(200)),
    "deal-board": Row(who(200)),
    "deal-board-sums": Row(who(200), kind="part"),
    "deal-totals": Row(who(200)),
    "deal-new": Row(sells(), form(sells(302), new_deal)),
    "deal-detail": Row(deal_seen()),
    "deal-head": Row(deal_seen(), kind="part"),
    "deal-edit": Row(
        deal_changed(),
        form(
            deal_changed(302),
            lambda w: IN_THE_FIELD | {"account": w.account.name, "owner": w.cast["rae"].pk, "version": w.deal.version},
        ),
    ),
    "deal-next-step": Row(
        deal_changed(), form(deal_changed(302), lambda w: {"next_step": "Call Ines", "version": w.deal.version})
    ),
    "deal-stage": Row(
        deal_changed(), form(deal_changed(302), lambda w: {"stage": "qualified", "why": "Ines asked for it."})
    ),
    "deal-close": Row(deal_changed(), form(deal_changed(302), lost)),
    "deal-reopen": Row(
        deal_changed(),
        form(deal_changed(302), lambda w: {"stage": "discovery", "why": "They called back."}, closed),
        args=closed,
    ),
    "deal-delete": Row(deal_changed(), form(deal_changed(302))),
    "deal-bant": Row(
        deal_detailed(),
        form(deal_worked(), lambda w: {"impact_amount": "1,200,000", "version": w.deal.bant.version}),
    ),
    "deal-claim": Row(deal_changed(), form(deal_changed(302), lambda w: {"score": "2", "reason": "It was cut."})),
    "deal-meddpicc": Row(deal_detailed()),
    "deal-element": Row(deal_detailed(), form(deal_worked(), lambda w: {"strength": "unknown"})),
    "deal-contacts": Row(
        deal_detailed(),
        form(deal_worked(), lambda w: {"contact": w.spare_contact.pk, "role": "user", "sentiment": "neutral"}),
    ),
    "deal-contact": Row(deal_worked(200), form(deal_worked(), lambda w: {"role": "champion", "sentiment": "sceptic"})),
    "deal-competitors": Row(
        deal_detailed(), form(deal_worked(), lambda w: {"competitor": "proxmox", "position": "level"})
    ),
    "deal-competitor": Row(deal_worked(200), form(deal_worked(), lambda w: {"position": "out"})),
    "deal-lines": Row(deal_detailed()),
    "deal-lines-edit": Row(
        deal_changed(),
        form(
            deal_changed(302),
            lambda w: {"product-0": "dwcp_core", "version": w.deal.version, "started_from": "opened"},
        ),
    ),
    "deal-timeline": Row(deal_detailed()),
    "deal-history": Row(deal_detailed()),
    "deal-access": Row(deal_seen()),
    "deal-shares": Row(
        deal_changed(),
        form(deal_changed(302), lambda w: {"whom": f"person:{w.cast['remy'].pk}", "right": "read"}),
    ),
    "deal-share": Row(
        deal_changed(), form(deal_changed(302), lambda w: {"right": "write", "until_date": "2099-12-31"})
    ),
    "deal-owner": Row(
        deal_changed(rae=403), form(deal_changed(302, rae=403), lambda w: {"owner": w.cast["mona"].pk, "why": "Leave."})
    ),
    "account-panel": Row(who(200)),
    "contact-panel": Row(meets_people()),
}

SCORING = {
    "today-classes": Row(OWN_WORK),
    "today-questions": Row(OWN_WORK),
    "deal-panel": Row(deal_detailed()),
    "score-detail": Row(deal_detailed()),
    "questions-panel": Row(deal_detailed()),
    "question-answer": Row(deal_changed(), form(deal_changed(302), lambda w: {"answer": "By June."})),
    "score-version": Row(deal_detailed()),
}


def about(kind: str) -> Any:
    return lambda w: {"kind": kind, "record_id": {"deal": w.deal, "account": w.account, "contact": w.contact}[kind].pk}


def task(world: World) -> dict[str, Any]:
    return {"entry_id": world.task.pk}


def attachment(world: World) -> dict[str, Any]:
    return {"entry_id": world.attachment.pk}


MAIL = "From: Ines <ines@aster.example>\nSubject: Budget\n\nApproved."

ACTIVITIES = {
    "task-list": Row(meets_people()),
    "today-tasks": Row(who(200, eve=403, vera=403)),
    "task-done": Row(same(405) | {"nobody": 302}, form(deal_worked(), args=task), args=task),
    "task-panel": Row(deal_detailed()),
    "entry-new": Row(deal_worked(200), form(deal_worked(), lambda w: {"body": "They called back."})),
    "entry-detail": Row(deal_detailed()),
    "entry-edit": Row(deal_worked(200), form(deal_worked(), lambda w: {"body": "Their CFO decides.", "version": 1})),
    "entry-delete": Row(deal_worked(200), form(deal_worked())),
    "email-new": Row(deal_worked(200), form(deal_worked(200), lambda w: {"raw": MAIL}, changes=False)),
    "file-new": Row(
        deal_worked(200), form(deal_worked(), lambda w: {"files": SimpleUploadedFile("notes.txt", b"Said so.")})
    ),
    "file-content": Row(deal_detailed(), kind="data", args=attachment),
    "mention-search": Row(deal_detailed(), kind="part"),
    "record-timeline": Row(who(200, eve=404, vera=404), args=about("account")),
}

PROJECT = {
    "alive": Row(same(200), kind="data"),
    "ready": Row(same(200), kind="data"),
}

ADMINISTRATION = Row(same(302), kind="data")
"""Django's own pages for the installation's keepers: nobody of the cast is one, so everybody is sent to its sign-in."""
ADMIN = {
    "login": Row(same(200), kind="data"),
}

TABLE: dict[str, Row] = {
    **{f"crm:{name}": row for name, row in {**CRM, **COMPANY, **DRAFTS, **LISTS, **NEWS}.items()},
    **{f"deals:{name}": row for name, row in (DEALS | {"deal-cell": CELL}).items()},
    **{f"activities:{name}": row for name, row in ACTIVITIES.items()},
    **{f"scoring:{name}": row for name, row in SCORING.items()},
    **{f"quotes:{name}": row for name, row in QUOTES.items()},
    **{f"calls:{name}": row for name, row in (CALLS | AFTER).items()},
    **{f"battlecards:{name}": row for name, row in (CARDS | CARD_DRAFTS | FIELD).items()},
    **{f"reports:{name}": row for name, row in (REPORTS | REPORT_PAPERS | PAPERS | CARD_PAPERS).items()},
    **{f"api:{name}": row for name, row in (API | API_LISTS | API_QUOTES | API_PAPERS | API_FIELD | API_CALLS).items()},
    **{f"admin:{name}": row for name, row in ADMIN.items()},
    **PROJECT,
}


def row_of(name: str) -> Row | None:
    """The row of an address; the administration's addresses share one."""
    return TABLE.get(name) or (ADMINISTRATION if name.startswith("admin:") else None)
