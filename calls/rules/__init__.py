"""Pure rules of calls: agenda, clock, tags, what a note says, what follows from it. Playbook, calendar and now are arguments."""
