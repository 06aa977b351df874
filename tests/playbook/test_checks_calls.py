"""What the agenda, the demo and the proof of concept may not say; and a playbook of before there were calls."""

from __future__ import annotations

import pytest

from playbook.loader import dump, from_json, loads, to_json
from tests.playbook.samples import Change, assert_refused, texts

FILES = ("agenda.yaml", "demos.yaml", "pocs.yaml", "note_rules.yaml")
PARTS = ("agenda", "demo", "poc")
NONSENSE: dict[str, tuple[Change, str, str, str]] = {
    # case: ((file, old, new), key, words of the reason, what is allowed)
    "parts that do not fill the call": (
        ("agenda.yaml", "minutes: 90", "minutes: 80"),
        "minutes",
        "the parts sum to 90 minutes, not 80",
        "90",
    ),
    "parts that do not fill the short call": (
        ("agenda.yaml", "short_minutes: 60", "short_minutes: 45"),
        "short_minutes",
        "the parts sum to 60 minutes, not 45",
        "60",
    ),
    "a part that is longer in the short call": (
        ("agenda.yaml", "    short_minutes: 3\n", "    short_minutes: 6\n"),
        "parts[introductions].short_minutes",
        "6 is more than in the full call, which gives it 5",
        "5 or less",
    ),
    "questions in two parts": (
        ("agenda.yaml", '"Buying: competition", "Competition"', '"Champion", "Competition"'),
        "parts[competition].groups[0]",
        "'Champion' belongs to 'introductions' already",
        "each group in one part",
    ),
    "a part that stands twice": (
        ("agenda.yaml", "  - key: pain\n", "  - key: background\n"),
        "parts[background].key",
        "the key 'background' is taken already",
        "each key once",
    ),
    "a demo that calls itself an hour": (
        ("demos.yaml", "minutes: 70", "minutes: 60"),
        "minutes",
        "the parts sum to 70 minutes, not 60",
        "70",
    ),
    "a proof of concept with a week missing": (
        ("pocs.yaml", "    first_week: 3", "    first_week: 4"),
        "phases[migration].first_week",
        "4 stands where week 3 belongs",
        "3",
    ),
    "a rule of notes that writes nowhere": (
        ("note_rules.yaml", "reading: money, fact: budget_amount", "reading: money"),
        "[budget_amount]",
        "has to name one place to write to",
        "one of fact, element, deal",
    ),
    "a rule of notes with a value its fact does not know": (
        ("note_rules.yaml", "value: needs_approval", "value: needs_love"),
        "[budget_needs_approval].value",
        "can't be 'needs_love'",
        "Budget not yet allocated is one of: allocated, needs_approval, none.",
    ),
    "a rule of notes that reads an amount as a day": (
        ("note_rules.yaml", "reading: date, fact: renewal_date", "reading: money, fact: renewal_date"),
        "[renewal_date].reading",
        "money can't be written into a date",
        "",
    ),
}


@pytest.mark.parametrize("case", NONSENSE)
def test_it_is_told(case: str) -> None:
    change, key, reason, allowed = NONSENSE[case]
    assert_refused(change, key, reason, allowed)


def test_a_playbook_of_before_there_were_calls() -> None:
    files = {name: text for name, text in texts().items() if name not in FILES}
    playbook = loads(files)
    assert {getattr(playbook, part) for part in PARTS} == {None}
    assert playbook.note_rules == ()
    assert set(dump(playbook)) == {*files, "note_rules.yaml"}
    assert (
        from_json({name: part for name, part in to_json(playbook).items() if name not in (*PARTS, "note_rules")})
        == playbook
    )
