"""Drafts of playbooks over the API: begun, changed in part, refused whole, rehearsed."""

from __future__ import annotations

import pytest

from crm.models import PlaybookDraft, RehearsalRun
from deals.models import BantAssessment
from playbook import storing
from tests.conftest import shipped_files

PATH = "/api/playbook-drafts/"


@pytest.fixture
def draft(api, otto):
    return api(otto).post(PATH, {"name": "Money first", "based_on": 1}).json()


def weights(draft, **changed):
    bant = draft["content"]["bant"]
    for criterion in bant["criteria"]:
        criterion["weight"] = changed.get(criterion["key"], criterion["weight"])
    return {"content": {"bant": bant}}


def test_a_draft_is_changed_in_part_and_refused_whole(api, otto, draft, playbook):
    me, path = api(otto), f"{PATH}{draft['id']}/"
    assert (draft["digest"], draft["based_on"], draft["version"]) == (storing.digest(playbook), 1, 1)
    etag = me.etag(path)
    wrong = me.patch(path, weights(draft, budget="30") | {"name": "Wrong"}, etag)
    assert wrong.status_code == 422
    assert "bant.yaml: criteria: the weights sum to 110" in wrong.json()["error"]["fields"]["content"][0]
    assert me.get(path).json()["name"] == "Money first"
    done = me.patch(path, weights(draft, budget="30", authority="15") | {"note": "Why."}, etag)
    assert (done.status_code, done.json()["note"]) == (200, "Why.")
    assert [one["weight"] for one in done.json()["content"]["bant"]["criteria"]][:2] == ["30", "15"]
    assert me.patch(path, {"name": "Late"}, etag).status_code == 412
    wrong_bodies: list[dict[str, object]] = [
        {"content": {"huh": 1}},
        {"content": {"stages": [[[]]]}},
        {"moves": {"deals": {}}},
        {"name": ""},
    ]
    for body in wrong_bodies:
        assert me.patch(path, body, "*").status_code == 422, body


@pytest.mark.parametrize(
    "moves",
    [
        {"stages": {"prospect": "discovery"}},  # stays
        {"stages": {"limbo": "discovery"}},  # never was
        {"stages": {"demo": "x"}},  # goes to none
        {"stages": {"demo": "won"}},  # of another kind
        {"stages": {"demo": "demo"}},
    ],
)
def test_a_draft_moves_what_it_drops_to_what_it_has(api, otto, draft, moves):
    me, path = api(otto), f"{PATH}{draft['id']}/"
    stages = [one for one in draft["content"]["stages"] if one["key"] != "demo"]
    answer = me.patch(path, {"content": {"stages": stages}, "moves": moves}, "*")
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, ["moves"])
    assert me.get(path).json()["version"] == 1
    right = me.patch(path, {"content": {"stages": stages}, "moves": {"stages": {"demo": "poc"}}}, "*")
    assert (right.status_code, right.json()["moves"]) == (200, {"stages": {"demo": "poc"}})


@pytest.mark.parametrize("who, status", [("eve", 403), ("otto", 422)])
def test_a_draft_of_questions_moves_nothing(api, eve, request, playbook, who, status):
    path = f"{PATH}{api(eve).post(PATH, {'name': 'Ask more', 'based_on': 1}).json()['id']}/"
    answer = api(request.getfixturevalue(who)).patch(path, {"moves": {"stages": {"prospect": "discovery"}}}, "*")
    assert (answer.status_code, api(eve).get(path).json()["moves"]) == (status, {})


def test_enablement_drafts_questions_and_nothing_else(api, eve, draft):
    me = api(eve)
    made = me.post(PATH, {"name": "Ask more", "based_on": 1}).json()
    assert made["questions_only"] is True
    path = f"{PATH}{made['id']}/"
    questions = made["content"]["questions"]
    questions[0]["text"] = "What is there to spend?"
    assert me.patch(path, {"content": {"questions": questions}}, "*").status_code == 200
    assert me.patch(path, weights(made, budget="30", authority="15"), "*").status_code == 403
    assert me.patch(path, {"questions_only": False}, "*").status_code == 403
    assert me.patch(f"{PATH}{draft['id']}/", {"content": {"questions": questions}}, "*").status_code == 403
    stages = shipped_files()["stages.yaml"].replace("label: Demo\n", "label: Show\n")
    refused = me.post(PATH, {"name": "All", "based_on": 1, "files": {"stages.yaml": stages}})
    assert (refused.status_code, PlaybookDraft.objects.count()) == (422, 2)


def test_files_with_errors_are_refused_with_all_of_them(api, otto):
    files = {"stages.yaml": "- {key: demo}\n", "strange.yaml": "x"}
    refused = api(otto).post(PATH, {"name": "Wrong", "based_on": 1, "files": files})
    assert refused.status_code == 422
    said = " ".join(refused.json()["error"]["fields"]["files"])
    assert "stages.yaml:1: [demo].label: is missing" in said
    assert "strange.yaml: is not a file of a playbook" in said
    assert PlaybookDraft.objects.count() == 0


def test_a_rehearsal_is_asked_for_and_read(api, otto, eve, deal, draft, run_jobs):
    scores = {"budget": 5, "authority": 3, "need": 4, "timeline": 4, "technical_fit": 4, "strategic_alignment": 4}
    BantAssessment.objects.update(overrides=scores)
    me = api(otto)
    me.patch(f"{PATH}{draft['id']}/", weights(draft, budget="30", authority="15"), "*")
    assert api(eve).post(f"{PATH}{draft['id']}/rehearse/").status_code == 403
    asked = me.post(f"{PATH}{draft['id']}/rehearse/")
    assert (asked.status_code, asked.json()["state"]) == (201, "working")
    run_jobs()
    found = me.get(asked["Location"]).json()
    assert (found["state"], found["judged"], found["changed"], found["classes"]) == ("done", 1, 1, {"B": {"A": 1}})
    assert found["counts"] == {"class": 1, "total": 1}
    (row,) = me.get(f"{asked['Location']}changes/?kind=class").json()["results"]
    assert (row["deal"], row["class_before"], row["class_after"]) == (deal.pk, "B", "A")
    assert (row["range_before"], row["range_after"]) == (["3.9500", "3.9500"], ["4.1500", "4.1500"])
    assert me.get(f"{asked['Location']}changes/?kind=stage").json()["results"] == []
    assert api(eve).get(asked["Location"]).status_code == 403
    assert RehearsalRun.objects.count() == 1
