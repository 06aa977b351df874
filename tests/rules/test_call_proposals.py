"""What notes propose: each case is a note, and every proposal it makes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.rules.known import Draft, Known, KnownPerson, NoteView, clipped
from calls.rules.people import ROLES
from calls.rules.proposals import drafts, identities, rules_of
from calls.rules.reading import recognise, ways_of
from calls.rules.tags import TAGS, parse
from deals.models import BuyingRole
from deals.rules.snapshot import CompetitorSnapshot, DealSnapshot, ElementSnapshot
from tests.rules.worlds import SHIPPED

MONDAY = dt.date(2026, 6, 15)
WAYS = ways_of(SHIPPED, MONDAY)
RIVALS = {one.key: one.label for one in SHIPPED.competitors}
ANA = KnownPerson(7, "Ana", "Adler", "CIO", "influencer")
BEN = KnownPerson(8, "Ben", "Berg", "Architect", "")


def known(**values: Any) -> Known:
    snapshot = DealSnapshot(
        id=1, segment="enterprise_it", stage="discovery", stage_entered_date=MONDAY, **values.pop("snapshot", {})
    )
    given: dict[str, Any] = {
        "playbook": SHIPPED,
        "snapshot": snapshot,
        "deal_facts": {},
        "answers": {},
        "people": (ANA, BEN),
        "rivals": RIVALS,
        "ours": {1: "Rae Test", 2: "Mona Test"},
        "theirs": ("Ana Adler", "Nora Nolde"),
        "convert": lambda amount, currency: (
            amount * Decimal("1.1") if currency == "EUR" else amount if currency == "USD" else None
        ),
    }
    return Known(**given | values)


def view(text: str, **values: Any) -> NoteView:
    tagged = parse(text)
    return NoteView(str(values.pop("id", "n")), tagged, recognise(tagged.words, WAYS), MONDAY, 1, **values)


def proposed(*texts: str, of: Known | None = None, **values: Any) -> list[tuple[str, str, Any]]:
    found = drafts([view(text, id=place, **values) for place, text in enumerate(texts)], of or known())
    return [(draft.target, draft.key, draft.after) for _, draft in found]


NOTES: dict[str, list[tuple[str, str, Any]]] = {
    "/budget 1.2M a year, released": [
        ("fact", "budget_amount", "1200000.00"),
        ("fact", "budget_status", "allocated"),
    ],
    "/budget 100K a month, not yet approved": [
        ("fact", "budget_amount", "1200000.00"),
        ("fact", "budget_status", "needs_approval"),
    ],
    "/budget no budget": [("fact", "budget_status", "none")],
    "/budget 1.000.000 Euro": [("fact", "budget_amount", "1100000.00")],
    "/budget £1M": [],
    "/pain Licences went up to 4.2M a year": [
        ("line", "identify_pain.statement", "Licences went up to 4.2M a year"),
        ("fact", "impact_amount", "4200000.00"),
        ("field", "identify_pain.yearly_impact", "4200000.00"),
        ("fact", "pain_clarity", "clear"),
        ("strength", "identify_pain", "claimed"),
    ],
    "/pain It is urgent, we can\u2019t wait": [
        ("line", "identify_pain.statement", "It is urgent, we can\u2019t wait"),
        ("fact", "pain_clarity", "urgent"),
        ("field", "identify_pain.urgency", "high"),
        ("strength", "identify_pain", "claimed"),
    ],
    "They run 1,200 VMs on 40 hosts": [("fact", "vm_count", 1200), ("fact", "hosts", 40)],
    "/metric Provisioning takes from 8 hours to 2 hours, 350K a year": [
        ("strength", "metrics", "claimed"),
        (
            "row",
            "metrics.measures",
            {"name": "Provisioning", "today": "8", "unit": "hours", "target": "2", "yearly_value": "350000.00"},
        ),
    ],
    "/criterion Latency under load": [
        ("strength", "decision_criteria", "claimed"),
        ("row", "decision_criteria.criteria", {"name": "Latency under load", "weight": "100"}),
    ],
    "/must Single sign-on": [("strength", "decision_criteria", "claimed")],
    "/nice Dark mode": [],
    "/person Nora Nolde, Procurement Manager, procurement": [
        (
            "contact",
            "nora nolde",
            {
                "contact": None,
                "first_name": "Nora",
                "last_name": "Nolde",
                "title": "Procurement Manager",
                "persona": "procurement",
                "role": "procurement",
            },
        )
    ],
    "/person Ana is the economic buyer": [
        (
            "contact",
            "ana adler",
            {
                "contact": 7,
                "first_name": "Ana",
                "last_name": "Adler",
                "title": "CIO",
                "persona": "cio",
                "role": "economic_buyer",
            },
        ),
        ("strength", "economic_buyer", "claimed"),
    ],
    "/person Ana Adler": [],
    "/person somebody from finance": [],
    "/person Wim": [],
    "/competitor vSphere is the incumbent": [
        ("strength", "competition", "claimed"),
        ("competitor", "vmware", {"position": "incumbent"}),
    ],
    "/competitor someone in the cloud": [("strength", "competition", "claimed")],
    "/date They decide by end of Q3": [
        ("fact", "decision_date", "2026-09-30"),
        ("field", "decision_process.target_date", "2026-09-30"),
    ],
    "/date Renewal on 31.12.2026, does not move": [
        ("fact", "renewal_date", "2026-12-31"),
        ("fact", "deadline", "hard"),
    ],
    "/date Signature by 15 December": [("close_date", "close_date", "2026-12-15")],
    "/date Steering committee next Tuesday": [
        (
            "row",
            "decision_process.steps",
            {"name": "Steering committee next Tuesday", "due": "2026-06-23", "state": "open"},
        )
    ],
    "/process Legal review, takes 3 weeks": [
        ("strength", "paper_process", "claimed"),
        ("row", "paper_process.steps", {"name": "Legal review, takes 3 weeks", "state": "open", "expected_days": 21}),
    ],
    "/process Nora signs it off by 1 October": [
        ("strength", "decision_process", "claimed"),
        (
            "row",
            "decision_process.steps",
            {"name": "Nora signs it off by 1 October", "state": "open", "owner": "Nora Nolde", "due": "2026-10-01"},
        ),
    ],
    "/action Mona sends the sizing by Friday": [
        ("task", "", {"title": "Mona sends the sizing by Friday", "due_date": "2026-06-19", "owner": 2}),
        ("next_step", "next_step", {"next_step": "Mona sends the sizing by Friday", "next_step_date": "2026-06-19"}),
    ],
    "/action Ask about references": [("task", "", {"title": "Ask about references", "due_date": None, "owner": 1})],
    "/objection Too young a product": [("objection", "", {"text": "Too young a product", "key": ""})],
    "/risk Their CIO leaves": [("red_flag", "", "Their CIO leaves")],
    "/context VMware everywhere, a CIO priority": [
        ("fact", "sponsor_level", "ceo_cio"),
        ("fact", "current_platform", "vmware"),
    ],
    "/context They moved from VMware to KVM": [],
    "/internal She does not like us": [],
    "4.2M a year": [],
}


@pytest.mark.parametrize("note", NOTES)
def test_a_note(note):
    assert proposed(note) == NOTES[note]


def test_what_is_known_already_is_not_proposed():
    facts = {"vm_count": 1200, "budget_amount": "1200000.00", "pain_clarity": "urgent"}
    element = {"identify_pain": ElementSnapshot("confirmed", {"statement": "It hurts", "yearly_impact": "1200000.00"})}
    of = known(
        snapshot={
            "facts": facts,
            "meddpicc": element,
            "next_step_date": MONDAY,
            "competitors": (CompetitorSnapshot("kvm", "KVM", "ahead"),),
        },
        objections=frozenset({"too young"}),
    )
    notes = ("1,200 VMs", "/budget 1.2M", "/pain It hurts", "/competitor KVM is ahead", "/objection Too young")
    assert proposed(*notes, of=of) == [("strength", "competition", "claimed")]


def test_of_two_notes_that_say_the_same_the_first_has_it():
    texts = ("/must SSO", "/must Audit log", "1,200 VMs", "1200 VMs")
    found = drafts([view(text, id=place) for place, text in zip("abcd", texts, strict=True)], known())
    assert [(note.id, draft.target, draft.key) for note, draft in found] == [
        ("a", "strength", "decision_criteria"),
        ("c", "fact", "vm_count"),
    ]


def test_an_answer_is_the_fact_the_question_asks_for():
    found = drafts([view("About 3M, all in", question="gen_total_spend")], known())
    assert [(draft.rule, draft.key, draft.after, draft.because) for _, draft in found] == [
        ("answer", "gen_total_spend", "About 3M, all in", "The note was taken as its answer."),
        ("asked", "infrastructure_spend", "3000000.00", "The question asks for infrastructure spend."),
    ]
    assert proposed("Allocated", question="gen_budget_allocated") == [
        ("answer", "gen_budget_allocated", "Allocated"),
        ("fact", "budget_status", "allocated"),
    ]
    assert proposed("Between 2M and 3M", question="gen_total_spend") == [
        ("answer", "gen_total_spend", "Between 2M and 3M")
    ]


def test_a_claim_said_again_in_a_call_is_confirmed():
    of = known(snapshot={"meddpicc": {"decision_criteria": ElementSnapshot("claimed")}})
    assert proposed("/must SSO", of=of) == [("strength", "decision_criteria", "confirmed")]


def test_every_rule_says_what_it_does_and_has_a_name_of_its_own():
    rules = rules_of(SHIPPED)
    assert all(rule.says.endswith(".") and rule.label for rule in rules)
    assert len({rule.key for rule in rules}) == len(rules)
    assert {rule.tag for rule in rules} <= {"", *(tag.key for tag in TAGS)}
    assert set(ROLES.values()) == set(BuyingRole.values)


def test_a_proposal_keeps_its_name_when_its_note_is_read_again():
    first = [draft for _, draft in drafts([view("/pain 4.2M a year")], known())]
    later = [draft for _, draft in drafts([view("/pain 4.3M a year, urgent")], known())]
    assert identities(first)[:3] == identities(later)[:3]
    assert len(set(identities(later))) == len(later)


@pytest.mark.parametrize(
    "text, most, expected", [("a b", 9, "a b"), ("alpha beta gamma", 12, "alpha beta…"), ("x" * 9, 5, "xxxx…")]
)
def test_a_long_text_is_cut_at_a_word(text, most, expected):
    assert clipped(text, most) == expected


WORDS = st.sampled_from([f"/{tag.key}" for tag in TAGS] + ["4.2M", "by Friday", "Ana", "VMware", "10 %", "legal"])
TEXTS = st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=10).map(" ".join)
QUESTIONS = st.sampled_from(["", "gen_total_spend", "gen_budget_allocated", "gen_size"])


@given(TEXTS, QUESTIONS)
def test_it_never_raises_and_fits_what_keeps_it(text, question):
    for _, draft in drafts([view(text, question=question)], known()):
        assert isinstance(draft, Draft)
        assert draft.because
        assert draft.before != draft.after
