"""The API against its own schema: whatever is sent, answers are as declared and nothing falls over."""

from __future__ import annotations

import contextlib
import io
import os
import uuid

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from activities.services.activities import log_activity
from activities.services.files import attach_files
from activities.services.notes import create_note
from activities.services.tasks import create_task
from calls.models import Call
from calls.services.holding import begin_call, end_call
from calls.services.notes import save_entries
from calls.services.plans import plan_call
from calls.services.plans_on import start_plan
from crm.models import Person
from crm.services import bulk, drafts, rehearsals
from crm.services.audit import Act
from crm.services.saved_views import create_view
from crm.services.tokens import create_token
from deals.models import Deal
from quotes.models import Approval
from quotes.services.drafts import create_quote
from quotes.services.submissions import submit
from scoring.services.lead_scores import score_deal
from tests.architecture.world_cards import make_cards
from tests.architecture.world_field import make_field
from tests.architecture.world_papers import make_paper, make_schedule
from tests.factories import make_contact

# For each operation and way of generating; raise it to look deeper. The first is the simplest there is. PostgreSQL refuses
# more (a NUL, a number too large), so strange values are mostly tried there.
EXAMPLES = int(os.environ.get("API_EXAMPLES", "3" if connection.vendor == "postgresql" else "2"))
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
QUICK = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def app():
    """The product as a WSGI server runs it, but for the connection: the test's transaction lives on it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in signals:
        signal.connect(close_old_connections)


ASK = {"price_model": "per_socket", "quantity": 120, "term_years": 3}


def asked_for(act: Act, deal_id: int) -> Approval:
    quote = create_quote(act=act, deal_id=deal_id, title="Four years", inputs={**ASK, "term_years": 4})
    submit(act=act, quote_id=quote.pk)
    return Approval.objects.get(revision__quote=quote)


def call_in_review(act: Act, deal_id: int) -> Call:
    call = plan_call(act=act, deal_id=deal_id, starts_at=act.now, minutes=60)
    begin_call(act=act, call_id=call.pk)
    notes = [{"id": str(uuid.uuid4()), "revision": 1, "text": text} for text in ("1,200 VMs", "/pain 4.2M a year")]
    save_entries(act=act, call_id=call.pk, entries=notes)
    return end_call(act=act, call_id=call.pk)


@pytest.fixture
def schema(rae, app):
    """Loaded from /api/schema/, as a client would."""
    _, token = create_token(act=Act(by=rae), person=rae, name="schema")
    headers = {"Authorization": f"Bearer {token}"}
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", app, headers=headers)


@pytest.fixture
def ids(rae, otto, deal) -> dict[str, object]:
    """Real records for the placeholders of addresses."""
    draft = drafts.begin(act=Act(by=otto), name="Money first", base=1)
    contact = make_contact(deal.account)
    deal.committee.create(contact=contact)
    score = score_deal(act=Act(by=rae), deal_id=deal.pk).added
    assert score is not None
    act, about = Act(by=rae), ("deal", deal.pk)
    call = {"kind": "call", "subject": "Price", "at": act.now}
    upload = SimpleUploadedFile("plan.txt", b"Step one.")
    picked = bulk.draw_up(act=Act(by=otto), kind="deals", action="stage", ids=[deal.pk])
    bulk.ask(act=Act(by=otto), bulk_id=picked.pk, value="prospect")
    held = call_in_review(act, deal.pk)
    plan = start_plan(act=act, deal_id=deal.pk, kind="poc", starts_date=act.now.date())
    return {
        "call_id": held.pk,
        "plan_id": plan.pk,
        "item_id": plan.items.order_by("pk")[0].pk,
        "proposal_id": held.proposals.order_by("pk")[0].pk,
        "review_id": held.reviews.create(made_by=rae, made_at=act.now).pk,
        "note_id": create_note(act=act, about=about, values={"body": "Said so."}).pk,
        "task_id": create_task(act=act, about=about, values={"title": "Call Ana"}).pk,
        "activity_id": log_activity(act=act, about=about, values=call).pk,
        "attachment_id": attach_files(act=act, about=about, uploads=[upload])[0].pk,
        "account_id": deal.account_id,
        "contact_id": contact.pk,
        "deal_id": deal.pk,
        "quote_id": create_quote(act=act, deal_id=deal.pk, title="Three years", inputs=ASK).pk,
        "approval_id": asked_for(act, deal.pk).pk,
        "score_id": score.pk,
        "share_id": deal.shares.create(team=rae.team).pk,
        "job_id": 1,
        "number": 1,
        "merge_id": 1,
        "draft_id": draft.pk,
        "rehearsal_id": rehearsals.ask(act=Act(by=otto), draft_id=draft.pk).pk,
        "bin_kind": "contact",
        "binned_id": contact.pk,
        "view_id": create_view(act=Act(by=rae), kind="deals", values={"name": "Mine", "shared": "everybody"}).pk,
        "bulk_id": picked.pk,
        "element": "champion",
        "competitor": "vmware",
        "schedule_id": make_schedule(rae).pk,
        "paper_id": make_paper(rae).pk,
        "key": "pipeline",
        **said_of_cards(deal, rae, otto),
    }


def said_of_cards(deal: Deal, rae: Person, otto: Person) -> dict[str, object]:
    """A card, a suggestion on it, and news with a response under way."""
    card = make_cards(deal, Act(by=otto)).vmware
    made = make_field(card, rae, otto)
    return {"slug": card.slug, **made.kwargs}


def ask_everything(schema, person, ids, methods: set[str], modes=tuple(GenerationMode), wanted=CHECKS) -> list[str]:
    """Sends generated requests to every operation with one of these methods; returns what was not as declared."""
    _, token = create_token(act=Act(by=person), person=person, name="fuzz")
    broken = []
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.method.upper() not in methods:
            continue
        names = {parameter.name for parameter in operation.path_parameters}
        headers = {"Authorization": f"Bearer {token}"}
        if "If-Match" in {parameter.name for parameter in operation.headers}:
            headers["If-Match"] = "*"
        # Where everything is given there is one way to ask, and no wrong one.
        free = bool(operation.body) or bool(list(operation.query))
        for mode in modes if free else modes[:1]:
            strategy = operation.as_strategy(
                generation_mode=mode, headers=headers, path_parameters={name: ids[name] for name in names}
            )

            @QUICK
            @given(case=strategy)
            def ask(case) -> None:
                case.validate_response(case.call(), checks=wanted)

            try:
                ask()
            except (FailureGroup, ExceptionGroup) as failed:
                broken.append(f"{operation.label} ({mode.value}): {failed.exceptions}")
    return broken


def test_every_read_is_as_declared(schema, otto, ids):
    assert ask_everything(schema, otto, ids, {"GET"}) == []


@pytest.mark.any_engine("the same reads as operations', which are asked on both engines, with less in them")
@pytest.mark.parametrize("who", ["eve", "charlie"])
def test_reads_by_those_who_see_less_are_as_declared_too(schema, cast, ids, who):
    """Plainly asked, without a filter: what filters take is tried by operations."""
    _, token = create_token(act=Act(by=cast[who]), person=cast[who], name="plain")
    broken = []
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.method.upper() == "GET":
            names = [parameter.name for parameter in operation.path_parameters]
            case = operation.Case(
                path_parameters={name: ids[name] for name in names}, headers={"Authorization": f"Bearer {token}"}
            )
            try:
                case.validate_response(case.call(), checks=CHECKS)
            except FailureGroup as failed:
                broken.append(f"{operation.label}: {failed.exceptions}")
    assert broken == []


def test_every_write_is_as_declared_and_takes_nothing_else(schema, otto, ids):
    wanted = [*CHECKS, checks.negative_data_rejection]
    assert ask_everything(schema, otto, ids, {"POST", "PATCH", "DELETE"}, wanted=wanted) == []


@pytest.mark.any_engine("asks no database")
def test_the_schema_has_no_warning():
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        call_command("spectacular", "--validate", "--fail-on-warn", stdout=io.StringIO())
    assert said.getvalue() == ""


@pytest.mark.any_engine("asks no database")
def test_every_operation_declares_how_it_refuses():
    found = SchemaGenerator().get_schema(request=None, public=True)
    assert set(found["components"]["securitySchemes"]) == {"token", "cookieAuth"}
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            refusals = {"400", "401", "403"}
            if "{" in path:
                refusals.add("404")
            if "requestBody" in operation:
                refusals |= {"415", "422"}
            if any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", [])):
                refusals |= {"409", "412", "428"}
            responses = operation["responses"]
            for status in refusals:
                assert responses[status] == {"$ref": f"#/components/responses/Refused{status}"}, (method, path)
            assert operation["security"] == [{"token": []}, {"cookieAuth": []}]
            assert (method in {"patch", "delete"}) <= ("428" in responses), (method, path)
    for refusal in found["components"]["responses"].values():
        assert refusal["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}
