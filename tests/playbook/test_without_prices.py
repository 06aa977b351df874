"""A playbook of before there were quotes has no prices; it is read, written and kept as it was."""

from __future__ import annotations

from playbook.loader import digest, dump, from_json, load_json, loads, to_json
from tests.playbook.samples import texts

FILES = ("price_books.yaml", "discounts.yaml", "terms.yaml", "approvals.yaml")
PARTS = ("pricing", "discounts", "terms", "approvals")


def test_it_is_read_and_written_without_the_files() -> None:
    files = {name: text for name, text in texts().items() if name not in FILES}
    playbook = loads(files)
    assert {getattr(playbook, part) for part in PARTS} == {None}
    assert set(dump(playbook)) == set(files)
    assert loads(dump(playbook)) == playbook


def test_a_version_published_before_is_still_read() -> None:
    playbook = loads({name: text for name, text in texts().items() if name not in FILES})
    data = to_json(playbook)
    stored = {name: part for name, part in data.items() if name not in PARTS}
    assert from_json(stored) == load_json(stored) == load_json(data) == playbook
    assert digest(from_json(stored)) == digest(playbook)
