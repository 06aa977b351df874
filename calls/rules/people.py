"""Somebody named in a note: who, with which title, and which part they play."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from calls.rules.known import Known, KnownPerson

ROLES: dict[str, str] = {
    "economic buyer": "economic_buyer",
    "buyer": "economic_buyer",
    "champion": "champion",
    "technical buyer": "technical_buyer",
    "user": "user",
    "influencer": "influencer",
    "coach": "coach",
    "procurement": "procurement",
    "legal": "legal",
    "blocker": "blocker",
}
"""Words for the part somebody plays, and the buying role each is."""
BETWEEN = re.compile(r"\s*[,;()\n]\s*|\s+[-–—]\s+|\s+is\s+(?:the|their|our|a|an)\s+", re.IGNORECASE)
MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Named:
    """`known` is the contact of the account that was meant, None for somebody new."""

    first_name: str
    last_name: str
    title: str
    persona: str
    role: str
    known: KnownPerson | None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def named(words: str, known: Known) -> Named | None:
    """The name comes first, then title and part in any order, apart by commas: "Ana Kühn, CIO, economic buyer". None where the
    first words are no name."""
    first, *rest = [part for part in BETWEEN.split(words.strip()) if part] or [""]
    names = first.split()
    if not 1 <= len(names) <= MOST_WORDS or not names[0][:1].isupper() or len(first) > 80:
        return None
    role, title = "", ""
    for part in rest:
        found = ROLES.get(part.strip(". ").lower())
        if found and not role:
            role = found
        elif not title and len(part) <= 120:
            title = part.strip(". ")
    there = same_person(first, known.people)
    if there is None and len(names) == 1:
        return None  # a first name alone says of nobody new who it is
    persona = _persona(title or (there.title if there else ""), known)
    return Named(" ".join(names[:-1]), names[-1], title, persona, role, there)


def same_person(name: str, people: Iterable[KnownPerson]) -> KnownPerson | None:
    """Who is called so in full, else by first or last name where only one is."""
    wanted = name.casefold()
    listed = list(people)
    whole = [one for one in listed if one.name.casefold() == wanted]
    found = whole or [one for one in listed if wanted in (one.first_name.casefold(), one.last_name.casefold())]
    return found[0] if len(found) == 1 else None


def _persona(title: str, known: Known) -> str:
    wanted = title.casefold()
    for persona in known.playbook.personas:
        if wanted and wanted in (one.casefold() for one in (*persona.titles, persona.label)):
            return persona.key
    return ""
