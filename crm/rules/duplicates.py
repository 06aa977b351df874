"""When two accounts may be the same company: the same domain, or names that differ only in how a company is written."""

from __future__ import annotations

import re
import unicodedata
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


def likeness(name: str, domain: str, other_name: str, other_domain: str) -> Likeness:
    """Why two accounts may be one; "" when nothing says so. A warning only: nothing is ever merged because it looks alike."""
    if domain and domain.casefold() == other_domain.casefold():
        return "domain"
    mine, other = core(name), core(other_name)
    if mine == other:
        return "name"
    return "similar" if SequenceMatcher(None, mine, other).ratio() >= SIMILAR_ENOUGH else ""
