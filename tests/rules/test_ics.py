"""One event as RFC 5545 wants it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from calls.rules.ics import Event, Invited, calendar, escaped, folded

AT = dt.datetime(2026, 6, 15, 11, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def event(**values: object) -> str:
    base: dict[str, object] = {
        "uid": "call-7@calls.quarterdeck",
        "sequence": 3,
        "title": "Discovery, Aster; part 1",
        "description": "With Ana\nand Nora.",
        "url": "https://crm.example/calls/7/",
        "starts_at": AT,
        "ends_at": AT + dt.timedelta(minutes=60),
        "changed_at": AT,
        "organizer": Invited("Rae", "rae@x.example"),
        "invited": (Invited('Ana "CIO" Adler', "ana@y.example"), Invited("Nobody", "")),
    }
    return calendar(Event(**(base | values)))  # type: ignore[arg-type]


def test_a_call_in_utc_with_its_people():
    assert event() == "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Quarterdeck//Calls//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "BEGIN:VEVENT",
            "UID:call-7@calls.quarterdeck",
            "SEQUENCE:3",
            "DTSTAMP:20260615T090000Z",
            "DTSTART:20260615T090000Z",
            "DTEND:20260615T100000Z",
            "SUMMARY:Discovery\\, Aster\\; part 1",
            "DESCRIPTION:With Ana\\nand Nora.",
            "URL:https://crm.example/calls/7/",
            "STATUS:CONFIRMED",
            'ORGANIZER;CN="Rae":mailto:rae@x.example',
            "ATTENDEE;CN=\"Ana ^'CIO^' Adler\":mailto:ana@y.example",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def test_one_that_is_called_off_says_so():
    assert "METHOD:CANCEL\r\n" in event(cancelled=True)
    assert "STATUS:CANCELLED\r\n" in event(cancelled=True)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_folded_lines_are_short_and_unfold_to_what_they_were(text):
    line = f"SUMMARY:{escaped(text)}"
    parts = folded(line).split("\r\n")
    assert all(len(part.encode()) <= 75 for part in parts)
    assert "".join([parts[0], *(part[1:] for part in parts[1:])]) == line
    assert all(part.startswith(" ") for part in parts[1:])
