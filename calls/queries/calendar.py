"""A call for somebody's own calendar."""

from __future__ import annotations

from calls.models import Attendee, Call, Side
from calls.rules.ics import Event, Invited, calendar
from calls.rules.states import State

DOMAIN = "calls.quarterdeck"


def file_of(call: Call, url: str) -> str:
    """The call as an iCalendar file; `url` is its page. Its goal stays with us: calendars travel. One query."""
    people = list(call.attendees.select_related("person", "contact").order_by("pk"))
    names = [one.name for one in people if one.side == Side.THEIRS]
    said = f"With {', '.join(names)}." if names else ""
    owner = Invited(str(call.owner), call.owner.email)
    invited = [Invited(one.name, _address(one)) for one in people if one.person_id != call.owner_id]
    return calendar(
        Event(
            uid=f"call-{call.pk}@{DOMAIN}",
            sequence=call.version,
            title=call.title,
            description=said,
            url=url,
            starts_at=call.starts_at,
            ends_at=call.planned_end,
            changed_at=call.updated_at,
            organizer=owner,
            invited=invited,
            cancelled=call.state == State.CANCELLED,
        )
    )


def _address(one: Attendee) -> str:
    if one.person is not None:
        return one.person.email
    return one.contact.email if one.contact is not None else ""
