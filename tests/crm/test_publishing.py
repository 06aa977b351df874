"""Publishing a playbook by page: by operations only, once, and where dropped stages go."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import AuditEntry, Competitor, Job, JobState, Person, PlaybookVersion
from crm.queries import playbook as playbooks
from crm.services.audit import Act
from crm.services.playbook import publish
from deals.models import Deal, DealInterval, DealScore
from playbook import loader
from playbook.schema import Playbook
from tests.conftest import SignIn
from tests.crm.publishing import URL, confirm, numbers, renamed, send, without_demo
from tests.factories import make_deal

# --- Who ---------------------------------------------------------------------------------------------------------------


@pytest.mark.any_engine("who may is decided in Python")
@pytest.mark.parametrize(
    "username, status", [("rae", 403), ("mona", 403), ("sue", 403), ("eve", 403), ("vera", 403), ("charlie", 404)]
)
def test_only_operations_publishes(
    cast: dict[str, Person], files: dict[str, str], sign_in: SignIn, ops: Client, username: str, status: int
):
    preview = send(ops, stages=renamed(files))
    client = sign_in(cast[username])
    assert client.get(URL).status_code == status
    assert confirm(client, preview).status_code == status
    assert numbers() == [1]


def test_the_service_refuses_too(rae: Person, playbook: Playbook):
    with pytest.raises(NotAllowed):
        publish(act=Act(by=rae), playbook=playbook)


# --- Publishing --------------------------------------------------------------------------------------------------------


def test_publishing_makes_the_next_version_and_leads_to_the_workers_progress(
    ops: Client, otto: Person, files: dict[str, str]
):
    answer = confirm(ops, send(ops, stages=renamed(files)), note=" Clearer. ")
    version = PlaybookVersion.objects.get(number=2)
    job = Job.objects.get(key="rescore")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("crm:job-detail", args=[job.pk]))
    assert (version.note, version.published_by) == ("Clearer.", otto)
    assert playbooks.current()[1].stage("demo").label == "Demonstration"
    assert AuditEntry.objects.get(kind="playbook").changes == {"number": [1, 2]}


def test_sent_twice_it_is_published_once(ops: Client, files: dict[str, str]):
    preview = send(ops, stages=renamed(files))
    first, second = confirm(ops, preview), confirm(ops, preview)
    assert first.headers["Location"] == second.headers["Location"]
    assert numbers() == [1, 2]
    assert Job.objects.count() == 1


def test_a_version_in_between_is_compared_before_anything_is_published(ops: Client, files: dict[str, str]):
    preview = send(ops, stages=renamed(files))
    personas = files["personas.yaml"].replace("label: CIO\n", "label: Chief information officer\n")
    confirm(ops, send(ops, personas=personas))
    answer = confirm(ops, preview, note="Mine")
    assert answer.status_code == 409
    assert "Version 2 was published in the meantime" in answer.content.decode()
    # What the other one changed stays: only this draft's own files differ.
    assert [row["path"] for part in answer.context["parts"] for row in part["rows"]] == ["demo › label"]
    assert numbers() == [1, 2]

    confirm(ops, answer)
    now = playbooks.current()[1]
    assert (now.stage("demo").label, {one.key: one.label for one in now.personas}["cio"]) == (
        "Demonstration",
        "Chief information officer",
    )
    assert PlaybookVersion.objects.get(number=3).note == "Mine"


def test_of_two_at_the_same_moment_one_stands(otto: Person, playbook: Playbook, files: dict[str, str], monkeypatch):
    """Both looked at version 1 and found no other; the number's uniqueness decides."""
    changed = loader.loads({**files, "stages.yaml": renamed(files)})
    other = loader.loads({**files, "stages.yaml": renamed(files, "Show")})
    create = PlaybookVersion.objects.create

    def slower(**values: Any) -> PlaybookVersion:
        monkeypatch.undo()
        publish(act=Act(by=otto), playbook=other, expected=1)
        return create(**values)

    monkeypatch.setattr(PlaybookVersion.objects, "create", slower)
    with pytest.raises(Clash, match="at this moment"):
        publish(act=Act(by=otto), playbook=changed, expected=1)


