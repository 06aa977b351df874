"""When two accounts may be the same company: the same domain, or names that differ only in how a company is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Literal

# fmt: off
LEGAL_FORMS = frozenset({
    "ab", "ag", "as", "asa", "bv", "co", "company", "corp", "corporation", "gmbh", "group", "holding", "holdings", "inc",
    "incorporated", "kg", "kgaa", "limited", "llc", "llp", "ltd", "nv", "oy", "plc", "pte", "pty", "sa", "sarl", "se", "spa",
    "srl", "the",
})
# fmt: on
SIMILAR_ENOUGH = 0.86
NEIGHBOURS = 6
"""Names a name is compared with on each side, of thousands."""

Likeness = Literal["domain", "name", "similar", ""]


def core(name: str) -> str:
    """A name without case, accents, punctuation and legal forms: "The Acme Co., Ltd." and "ACME" have one core."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    joined = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", bare)  # "s.a." is one word
    words = re.findall(r"[^\W_]+", joined)
    return " ".join(word for word in words if word not in LEGAL_FORMS) or "".join(words[:1])


def bare_domain(text: str) -> str:
    """A web address as it is kept and compared: "https://www.Aster.example/about" is aster.example."""
    return re.sub(r"^([a-z]+://)?(www\.)?", "", text.strip().casefold()).split("/")[0].split("?")[0]


def near(names: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int, Likeness]]:
    """Pairs of ids whose names are one or alike, out of many: each name is compared with its neighbours in the order of their
    cores, which finds what differs towards the end, and in the order of the cores read backwards for the rest."""
    cores = [(core(name), pk) for pk, name in names]
    seen: set[tuple[int, int]] = set()
    for step in (1, -1):
        ordered = sorted((text[::step], text, pk) for text, pk in cores)
        for place, (_, mine, pk) in enumerate(ordered):
            for _, other, other_pk in ordered[place + 1 : place + 1 + NEIGHBOURS]:
                pair = (min(pk, other_pk), max(pk, other_pk))
                if pair in seen:
                    continue
                alike = "name" if mine == other else _similar(mine, other)
                if alike:
                    seen.add(pair)
                    yield (*pair, alike)


def _similar(mine: str, other: str) -> Likeness:
    compared = SequenceMatcher(None, mine, other)
    quick = compared.real_quick_ratio() >= SIMILAR_ENOUGH and compared.quick_ratio() >= SIMILAR_ENOUGH
    return "similar" if quick and compared.ratio() >= SIMILAR_ENOUGH else ""


def likeness(name: str, domain: str, other_name: str, other_domain: str) -> Likeness:
    """Why two accounts may be one; "" when nothing says so. A warning only: nothing is ever merged because it looks alike."""
    if domain and domain.casefold() == other_domain.casefold():
        return "domain"
    mine, other = core(name), core(other_name)
    if mine == other:
        return "name"
    return "similar" if SequenceMatcher(None, mine, other).ratio() >= SIMILAR_ENOUGH else ""
