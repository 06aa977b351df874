"""The shipped library of objections and the messaging: nothing of the source documents is missing."""

from __future__ import annotations

from collections import Counter

from playbook.schema.cards import Message, Objection
from tests.playbook.card_samples import cards, said


def objections() -> dict[str, Objection]:
    return {one.key: one for one in cards()["objections"].objections}


def messages(group: str) -> dict[str, Message]:
    return {one.key: one for one in cards()["messaging"].messages if one.group == group}


def test_the_framework_has_six_steps() -> None:
    steps = [step.title for step in cards()["objections"].framework]
    assert steps == ["Listen", "Empathise", "Clarify", "Respond", "Confirm", "Move on"]


def test_objections_stand_in_five_categories_with_all_their_answers() -> None:
    assert {key: (one.category, len(one.responses)) for key, one in objections().items()} == {
        "too_expensive": ("Cost and budget", 5),
        "no_budget": ("Cost and budget", 5),
        "rip_and_replace": ("Cost and budget", 4),
        "research_free": ("Cost and budget", 6),
        "unproven": ("Risk and maturity", 8),
        "company_survives": ("Risk and maturity", 6),
        "quantum_unneeded": ("Technology and features", 5),
        "prefer_kubernetes": ("Technology and features", 5),
        "constrained_devices": ("Technology and features", 6),
        "vmware_integrations": ("Migration and integration", 6),
        "vmware_investment": ("Migration and integration", 7),
        "integrations": ("Migration and integration", 6),
        "stick_with_vmware": ("Competition", 5),
        "hyperv_free": ("Competition", 5),
        "kvm_free": ("Competition", 7),
        "broadcom_will_fix": ("Competition", 4),
        "kubernetes_at_edge": ("Competition", 6),
        "cloud_quantum": ("Competition", 7),
    }


def test_the_quick_reference_gives_eight_an_answer_in_one_breath_and_a_proof() -> None:
    quick = {key for key, one in objections().items() if one.quick}
    assert quick == {key for key, one in objections().items() if one.proofs}
    assert quick == {
        "too_expensive",
        "unproven",
        "quantum_unneeded",
        "prefer_kubernetes",
        "vmware_integrations",
        "hyperv_free",
        "kvm_free",
        "broadcom_will_fix",
    }


def test_objections_of_one_segment_say_so() -> None:
    by_segment = {key: one.segments for key, one in objections().items() if one.segments}
    assert {key for key, found in by_segment.items() if found == ("edge",)} == {
        "constrained_devices",
        "kubernetes_at_edge",
    }
    assert {key for key, found in by_segment.items() if found == ("research",)} == {"research_free", "cloud_quantum"}


def test_objections_of_cards_name_the_library_they_are_a_case_of() -> None:
    named = {one.library for card in cards().values() for one in card.objections if one.library}
    assert named == {
        "vmware_investment",
        "unproven",
        "integrations",
        "broadcom_will_fix",
        "hyperv_free",
        "kvm_free",
        "too_expensive",
        "prefer_kubernetes",
    }


def test_messages_by_group_with_their_points_and_proofs() -> None:
    groups = Counter(one.group for one in cards()["messaging"].messages)
    assert groups == {
        "audience": 5,
        "use_case": 5,
        "pitch": 4,
        "deep_dive": 4,
        "segment": 6,
        "land_expand": 6,
    }
    assert {(len(one.points), bool(one.call_to_action)) for one in messages("audience").values()} == {(4, True)}
    assert {len(one.proofs) for one in messages("use_case").values()} == {4}
    assert {key: (len(one.points), len(one.proofs)) for key, one in messages("deep_dive").items()} == {
        "deep_quantum": (4, 4),
        "deep_webassembly": (4, 4),
        "deep_edge_cloud": (8, 0),
        "deep_neural": (4, 4),
    }
    assert {key: (len(one.points), len(one.proofs)) for key, one in messages("segment").items()} == {
        "segment_enterprise_it": (5, 4),
        "segment_cloud": (5, 4),
        "segment_edge": (5, 4),
        "edge_webassembly": (5, 0),
        "edge_continuum": (4, 0),
        "segment_research": (5, 4),
    }
    assert {key: len(one.points) for key, one in messages("land_expand").items()} == {
        "land_entry": 4,
        "land_criteria": 5,
        "expand_paths": 3,
        "expand_metrics": 5,
        "dominate_strategies": 4,
        "dominate_outcomes": 5,
    }


def test_a_pitch_is_said_in_half_a_minute() -> None:
    """At 150 words a minute."""
    assert {
        key: len(" ".join(said(one)).split()) for key, one in messages("pitch").items() if len(one.text.split()) > 75
    } == {}