@pytest.mark.any_engine("refused before the database is asked anything that others don't ask")
@pytest.mark.parametrize("draft", ["", "x", "eJyrVkrLzEnVUUpUsqpWSi3LzEkpVrKqrQUAUtYHhg==", "eJw="])
@pytest.mark.parametrize("expected", ["1", "", "99", "-1"])
def test_a_draft_that_did_not_arrive_whole_publishes_nothing(ops: Client, draft: str, expected: str):
    answer = ops.post(URL, {"draft": draft, "expected": expected})
    assert answer.status_code == 422
    assert numbers() == [1]


def test_competitors_follow_the_playbook_and_those_dropped_stay(ops: Client, files: dict[str, str]):
    kept = [one for one in yaml.safe_load(files["competitors.yaml"]) if one["key"] != "proxmox"]
    kept[0]["label"] = "Renamed"
    sizes = yaml.safe_load(files["market_sizes.yaml"])
    sizes["competitors"] = [one for one in sizes["competitors"] if one["competitor"] != "proxmox"]
    confirm(ops, send(ops, competitors=yaml.safe_dump(kept), market_sizes=yaml.safe_dump(sizes)))
    rows = {row.key: (row.name, row.in_playbook) for row in Competitor.objects.all()}
    assert rows[kept[0]["key"]] == ("Renamed", True)
    assert rows["proxmox"] == ("Proxmox VE", False)


# --- Dropped stages ----------------------------------------------------------------------------------------------------


def test_a_dropped_stage_asks_where_its_deals_go(ops: Client, rae: Person, files: dict[str, str]):
    make_deal(rae, stage="demo")
    preview = send(ops, stages=without_demo(files))
    field = preview.context["preview"]["stages-demo"]
    assert "1 deal now" in str(field.help_text)
    offered = [key for key, _ in field.field.choices]
    assert "poc" in offered
    assert {"won", "lost", "demo"}.isdisjoint(offered)

    answer = confirm(ops, preview)
    assert (answer.status_code, set(answer.context["preview"].errors)) == (422, {"stages-demo"})
    assert confirm(ops, preview, **{"stages-demo": "won"}).status_code == 422
    assert numbers() == [1]


def test_its_deals_go_there_with_their_history(ops: Client, otto: Person, rae: Person, files: dict[str, str]):
    deal, other = make_deal(rae, stage="demo"), make_deal(rae, "Other", stage="poc")
    confirm(ops, send(ops, stages=without_demo(files)), **{"stages-demo": "poc"})
    deal.refresh_from_db()
    other.refresh_from_db()
    assert (deal.stage, deal.version, other.version) == ("poc", 2, 1)
    past, now = DealInterval.objects.filter(deal=deal, field="stage").order_by("from_at")
    assert (past.value, past.to_at, now.value, now.from_at) == ("demo", now.from_at, "poc", deal.stage_entered_at)
    assert (now.changed_by, now.why) == (otto, "Playbook 2 no longer has what this named.")
    assert PlaybookVersion.objects.get(number=2).moves == {"stages": {"demo": "poc"}}


def test_a_dropped_stage_nobody_is_in_needs_a_place_for_the_past(otto: Person, files: dict[str, str]):
    shorter = loader.loads({**files, "stages.yaml": without_demo(files)})
    with pytest.raises(Invalid) as refused:
        publish(act=Act(by=otto), playbook=shorter)
    assert set(refused.value.errors) == {"stages-demo"}


def test_a_stage_does_not_turn_into_another_kind_under_its_key(ops: Client, files: dict[str, str]):
    stages = yaml.safe_load(files["stages.yaml"])
    kinds = {stage["key"]: stage for stage in stages}
    kinds["won"]["kind"], kinds["lost"]["kind"] = "lost", "won"
    kinds["won"]["probability_percent"], kinds["lost"]["probability_percent"] = 0, 100
    preview = send(ops, stages=yaml.safe_dump(stages))
    answer = confirm(ops, preview)
    assert answer.status_code == 422
    assert re.search(r"The stage Won was won and would be lost", answer.content.decode())
    assert Deal.objects.count() == 0
    assert numbers() == [1]


def test_the_worker_scores_open_deals_under_the_new_version(
    ops: Client, rae: Person, files: dict[str, str], run_jobs: Callable[[], int]
):
    deal = make_deal(rae)
    confirm(ops, send(ops, stages=renamed(files)))
    run_jobs()
    job, score = Job.objects.get(key="rescore"), DealScore.objects.get(deal=deal)
    assert (job.state, job.done, job.total) == (JobState.DONE, 1, 1)
    assert score.playbook_number == 2
