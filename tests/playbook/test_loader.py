"""Broken playbooks: each error at its file, key and line, and all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbook.loader import PlaybookErrors, load, loads
from tests.playbook.samples import line_of, problems, spoiled, texts

BROKEN: dict[str, tuple[tuple[str, str, str], str, str, str]] = {
    # case: ((file, old, new), key, words of the reason, words of what is allowed)
    "not YAML": (("stages.yaml", "- key: prospect", "- key: [prospect"), "", "is not valid YAML", ""),
    "a key twice": (
        ("identity.yaml", "currency: USD", "currency: USD\ncurrency: EUR"),
        "currency",
        "stands twice; first on line 3",
        "each key once",
    ),
    "an anchor": (("bant.yaml", "classes:", "classes: &c"), "", "anchors and aliases are not allowed", ""),
    "a wrong type": (
        ("stages.yaml", "expected_days: 14", "expected_days: a fortnight"),
        "[prospect].expected_days",
        "must be a whole number",
        "",
    ),
    "a number where text belongs": (
        ("personas.yaml", "label: CIO", "label: 2026"),
        "[cio].label",
        "must be text",
        "",
    ),
    "a percentage over 100": (
        ("stages.yaml", "probability_percent: 65", "probability_percent: 650"),
        "[proposal].probability_percent",
        "can't be 650",
        "less than or equal to 100",
    ),
    "a word outside a closed list": (
        ("stages.yaml", "kind: won", "kind: gained"),
        "[won].kind",
        "can't be 'gained'",
        "'open', 'won' or 'lost'",
    ),
    "a key of another form": (
        ("facts.yaml", "key: vm_count", "key: VM count"),
        "[VM count].key",
        "can't be 'VM count'",
        "text of the form",
    ),
    "choices that belong to no choice": (
        ("facts.yaml", "kind: choice\n", "kind: text\n"),
        "[current_platform]",
        "choices are required for the kinds choice and choices",
        "",
    ),
    "a condition without a test": (
        ("bant.yaml", "{fact: budget_amount, at_least: 1000000}", "{fact: budget_amount}"),
        "criteria[budget].anchors[0].when.all[0]",
        "give exactly one comparison",
        "",
    ),
    "a condition that is none": (
        ("bant.yaml", "when: {fact: authority_access, equals: engaged}", "when: engaged"),
        "criteria[authority].anchors[0].when",
        "is not a condition",
        "all, any, not, fact",
    ),
    "an unknown comparison": (
        ("bant.yaml", "{fact: budget_amount, at_least: 1000000}", "{fact: budget_amount, at_lest: 1000000}"),
        "criteria[budget].anchors[0].when.all[0].at_lest",
        "did you mean at_least?",
        "at_least, over, under",
    ),
}


@pytest.mark.parametrize("change, key, reason, allowed", BROKEN.values(), ids=BROKEN)
def test_an_error_is_named_at_its_place(change: tuple[str, str, str], key: str, reason: str, allowed: str) -> None:
    file, old, _ = change
    found = [p for p in problems(spoiled(change)) if reason in p.reason and p.key == key]
    assert found, [str(p) for p in problems(spoiled(change))]
    assert found[0].file == file
    assert allowed in found[0].allowed
    assert found[0].line is not None
    assert abs(found[0].line - line_of(file, old)) <= 8


def test_an_unknown_key_suggests_the_right_one_and_lists_all() -> None:
    files = spoiled(("stages.yaml", "probability_percent: 5", "probability_percnt: 5"))
    unknown, missing = sorted(problems(files), key=lambda p: p.reason == "is missing")
    assert unknown.reason == "is not a known key; did you mean probability_percent?"
    assert unknown.allowed.startswith("key, label, note, probability_percent")
    assert unknown.line == line_of("stages.yaml", "probability_percent: 5")
    assert missing.key == "[prospect].probability_percent"


def test_every_error_of_every_file_comes_at_once() -> None:
    files = spoiled(
        ("identity.yaml", "company:", "compny:"),
        ("facts.yaml", "kind: integer", "kind: whole"),
        ("bant.yaml", "weight: 25", "weight: 26"),
        ("bant.yaml", "facts: [authority_access", "facts: [authority_acess"),
        ("stages.yaml", "{fact: contacts.count,", "{fact: contact.count,"),
        ("targets.yaml", "quarter: 1, amount: 3000000", "quarter: 1, amount: 4000000"),
        ("questions/bant.yaml", "criteria: [budget]", "criteria: [bugdet]"),
        ("products.yaml", "line: security", "line: safety"),
    )
    del files["personas.yaml"]
    files["stage.yaml"] = "[]"
    found = problems(files)
    assert {p.file for p in found} == {
        "identity.yaml",
        "facts.yaml",
        "bant.yaml",
        "stages.yaml",
        "targets.yaml",
        "questions/bant.yaml",
        "products.yaml",
        "personas.yaml",
        "stage.yaml",
    }
    assert any("the weights sum to 101" in p.reason for p in found)
    assert any("did you mean stages.yaml?" in p.reason for p in found)


def test_one_error_brings_no_others() -> None:
    found = problems(spoiled(("facts.yaml", "label: Virtual machines", "lable: Virtual machines")))
    assert [p.key for p in found] == ["[vm_count].label", "[vm_count].lable"]


def test_words_of_yaml_that_look_like_something_else_stay_words() -> None:
    files = spoiled(("identity.yaml", "company: NovaCron", "company: no"))
    assert loads(files).identity.company == "no"


def test_a_folder_is_read_with_its_own_faults(tmp_path: Path) -> None:
    for name, text in texts().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert load(tmp_path) == load()
    (tmp_path / "facts.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(PlaybookErrors) as caught:
        load(tmp_path)
    assert [(p.file, p.reason) for p in caught.value.problems] == [
        ("facts.yaml", "can't be read as UTF-8 text"),
        ("notes.txt", "is not a file of a playbook"),
    ]


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(PlaybookErrors, match="is not a folder"):
        load(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "# only a comment\n", "null", "just words", "- - -", "{a: b}", "3", "[" * 5000])
def test_any_text_is_answered_with_problems(text: str) -> None:
    for name in ("identity.yaml", "bant.yaml", "stages.yaml", "market.yaml"):
        assert [p for p in problems(texts() | {name: text}) if p.file == name]
