"""A call for a calendar: one event as iCalendar text (RFC 5545).

Written here and not by a library: it is one event with ten properties, all times in UTC.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 75
"""Octets of a line, without its end."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Invited:
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Event:
    """`uid` stays with the event for good, `sequence` grows with each change: by the two a calendar replaces what it has. The
    moments are aware."""

    uid: str
    sequence: int
    title: str
    description: str
    url: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    changed_at: dt.datetime
    organizer: Invited
    invited: Sequence[Invited] = ()
    cancelled: bool = False


def calendar(event: Event) -> str:
    """The whole file, lines folded and ended as the standard asks."""
    state = "CANCELLED" if event.cancelled else "CONFIRMED"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Quarterdeck//Calls//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{'CANCEL' if event.cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_utc(event.changed_at)}",
        f"DTSTART:{_utc(event.starts_at)}",
        f"DTEND:{_utc(event.ends_at)}",
        f"SUMMARY:{escaped(event.title)}",
        *([f"DESCRIPTION:{escaped(event.description)}"] if event.description else []),
        f"URL:{event.url}",
        f"STATUS:{state}",
        *_people("ORGANIZER", [event.organizer]),
        *_people("ATTENDEE", event.invited),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    """A value of type TEXT."""
    clean = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for mark in ("\\", ";", ","):
        clean = clean.replace(mark, f"\\{mark}")
    return clean.replace("\n", "\\n")


def folded(line: str) -> str:
    """No line longer than 75 octets; a character is never cut in two."""
    parts, size, room = [""], 0, WIDTH
    for character in line:
        width = len(character.encode())
        if size + width > room:
            parts.append("")
            size, room = 0, WIDTH - 1  # the space a continued line begins with counts too
        parts[-1] += character
        size += width
    return "\r\n ".join(parts)


def _people(name: str, people: Iterable[Invited]) -> Iterable[str]:
    """Who has no e-mail has no place here: an address is the value."""
    return [f'{name};CN="{_parameter(one.name)}":mailto:{one.email}' for one in people if one.email]


def _parameter(text: str) -> str:
    """A quoted parameter has no way to hold a quotation mark (RFC 6868 gives it one)."""
    return _CONTROL.sub("", text).replace("^", "^^").replace("\n", "^n").replace('"', "^'").replace("\r", "")


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
