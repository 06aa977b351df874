"""The drafts' part of the access table: enablement works on questions, operations on everything."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from crm.forms.drafts.stages import ReasonsForm, StagesForm
from crm.forms.drafts.thresholds import ThresholdsForm
from crm.forms.drafts.weights import WeightsForm
from playbook import storing
from tests.architecture.access_rows import Row, drafters, form, operations, same
from tests.architecture.world import World


def asked(world: World) -> dict[str, Any]:
    """The draft for questions only, on which enablement works too."""
    return {"draft_id": world.drafts.asked.pk}


def weighted(world: World) -> dict[str, Any]:
    values = WeightsForm.values(world.drafts.whole.data)
    return values | {"version": 2, "criteria-budget-weight": "25", "criteria-authority-weight": "20"}


def loosened(world: World) -> dict[str, Any]:
    values = ThresholdsForm.values(world.drafts.whole.data)
    return values | {"version": 2, "criteria-budget-verdicts-qualified-at_least": "300,000"}


def renamed_stage(world: World) -> dict[str, Any]:
    return StagesForm.values(world.drafts.whole.data) | {"version": 2, "demo-label": "Demonstration"}


def renamed_reason(world: World) -> dict[str, Any]:
    first = world.playbook.outcome_reasons[0].key
    return ReasonsForm.values(world.drafts.whole.data) | {"version": 2, f"{first}-label": "Something else"}


def new_question(world: World) -> dict[str, Any]:
    said = {"text": "Who signs?", "bank": "general", "group": "Money", "source": "A call", "criteria": ["authority"]}
    return said | {"version": 1}


def questions_file(world: World) -> dict[str, Any]:
    text = storing.dump(world.playbook)["questions/general.yaml"].replace("general", "general", 1)
    changed = text.replace("source: ", "note: Ask twice.\n  source: ", 1).encode()
    return {"sources": SimpleUploadedFile("questions/general.yaml", changed), "version": 1}


DRAFTS = {
    "draft-list": Row(drafters()),
    "draft-new": Row(drafters(), form(drafters(302), lambda w: {"name": "Sharper", "base": 2})),
    "draft-detail": Row(drafters()),
    "draft-about": Row(
        drafters(), form(drafters(302), lambda w: {"name": "Best questions", "version": 1}, asked), args=asked
    ),
    "draft-files": Row(drafters(), kind="data"),
    "draft-upload": Row(drafters(), form(drafters(302), questions_file, asked), args=asked),
    "draft-discard": Row(same(405), form(drafters(302), args=asked)),
    "draft-weights": Row(operations(), form(operations(302), weighted)),
    "draft-thresholds": Row(operations(), form(operations(302), loosened)),
    "draft-stages": Row(operations(), form(operations(302), renamed_stage)),
    "draft-reasons": Row(operations(), form(operations(302), renamed_reason)),
    "draft-questions": Row(drafters(), args=asked),
    "draft-question-new": Row(drafters(), form(drafters(302), new_question, asked), args=asked),
    "draft-question": Row(drafters(), form(drafters(302), new_question, asked), args=asked),
    "draft-question-retire": Row(same(405), form(drafters(302), args=asked)),
    "draft-publish": Row(
        operations(),
        form(operations(302), lambda w: {"version": 2, "expected": 2, "stages-contracting": "negotiation"}),
    ),
    "rehearsal-start": Row(same(405), form(operations(302))),
    "rehearsal": Row(operations()),
    "rehearsal-table": Row(operations(), kind="data"),
}
