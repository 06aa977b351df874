"""When two accounts may be one company."""

from __future__ import annotations

import pytest

from crm.rules.duplicates import core, likeness


@pytest.mark.parametrize(
    "name, other",
    [
        ("Acme Inc.", "ACME"),
        ("The Acme Company, Ltd", "Acme"),
        ("Müller GmbH & Co. KG", "Muller"),
        ("Électricité  S.A.", "Electricite SA"),
        ("Holding AB", "holding"),
    ],
)
def test_legal_forms_case_and_accents_do_not_make_another_company(name: str, other: str) -> None:
    assert core(name) == core(other)


@pytest.mark.parametrize(
    "case, one, other, expected",
    [
        ("same domain", ("Aster", "aster.example"), ("Aster Health", "ASTER.example"), "domain"),
        ("no domain is no likeness", ("Aster", ""), ("Corvid", ""), ""),
        ("same but for the form", ("Aster Health Inc", ""), ("Aster Health", ""), "name"),
        ("a letter missed", ("Northwnd Bank", ""), ("Northwind Bank", ""), "similar"),
        ("another word", ("Northwind Bank", ""), ("Northwind Energy", ""), ""),
        ("short names differ by a letter", ("IBM", ""), ("IBS", ""), ""),
    ],
)
def test_likeness(case: str, one: tuple[str, str], other: tuple[str, str], expected: str) -> None:
    assert likeness(*one, *other) == expected, case
