"""The agenda, the demo and the proof of concept of the shipped playbook: every figure, exact."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from tests.playbook.samples import shipped

AGENDA: Any = shipped().agenda
DEMO: Any = shipped().demo
POC: Any = shipped().poc


def test_the_agenda() -> None:
    assert [(part.key, part.minutes, part.short_minutes) for part in AGENDA.parts] == [
        ("introductions", 5, 3),
        ("background", 10, 6),
        ("strategic_context", 15, 10),
        ("pain", 20, 14),
        ("requirements", 15, 10),
        ("buying_process", 10, 7),
        ("competition", 5, 3),
        ("next_steps", 10, 7),
    ]
    assert (AGENDA.minutes, AGENDA.short_minutes, AGENDA.customer_talks_percent) == (90, 60, 70)
    assert [len(part.topics) for part in AGENDA.parts] == [4, 4, 4, 4, 4, 4, 3, 4]
    assert (len(AGENDA.dos), len(AGENDA.donts)) == (8, 7)


def test_every_question_has_its_part() -> None:
    placed = {group for part in AGENDA.parts for group in part.groups}
    assert {question.group for question in shipped().questions} == placed


def test_the_banks_of_the_discovery_call_are_whole() -> None:
    """Strategy, pain, technology, finance and buying, as the document counts them."""
    counts = Counter(q.group.split(":")[0] for q in shipped().questions if q.bank == "general")
    assert counts == {"Strategy": 8, "Pain": 12, "Technology": 16, "Finance": 12, "Buying": 16}


def test_the_demo() -> None:
    assert [(part.key, part.minutes) for part in DEMO.parts] == [
        ("introduction", 5),
        ("overview", 10),
        ("core_use_case", 20),
        ("differentiators", 15),
        ("integrations", 5),
        ("questions", 15),
    ]
    assert (DEMO.minutes, DEMO.shown_minutes, DEMO.slot_low, DEMO.slot_high) == (70, 45, 60, 90)
    assert DEMO.note
    assert [variant.key for variant in DEMO.parts[2].variants] == ["vmware_replacement", "edge", "ai_ml", "quantum"]
    assert (len(DEMO.checklist), len(DEMO.dos), len(DEMO.donts)) == (7, 7, 7)


def test_the_proof_of_concept() -> None:
    assert (POC.days_low, POC.days_usual, POC.days_high, POC.conversion_percent) == (30, 45, 60, 67)
    assert [(one.fact, one.low, one.high) for one in POC.scope] == [("vm_count", 50, 200), ("edge_nodes", 10, 50)]
    assert [(one.first_week, one.last_week, len(one.tasks)) for one in POC.phases] == [
        (1, 2, 4),
        (3, 4, 4),
        (5, 6, 4),
        (7, 8, 4),
    ]
    shares = {one.key: one.share_percent for one in POC.success_factors}
    assert shares == {
        "sponsor": Decimal(83),
        "clear_criteria": Decimal(92),
        "dedicated_team": Decimal(83),
        "realistic_scope": Decimal(75),
        "our_engineer": Decimal(100),
    }
    assert (len(POC.criteria), len(POC.red_flags)) == (5, 5)
