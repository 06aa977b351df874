"""What every model keeps to: links go down, never up, and rows that not everybody may see have one door."""

from __future__ import annotations

import inspect

import pytest
from django.apps import apps
from django.db.models import CASCADE, ForeignKey, ManyToManyField, Model, OneToOneField

from tests.architecture.world import APPS

HEIGHT = {
    name: place
    for place, name in enumerate(("crm", "deals", "activities", "scoring", "quotes", "battlecards", "calls", "reports"))
}
"""Lower apps know nothing of higher ones."""

MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]
LINKS = [
    (model, field)
    for model in MODELS
    for field in model._meta.get_fields()
    if isinstance(field, ForeignKey | OneToOneField | ManyToManyField)
]
ENTRIES = ("activities.Note", "activities.Task", "activities.Activity", "activities.Attachment")
SHARED = (
    {
        "scoring.ScoreResult": "what a set of scores adds up to, which says nothing of any deal",
        "quotes.Delegation": "who stands in for whom, whatever the deal",
        "battlecards.Feedback": "what the field says of a claim, which outlives the deal it was said on",
        "battlecards.Suggestion": "a change to a card, which outlives the deal it was thought of on",
    }
    | {
        f"battlecards.{name}": "content, which everybody with a role reads"
        for name in (
            "Card",
            "CardVersion",
            "Claim",
            "Confirmation",
            "Draft",
            "DraftClaim",
            "GapSeen",
            "Passage",
            "Placed",
            "Wording",
        )
    }
    | {
        f"battlecards.{name}": "what competitors do, whatever the deal"
        for name in ("IntelEvent", "IntelMark", "Response", "ResponseEntry", "ResponseStep", "Watch", "WatchRun")
    }
    | {
        f"reports.{name}": "sums over many deals, or what somebody says of them all"
        for name in ("DayCheck", "DayTotal", "ForecastCall", "ForecastRun", "StandingReport")
    }
    | {f"reports.{name}": "figures that come from elsewhere" for name in ("Crossing", "Reading")}
    | {
        f"reports.{name}": "somebody's own paper, for nobody else"
        for name in ("Paper", "PaperSchedule", "ScheduledPaper")
    }
)
"""Rows of no deal in particular, each with its reason."""
BY_ANOTHER = {
    "quotes.Revision": "quote",
    "quotes.Approval": "revision",
    "quotes.Step": "approval",
    "quotes.Decision": "step",
    "quotes.ApprovalComment": "approval",
    "calls.Attendee": "call",
    "calls.Part": "call",
    "calls.CallQuestion": "call",
    "calls.Entry": "call",
    "calls.Notebook": "call",
    "calls.Review": "call",
    "calls.Proposal": "call",
    "calls.Document": "call",
    "calls.PlanItem": "plan",
}
"""Rows that hang on a deal by way of another, and by which link."""
GUARDED = ("crm.Account", "crm.Contact", "deals.Deal", *ENTRIES, "quotes.Quote", "calls.Call", "calls.Entry")
"""Whose rows somebody may be kept from; everything else is reached through one of them or is for operations."""
GUARDS = dict.fromkeys(("crm.Account", "crm.Contact", *ENTRIES), ("visible_to",)) | {
    "deals.Deal": ("visible_to", "detailed_to", "editable_by"),
    "quotes.Quote": ("visible_to", "editable_by"),
    "calls.Call": ("visible_to", "editable_by", "notes_by"),
    "calls.Entry": ("visible_to", "editable_by"),
}


def test_every_app_of_ours_has_a_height():
    ours = {config.label for config in apps.get_app_configs() if config.models_module and _is_ours(config.module)}
    assert ours - {"demo"} == set(HEIGHT), "Say in HEIGHT where the new app stands."


def _is_ours(module: object) -> bool:
    return "site-packages" not in (inspect.getsourcefile(module) or "")  # type: ignore[arg-type]


@pytest.mark.parametrize("model, field", LINKS, ids=lambda part: getattr(part, "__name__", getattr(part, "name", "")))
def test_no_link_goes_up(model, field):
    """Strings included: the resolver has turned them into models by now."""
    here, there = model._meta.app_label, field.related_model._meta.app_label
    assert there not in HEIGHT or HEIGHT[there] <= HEIGHT[here], (
        f"{model._meta.label}.{field.name} links up to {there}."
    )


@pytest.mark.parametrize("label", GUARDED)
def test_a_guarded_model_has_its_doors(label):
    manager = apps.get_model(label)._default_manager
    for door in GUARDS[label]:
        assert callable(getattr(manager, door, None)), f"{label}.objects has no {door}()."


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_row_of_a_deal_goes_with_it(model):
    """What hangs on a deal is seen by the deal's own rule, so it must name one deal and vanish with it."""
    if model._meta.app_label == "crm" or model._meta.label in {"deals.Deal", *SHARED}:
        return
    if by := BY_ANOTHER.get(model._meta.label):
        links = [model._meta.get_field(by)]
    else:
        links = [field for owner, field in LINKS if owner is model and field.related_model._meta.label == "deals.Deal"]
    assert [link.remote_field.on_delete for link in links] == [CASCADE], model._meta.label


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_row_says_what_it_is(model):
    """In logs, messages and the administration."""
    assert model.__str__ is not Model.__str__, f"{model._meta.label} has no __str__."
