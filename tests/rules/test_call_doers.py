"""Who does what was noted as an action."""

from __future__ import annotations

import pytest

from calls.rules.doers import doer

NAMES = ("Ana Adler", "Rae Kessler", "Ben Adler")


@pytest.mark.parametrize(
    "words, expected",
    [
        ("Ana: send the contract", ("Ana Adler", "send the contract")),
        ("ana adler: send it", ("Ana Adler", "send it")),
        ("@Rae sends the sizing sheet by Friday", ("Rae Kessler", "sends the sizing sheet by Friday")),
        ("Contract goes to @ana", ("Ana Adler", "Contract goes to ana")),
        ("Adler: which of them?", ("", "Adler: which of them?")),
        ("Next: send the contract", ("", "Next: send the contract")),
        ("@Somebody calls back", ("", "@Somebody calls back")),
        ("Write to rae@novacron.example", ("", "Write to rae@novacron.example")),
        ("", ("", "")),
    ],
)
def test_who_it_is_for(words, expected):
    assert doer(words, NAMES) == expected
