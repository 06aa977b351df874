"""A playbook goes through a download and an upload, whatever people typed into it, and through JSON as forms change it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playbook.loader import PlaybookErrors, digest, dump, load_json, loads, to_json
from tests.playbook.samples import shipped

letters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
words = st.text(letters, min_size=1, max_size=60).filter(lambda text: text.strip() != "")
odd = st.sampled_from(
    [
        "yes",
        "null",
        "~",
        "1e5",
        "0x1F",
        "1_000",
        "2026-01-31",
        "- a: b",
        "a: b # c",
        "{x}",
        "é\u2028ß",
        "\ufeffx",
        "=",
        "'",
        '"',
    ]
)
texts = words | odd
weights = st.lists(st.integers(0, 2000), min_size=5, max_size=5).filter(lambda parts: sum(parts) <= 10_000)
numbers = st.decimals(0, 10**12, places=2)


def changed(text: str, other: str, parts: list[int], amount: Decimal) -> dict[str, Any]:
    data = to_json(shipped())
    exact = [Decimal(part).scaleb(-2) for part in parts]
    for criterion, weight in zip(data["bant"]["criteria"], [*exact, 100 - sum(exact)], strict=True):
        criterion["weight"] = str(weight)
    data["bant"]["criteria"][0]["verdicts"]["qualified"]["at_least"] = str(amount)
    data["stages"][0]["label"], data["stages"][1]["note"] = text, other
    data["outcome_reasons"][0]["label"] = other
    data["questions"].append({**data["questions"][-1], "key": "added", "text": text, "group": other, "note": text})
    data["segments"][0]["ideal_customer"]["a_new_one"] = other
    return data


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts, texts, weights, numbers)
def test_a_changed_playbook_comes_back_the_same(text: str, other: str, parts: list[int], amount: Decimal) -> None:
    playbook = load_json(changed(text, other, parts, amount))
    files = {name: content.encode().decode("utf-8-sig") for name, content in dump(playbook).items()}
    assert digest(loads(files)) == digest(playbook)
    assert digest(load_json(to_json(playbook))) == digest(playbook)


def test_the_shipped_one_comes_back_the_same() -> None:
    assert digest(loads(dump(shipped()))) == digest(load_json(to_json(shipped()))) == digest(shipped())


def test_json_is_held_to_what_files_are_held_to() -> None:
    data = to_json(shipped())
    data["stages"][0]["label"] = ""
    data["bant"]["criteria"][0]["segments"]["research"]["qualified"]["all"][0]["at_least"] = ""
    data["bant"]["criteria"][0]["verdicts"]["qualified"]["at_least"] = "much"
    data["questions"][0]["bank"] = "mine"
    del data["verticals"]
    data["extra"] = 1
    try:
        load_json(data)
    except PlaybookErrors as wrong:
        found = [(one.file, one.key) for one in wrong.problems]
    assert found == [
        ("bant.yaml", "criteria[budget].segments.research.qualified.all[0].at_least"),
        ("bant.yaml", "criteria[budget].verdicts.qualified.at_least"),
        ("extra", ""),
        ("market.yaml", "verticals"),
        ("questions/bant.yaml", "[bant_budget].bank"),
        ("stages.yaml", "[prospect].label"),
    ]
