"""The style guide: every component in its states, for those who build pages. Shown in debug and demo only."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from crm.registry import TimelineEntry


class SampleForm(forms.Form):
    """One field of each kind; bound with mistakes, so that errors show."""

    name = forms.CharField(max_length=120, help_text="As the field calls it.")
    amount = forms.DecimalField(
        help_text="Annual recurring revenue.", widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    close_date = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    stage = forms.ChoiceField(choices=[("discovery", "Discovery"), ("poc", "POC"), ("proposal", "Proposal")])
    workloads = forms.MultipleChoiceField(
        required=False,
        choices=[("ai", "AI and machine learning"), ("edge", "Edge"), ("vm", "Virtual machines")],
        widget=forms.CheckboxSelectMultiple,
    )
    deadline = forms.ChoiceField(
        choices=[("hard", "Hard"), ("soft", "Soft"), ("none", "None")], widget=forms.RadioSelect
    )
    shared = forms.BooleanField(
        required=False, label="Share with the team", help_text="They see it, but may not change it."
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))


def samples() -> dict[str, Any]:
    """What the style guide shows; all invented."""
    now, today = timezone.now(), timezone.localdate()
    wrong = {"name": "", "amount": "about a million", "stage": "discovery", "deadline": "soft", "workloads": ["ai"]}
    return {
        "form": SampleForm(initial={"stage": "poc", "deadline": "hard"}, auto_id="new_%s"),
        "wrong_form": SampleForm(wrong, auto_id="wrong_%s"),
        "now": now,
        "before": now - timedelta(hours=3),
        "entries": [
            TimelineEntry(
                at=now - timedelta(hours=3),
                kind="score",
                text="Score +0.20: budget 3 to 4",
                by="Rae Keller",
                more="from the call of 20 November",
            ),
            TimelineEntry(
                at=now - timedelta(days=9),
                kind="changes",
                text="Quote sent back by VP",
                quote="trade the 20 % for a reference",
            ),
        ],
        "past": today - timedelta(days=9),
        "near": today + timedelta(days=5),
        "far": today + timedelta(days=120),
        "trail": [("#", "Deals"), ("#", "Aster Health")],
        "stages": [
            {"label": "Discovery", "state": "done"},
            {"label": "Qualified", "state": "done"},
            {"label": "Demo", "state": "done"},
            {"label": "POC", "state": "done"},
            {"label": "Proposal", "state": "now", "note": "34 d, usual 28"},
            {"label": "Negotiation", "state": ""},
            {"label": "Contracting", "state": ""},
        ],
        "deals": [
            _deal(
                "Northwind core platform",
                "Northwind Bank",
                "A",
                "4.40",
                "fffcfffc",
                "Negotiation",
                12,
                "1850000",
                today,
                24,
                "Legal call",
                "Rae Keller",
            ),
            _deal(
                "Edge roll-out, 2,400 stores",
                "Halden Retail",
                "A",
                "4.15",
                "fcfccfcf",
                "POC",
                21,
                "360000",
                today,
                68,
                "POC readout",
                "Rae Keller",
            ),
            _deal(
                "Renewal displacement",
                "Aster Health",
                "B",
                "3.95",
                "cfcucfcc",
                "Proposal",
                34,
                "926606.25",
                today,
                9,
                "Send revision 3",
                "Mona Sand",
            ),
            _deal(
                "Research cluster",
                "University of Lund",
                "B",
                None,
                "cucuufuu",
                "Qualified",
                40,
                "78000",
                today,
                -4,
                "",
                "Mona Sand",
            ),
            _deal(
                "Branch refresh",
                "Corvid Insurance",
                "C",
                "2.60",
                "uucuucuu",
                "Discovery",
                6,
                "212000",
                today,
                160,
                "Discovery call",
                "Tom Arden",
            ),
            _deal(
                "Lab hosting",
                "Pell Diagnostics",
                "D",
                "1.80",
                "uuuuuuuu",
                "Prospect",
                3,
                "45000",
                today,
                None,
                "Nurture until February",
                "Tom Arden",
            ),
        ],
        "criteria": [
            ("Authority", "5", 5, 5, "1.25"),
            ("Budget", "4", 4, 4, "0.80"),
            ("Need", "4", 4, 4, "0.80"),
            ("Timeline", "3", 3, 3, "0.45"),
            ("Technical fit", "3", 3, 3, "0.30"),
            ("Strategic alignment", "?", 1, 5, "0.1–0.5"),
        ],
        "low": Decimal("3.05"),
        "high": Decimal("3.45"),
        "total": Decimal("3.95"),
        "exact": Decimal("926606.25"),
        "million": Decimal("1850000"),
        "columns": [("Discovery", "discovery"), ("POC", "poc"), ("Proposal", "proposal")],
        "icons": _icon_names(),
        "tones": [
            "paper",
            "sheet",
            "sunk",
            "line",
            "line-2",
            "edge",
            "ink-3",
            "ink-2",
            "ink",
            "accent",
            "accent-soft",
            "good",
            "good-soft",
            "warn",
            "warn-soft",
            "bad",
            "bad-soft",
        ],
    }


def _icon_names() -> list[str]:
    from crm.templatetags._icons import ICONS

    return list(ICONS)


def _deal(
    name: str,
    account: str,
    letters: str,
    total: str | None,
    lights: str,
    stage: str,
    days: int,
    amount: str,
    today: Any,
    close: int | None,
    step: str,
    owner: str,
) -> dict[str, Any]:
    return {
        "name": name,
        "account": account,
        "classes": letters,
        "total": Decimal(total) if total else None,
        "low": None if total else Decimal("3.05"),
        "high": None if total else Decimal("3.45"),
        "lights": lights,
        "stage": stage,
        "days": days,
        "amount": Decimal(amount),
        "close": None if close is None else today + timedelta(days=close),
        "step": step,
        "owner": owner,
    }


def style_guide(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or settings.DEMO_MODE):
        raise Http404
    return render(request, "crm/style_guide.html", samples())
