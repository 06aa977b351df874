"""A draft is edited by forms: what is wrong is told at its field, nothing typed is lost, and two people see each other."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.models import AuditEntry, Person, PlaybookDraft
from playbook import storing
from playbook.schema import Playbook
from tests.conftest import SignIn
from tests.crm.drafting import Json, as_sent, content, fresh, opened, url

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_engine("forms over one JSON column, which test_drafts and api/test_drafts write on both engines"),
]


# --- Weights and classes -------------------------------------------------------------------------------------------------


def test_weights_and_floors_are_changed_and_audited(ops: Client, draft: PlaybookDraft):
    posted = opened(ops, url(draft, "weights"))
    posted |= {"criteria-budget-weight": "30", "criteria-authority-weight": "15", "classes-A-at_least": "4.25"}
    assert ops.post(url(draft, "weights"), posted).status_code == 302
    bant = content(draft).bant
    assert [str(one.weight) for one in bant.criteria[:2]] == ["30", "15"]
    assert str(bant.classes[0].at_least) == "4.25"
    assert AuditEntry.objects.filter(kind="playbook_draft", verb="changed").get().changes == {"bant": [None, "changed"]}


@pytest.mark.parametrize(
    "typed, field, said",
    [
        ({"criteria-budget-weight": "30"}, "__all__", "the weights sum to 110"),
        ({"criteria-budget-weight": "much"}, "criteria-budget-weight", "Must be a number."),
        ({"classes-B-at_least": "4.5"}, "classes-B-at_least", "Must lie below A, which begins at 4"),
        ({"criteria-budget-weight": "20.001"}, "criteria-budget-weight", "finer than a total can hold"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_stays_as_typed(
    ops: Client, draft: PlaybookDraft, typed: Json, field, said
):
    answer = ops.post(url(draft, "weights"), opened(ops, url(draft, "weights")) | typed)
    form = answer.context["form"]
    assert answer.status_code == 422
    assert said in " ".join(form.errors[field])
    name, value = next(iter(typed.items()))
    assert form[name].value() == value
    assert fresh(draft).version == 1


def test_two_people_on_one_draft_see_each_other(ops: Client, draft: PlaybookDraft, otto: Person):
    mine = opened(ops, url(draft, "weights")) | {"classes-A-at_least": "4.25"}
    theirs = opened(ops, url(draft, "weights")) | {"classes-A-at_least": "4.5", "classes-B-at_least": "3.25"}
    ops.post(url(draft, "weights"), theirs)
    answer = ops.post(url(draft, "weights"), mine)
    assert answer.status_code == 409
    assert [(one.label, one.before, one.theirs, one.both) for one in answer.context["differences"]] == [
        ("A, hot", "4", "4.5", True),
        ("B, warm", "3", "3.25", False),
    ]
    form = answer.context["form"]
    assert (form["classes-A-at_least"].value(), form["classes-B-at_least"].value()) == ("4.25", "3.25")
    again = {bound.html_name: bound.value() for bound in form}
    assert ops.post(url(draft, "weights"), again).status_code == 302
    assert [str(one.at_least) for one in content(draft).bant.classes[:2]] == ["4.25", "3.25"]


# --- Thresholds ----------------------------------------------------------------------------------------------------------


def test_the_number_of_a_segments_verdict_is_changed_and_nothing_else(
    ops: Client, draft: PlaybookDraft, playbook: Playbook
):
    name = "criteria-budget-segments-research-qualified-all-0-at_least"
    posted = opened(ops, url(draft, "thresholds"))
    assert posted[name] == "100,000"
    assert ops.post(url(draft, "thresholds"), posted).status_code == 302
    assert fresh(draft).digest == storing.digest(playbook)
    assert ops.post(url(draft, "thresholds"), posted | {name: "150,000"}).status_code == 302
    before, after = storing.to_json(playbook), fresh(draft).data
    before["bant"]["criteria"][0]["segments"]["research"]["qualified"]["all"][0]["at_least"] = "150000"
    assert after == before
    wrong = ops.post(url(draft, "thresholds"), opened(ops, url(draft, "thresholds")) | {name: "a lot"})
    assert (wrong.status_code, wrong.context["form"].errors[name]) == (422, ["Must be a number."])


# --- Stages and reasons --------------------------------------------------------------------------------------------------


def test_stages_are_renamed_ordered_added_and_dropped(ops: Client, draft: PlaybookDraft, rae: Person):
    posted = opened(ops, url(draft, "stages"))
    posted |= {
        "prospect-label": "Suspect",
        "demo-drop": "on",
        "demo-goes": "poc",
        "new1-label": "Proof of value",
        "new1-probability_percent": "40",
        "new1-expected_days": "20",
        "new1-place": "5",
    }
    assert ops.post(url(draft, "stages"), posted).status_code == 302
    stages = content(draft).stages
    assert [stage.key for stage in stages][:5] == ["prospect", "discovery", "qualified", "proof_of_value", "poc"]
    assert (stages[0].label, stages[3].expected_days) == ("Suspect", 20)
    assert fresh(draft).moves["stages"] == {"demo": "poc"}
    # It can be brought back; then nothing goes anywhere.
    posted = opened(ops, url(draft, "stages")) | {"demo-back": "on", "demo-place": "4", "proof_of_value-drop": "on"}
    assert ops.post(url(draft, "stages"), posted).status_code == 302
    assert "demo" in {stage.key for stage in content(draft).stages}
    assert fresh(draft).moves["stages"] == {}


@pytest.mark.parametrize(
    "typed, field, said",
    [
        ({"poc-probability_percent": "5"}, "poc-probability_percent", "does not lie above the stage before it"),
        ({"demo-label": " "}, "demo-label", "Must not be empty"),
        ({"demo-place": "first"}, "demo-place", "whole number"),
        ({"new1-label": "Pilot"}, "new1-probability_percent", "Must be a number"),
        ({"demo-drop": "on", "demo-goes": "poc", "poc-drop": "on"}, "demo-goes", "dropped too"),
    ],
)
def test_a_stage_that_makes_no_sense_is_told_at_its_field(ops: Client, draft: PlaybookDraft, typed: Json, field, said):
    answer = ops.post(url(draft, "stages"), opened(ops, url(draft, "stages")) | typed)
    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors[field])
    assert fresh(draft).version == 1


def test_reasons_are_added_renamed_and_dropped(ops: Client, draft: PlaybookDraft, playbook: Playbook):
    first, second = [one for one in playbook.outcome_reasons if one.outcome == "lost"][:2]
    posted = opened(ops, url(draft, "reasons"))
    posted |= {f"{first.key}-drop": "on", f"{first.key}-goes": second.key, f"{second.key}-label": "Too dear"}
    posted |= {"new1-label": "Bought by a rival", "new1-outcome": "lost"}
    assert ops.post(url(draft, "reasons"), posted).status_code == 302
    reasons = {one.key: (one.label, one.outcome) for one in content(draft).outcome_reasons}
    assert first.key not in reasons
    assert (reasons[second.key][0], reasons["bought_by_a_rival"]) == ("Too dear", ("Bought by a rival", "lost"))
    assert fresh(draft).moves["outcome_reasons"] == {first.key: second.key}


def test_a_reason_another_file_names_is_not_dropped_and_the_way_to_that_line_is_said(ops: Client, draft: PlaybookDraft):
    """Done as it says, the reason can go."""
    posted = opened(ops, url(draft, "reasons")) | {"price-drop": "on", "price-goes": "wanted_free"}
    refused = ops.post(url(draft, "reasons"), posted)
    assert (refused.status_code, fresh(draft).version) == (422, 1)
    (said,) = refused.context["form"].non_field_errors()
    assert said.startswith("risk_register.yaml, line ")
    assert "indicators[lost_to_price].computed 'loss_share:price' names 'price'" in said
    assert "Take the draft away as files, change that line first, and put the file back under YAML files." in said
    with zipfile.ZipFile(io.BytesIO(ops.get(url(draft, "files")).content)) as files:
        (name,) = [one for one in files.namelist() if one.endswith("/risk_register.yaml")]
        register = files.read(name).decode().splitlines()
    place = int(said.split("line ")[1].split(":")[0]) - 1
    assert register[place].strip() == "computed: loss_share:price"
    register[place] = register[place].replace("price", "wanted_free")
    file = SimpleUploadedFile("risk_register.yaml", "\n".join(register).encode())
    assert ops.post(url(draft, "upload"), {"sources": file, "version": fresh(draft).version}).status_code == 302
    posted = opened(ops, url(draft, "reasons")) | {"price-drop": "on", "price-goes": "wanted_free"}
    assert ops.post(url(draft, "reasons"), posted).status_code == 302
    assert "price" not in {one.key for one in content(draft).outcome_reasons}


def test_what_is_typed_in_a_row_that_somebody_else_drops_stays_and_can_come_back(ops: Client, draft: PlaybookDraft):
    mine = opened(ops, url(draft, "stages")) | {"demo-label": "Show", "demo-expected_days": "9", "poc-label": "Pilot"}
    ops.post(url(draft, "stages"), opened(ops, url(draft, "stages")) | {"demo-drop": "on", "demo-goes": "poc"})
    answer = ops.post(url(draft, "stages"), mine)
    assert answer.status_code == 409
    rows = {one.label: (one.theirs, one.mine, one.choice) for one in answer.context["differences"]}
    assert rows["What names Demo goes to"] == ("POC", "—", "theirs")
    assert rows["Demo"] == ("Dropped", "Show, 30, 9, 4", "mine")
    assert 'name="demo-label" value="Show"' in answer.content.decode()
    assert answer.context["form"]["demo-back"].value() is True
    again = as_sent(answer.context["form"])
    again["conflict"] = answer.context["form"].conflict
    left = ops.post(url(draft, "stages"), again | {"choose:demo-back": "theirs", "poc-label": "Trial"})
    assert left.status_code == 302
    assert ("demo" in {one.key for one in content(draft).stages}, fresh(draft).moves["stages"]) == (
        False,
        {"demo": "poc"},
    )


def test_a_row_of_the_drafts_own_comes_back_as_typed(ops: Client, draft: PlaybookDraft):
    new = {"new1-label": "Trial", "new1-probability_percent": "40", "new1-expected_days": "20", "new1-place": "5"}
    assert ops.post(url(draft, "stages"), opened(ops, url(draft, "stages")) | new).status_code == 302
    mine = opened(ops, url(draft, "stages")) | {"trial-label": "Long trial", "trial-expected_days": "60"}
    ops.post(url(draft, "stages"), opened(ops, url(draft, "stages")) | {"trial-drop": "on"})
    answer = ops.post(url(draft, "stages"), mine)
    assert (answer.status_code, answer.context["differences"][-1].label) == (409, "Trial")
    again = as_sent(answer.context["form"])
    again |= {"conflict": answer.context["form"].conflict, "choose:trial-back": "mine"}
    assert ops.post(url(draft, "stages"), again).status_code == 302
    stage = next(one for one in content(draft).stages if one.key == "trial")
    assert (stage.label, stage.expected_days, str(stage.probability_percent)) == ("Long trial", 60, "40")


def test_a_place_that_somebody_else_picked_is_not_forgotten_by_another_form(ops: Client, draft: PlaybookDraft):
    ops.post(url(draft, "stages"), opened(ops, url(draft, "stages")) | {"demo-drop": "on"})
    mine = opened(ops, url(draft, "stages")) | {"poc-label": "Pilot"}
    ops.post(url(draft, "stages"), opened(ops, url(draft, "stages")) | {"demo-goes": "poc"})
    answer = ops.post(url(draft, "stages"), mine)
    assert (answer.status_code, answer.context["form"]["demo-goes"].value()) == (409, "poc")
    again = as_sent(answer.context["form"])
    assert ops.post(url(draft, "stages"), again).status_code == 302
    assert (fresh(draft).moves["stages"], content(draft).stages[3].label) == ({"demo": "poc"}, "Pilot")


# --- Questions -----------------------------------------------------------------------------------------------------------


def test_enablement_adds_changes_and_retires_questions(
    sign_in: SignIn, eve: Person, asked: PlaybookDraft, playbook: Playbook
):
    client, key = sign_in(eve), playbook.questions[0].key
    said = {"text": "Who signs?", "bank": "general", "group": "Money", "source": "A call", "criteria": ["authority"]}
    assert client.post(url(asked, "question-new"), said | {"version": 1}).status_code == 302
    added = next(one for one in content(asked).questions if one.key == "general_who_signs")
    assert (added.text, added.criteria, added.bank) == ("Who signs?", ("authority",), "general")
    posted = opened(client, url(asked, "question", key)) | {"text": "What is there to spend?", "personas": ["cio"]}
    assert client.post(url(asked, "question", key), posted).status_code == 302
    changed = next(one for one in content(asked).questions if one.key == key)
    assert (changed.text, changed.personas, changed.facts) == (
        "What is there to spend?",
        ("cio",),
        playbook.questions[0].facts,
    )
    retire = url(asked, "question-retire", key)
    assert client.post(retire).status_code == 302
    assert key not in {one.key for one in content(asked).questions}
    assert key in {one["key"] for one in client.get(url(asked, "questions")).context["retired"]}
    assert client.post(retire, {"back": "yes"}).status_code == 302
    assert next(one for one in content(asked).questions if one.key == key) == playbook.questions[0]


def test_a_question_without_words_or_use_is_told_so(sign_in: SignIn, eve: Person, asked: PlaybookDraft):
    answer = sign_in(eve).post(url(asked, "question-new"), {"text": "", "bank": "bant", "group": "Money", "version": 1})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"text", "source"}
    said = {"text": "Why?", "bank": "bant", "group": "Money", "source": "A call", "version": 1}
    answer = sign_in(eve).post(url(asked, "question-new"), said)
    assert answer.context["form"].errors == {
        "criteria": ["Informs nothing. Allowed: at least one of criteria and elements."]
    }


def test_enablement_changes_nothing_but_questions(
    sign_in: SignIn, eve: Person, asked: PlaybookDraft, draft: PlaybookDraft, playbook: Playbook
):
    client, key = sign_in(eve), playbook.questions[0].key
    assert asked.questions_only
    for page in ("weights", "thresholds", "stages", "reasons", "publish"):
        assert client.get(url(asked, page)).status_code == 403
        assert client.post(url(asked, page), {"version": 1}).status_code == 403
    assert client.post(url(draft, "question", key), {"text": "Mine", "version": 1}).status_code == 403
    assert client.post(url(draft, "discard")).status_code == 403
    text = storing.dump(playbook)["stages.yaml"].replace("label: Demo\n", "label: Show\n").encode()
    assert client.post(url(asked, "about"), {"name": "x", "version": 1}).status_code == 302
    upload = {"version": 2, "sources": SimpleUploadedFile("stages.yaml", text)}
    assert client.post(url(asked, "upload"), upload).status_code == 403
    new = {"name": "All", "base": 1, "sources": SimpleUploadedFile("stages.yaml", text)}
    assert client.post(reverse("crm:draft-new"), new).status_code == 422
    assert (fresh(asked).digest, fresh(draft).digest) == (asked.digest, draft.digest)
    assert PlaybookDraft.objects.count() == 2


def test_operations_open_a_draft_for_more_than_questions(ops: Client, asked: PlaybookDraft):
    posted = opened(ops, url(asked, "weights")) | {"criteria-budget-weight": "30", "criteria-authority-weight": "15"}
    answer = ops.post(url(asked, "weights"), posted)
    assert (answer.status_code, "for questions only" in answer.content.decode()) == (422, True)
    assert ops.post(url(asked, "about"), {"name": "Wider", "version": 1}).status_code == 302
    assert (
        ops.post(url(asked, "weights"), opened(ops, url(asked, "weights")) | posted | {"version": 2}).status_code == 302
    )
    back = ops.post(url(asked, "about"), {"name": "Wider", "questions_only": "on", "version": 3})
    assert (back.status_code, list(back.context["form"].errors)) == (422, ["questions_only"])
