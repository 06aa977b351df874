"""A call's agenda, cut to the time there is, and where its questions belong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from playbook.schema import Playbook
from playbook.schema.calls import Agenda

DEFAULT_MINUTES = (60, 90)
"""Lengths to offer where the playbook has no agenda."""
MINUTES_A_QUESTION = 5


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of the agenda with its minutes in this call."""

    key: str
    label: str
    minutes: int


def cut(agenda: Agenda | None, minutes: int) -> tuple[Slot, ...]:
    """The parts with whole minutes that sum to exactly `minutes`.

    At the two lengths the playbook has figures for, those; between them in between; shorter in proportion to the short one, longer
    to the full one. No part vanishes while there is a minute for each. Without an agenda one part takes it all.
    """
    if agenda is None:
        return (Slot("call", "Call", minutes),)
    shares = [_share(agenda, part.minutes, part.short_minutes, minutes) for part in agenda.parts]
    whole = _whole(shares, minutes)
    return tuple(Slot(part.key, part.label, length) for part, length in zip(agenda.parts, whole, strict=True))


def _share(agenda: Agenda, full: int, short: int, minutes: int) -> Fraction:
    if minutes <= agenda.short_minutes or agenda.minutes == agenda.short_minutes:
        return Fraction(short * minutes, agenda.short_minutes)
    if minutes >= agenda.minutes:
        return Fraction(full * minutes, agenda.minutes)
    way = Fraction(minutes - agenda.short_minutes, agenda.minutes - agenda.short_minutes)
    return short + (full - short) * way


def _whole(shares: Sequence[Fraction], total: int) -> list[int]:
    """By largest remainder, ties to the earlier part; then a minute from the longest to whoever has none."""
    floors = [int(share) for share in shares]
    order = sorted(range(len(shares)), key=lambda place: (floors[place] - shares[place], place))
    for place in order[: total - sum(floors)]:
        floors[place] += 1
    if total >= len(floors):
        while 0 in floors:
            floors[floors.index(max(floors))] -= 1
            floors[floors.index(0)] = 1
    return floors


def lengths(playbook: Playbook) -> tuple[int, ...]:
    """The lengths a call is usually planned for."""
    agenda = playbook.agenda
    return DEFAULT_MINUTES if agenda is None else tuple(dict.fromkeys((agenda.short_minutes, agenda.minutes)))


def part_of_group(playbook: Playbook) -> Mapping[str, str]:
    """By group of the question banks the key of the part it belongs to."""
    parts = playbook.agenda.parts if playbook.agenda else ()
    return {group: part.key for part in parts for group in part.groups}


def questions_for(minutes: int) -> int:
    """How many questions fit into a call."""
    return max(4, minutes // MINUTES_A_QUESTION)
