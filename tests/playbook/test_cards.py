"""A card as a file: read whole or refused with every error, written back the same."""

from __future__ import annotations

import pytest

from playbook.cards import dump_card, read_card, read_card_json
from playbook.problems import PlaybookErrors

CARD = """\
slug: acme
title: Acme Cloud
competitor: acme
document_tally: {us: 2, them: 0, tie: 0}
rows:
  - key: speed
    capability: Speed
    ours: 10 times
    theirs: "1"
    winner: us
    criteria: [Performance]
    source: {document: benchmark, section: "2.1", date: 2025-11-10}
    verified_on: 2025-12-01
    expires_on: 2026-06-01
  - {key: price, capability: Price, ours: "1,500", theirs: "5,995", winner: us, customer: true}
objections:
  - {key: tools, objection: We know their tools., responses: [Ours open the same files.]}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(PlaybookErrors) as caught:
        read_card(text)
    return [str(problem) for problem in caught.value.problems]


def test_a_card_comes_back_the_same_from_yaml_and_from_json() -> None:
    card = read_card(CARD)
    assert read_card(dump_card(card)) == card
    assert read_card_json(card.model_dump(mode="json")) == card
    assert [claim.key for claim in card.claims] == ["speed", "price", "tools"]


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("winner: us\n", "winner: we\n", "rows[speed].winner: can't be 'we' (allowed: 'us', 'them' or 'tie')"),
        ("    theirs:", "    their:", "rows[speed].their: is not a known key; did you mean theirs?"),
        ("key: price", "key: speed", "rows[speed].key: is also the key of rows[0] (allowed: each key once in a card)"),
        ("2026-06-01", "2025-12-01", "rows[speed]: expires_on must be later than verified_on"),
        ("competitor: acme\n", "", "competitor: is missing (allowed: the key of a competitor)"),
        (
            'section: "2.1",',
            'section: "2.1", url: "javascript:alert(1)",',
            "rows[speed].source.url: must begin with http:// or https://",
        ),
        ("slug: acme", "slug: Acme Cloud", "slug: can't be 'Acme Cloud'"),
        (
            "responses: [Ours open the same files.]",
            "responses: []",
            "objections[tools].responses: must have at least one item",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_key(old: str, new: str, told: str) -> None:
    assert old in CARD
    found = problems(CARD.replace(old, new, 1))
    assert any(told in problem and problem.startswith("card.yaml:") for problem in found), found


def test_a_section_belongs_to_its_sort_of_card() -> None:
    messaging = CARD.replace("slug: acme", "slug: acme\nsort: messaging").replace("competitor: acme\n", "")
    assert [problem.split(": ", 1)[1] for problem in problems(messaging)] == [
        "rows: does not belong on a card of sort messaging (allowed: messages)",
        "objections: does not belong on a card of sort messaging (allowed: messages)",
    ]
