"""Every key on the keyboard, in the groups the help shows them in. static/js acts on them; this is what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """`strokes` one after the other; those with "+" are held together."""

    strokes: tuple[str, ...]
    does: str


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """`can_be_off`: single letters, which speech input types too."""

    label: str
    keys: tuple[Key, ...]
    can_be_off: bool = False


def groups(places: Sequence[tuple[str, str]], *, creates_deals: bool) -> tuple[KeyGroup, ...]:
    """`places` are the letter after "g" and the name of each page of the rail."""
    anywhere = [
        Key(("/",), "Search"),
        Key(("j",), "Next row, or next part of the page"),
        Key(("k",), "The one before"),
        Key(("?",), "This list"),
    ]
    if creates_deals:
        anywhere.append(Key(("n",), "New deal"))
    return (
        KeyGroup(
            "Always",
            (
                Key(("Ctrl+K",), "Find a record, a page or an action"),
                Key(("Esc",), "Close what is open"),
            ),
        ),
        KeyGroup("Anywhere", tuple(anywhere), can_be_off=True),
        KeyGroup(
            "Go to",
            tuple(Key(("g", letter), label) for letter, label in (*places, ("n", "Notifications")) if letter),
            can_be_off=True,
        ),
        KeyGroup(
            "On a deal, an account or a contact",
            (
                Key(("e",), "Edit it"),
                Key(("m",), "Move a deal to its next stage"),
                Key(("a", "n"), "Add a note"),
                Key(("a", "t"), "Add a task"),
                Key(("a", "c"), "Log a call or meeting"),
                Key(("a", "e"), "File an e-mail"),
                Key(("a", "f"), "Attach files"),
                Key(("a", "d"), "Plan a discovery call"),
                Key(("a", "q"), "Quote a deal"),
            ),
            can_be_off=True,
        ),
        KeyGroup(
            "On an approval",
            (
                Key(("a",), "Approve: opens the form"),
                Key(("s",), "Send back: opens the form"),
                Key(("r",), "Reject: opens the form"),
                Key(("j",), "The next that waits"),
                Key(("k",), "The one before"),
            ),
            can_be_off=True,
        ),
        KeyGroup(
            "On a battle card",
            (
                Key(("/",), "Filter it while you type"),
                Key(("Enter",), "In the filter: copy the first answer found"),
                Key(("j",), "The next answer"),
                Key(("k",), "The one before"),
                Key(("c",), "Copy the answer"),
            ),
            can_be_off=True,
        ),
        KeyGroup("On a planned call", (Key(("b",), "Begin it"),), can_be_off=True),
        KeyGroup(
            "While editing a battle card",
            (
                Key(("Alt+↑",), "Move the claim one up"),
                Key(("Alt+↓",), "Move it one down"),
            ),
        ),
        KeyGroup(
            "In a call's review",
            (
                Key(("j",), "The next proposal"),
                Key(("k",), "The one before"),
                Key(("a",), "Accept it"),
                Key(("e",), "Edit it"),
                Key(("r",), "Reject it"),
                Key(("u",), "Open it again"),
                Key(("w",), "Write what was accepted to the deal"),
                Key(("z",), "Take back what was written"),
                Key(("o",), "On to the summary"),
            ),
            can_be_off=True,
        ),
        KeyGroup(
            "In lists of choices",
            (
                Key(("↑", "↓"), "Choose"),
                Key(("Enter",), "Take it"),
                Key(("Ctrl+Enter",), "Open it in a new tab"),
            ),
        ),
        KeyGroup(
            "On a call",
            (
                Key(("Enter",), "The note is done; the next one begins"),
                Key(("Shift+Enter",), "A new line in the note"),
                Key(("/",), "Tag the note; /q says which question it answers"),
                Key(("Alt+1", "… 9"), "Mark that question asked, and tie the next note to it"),
                Key(("Alt+Q",), "To the questions: arrows choose, Enter asks, a says answered"),
                Key(("Alt+P",), "Next part of the agenda; with Shift the one before"),
                Key(("Alt+C",), "The note is for the customer, or not"),
                Key(("Alt+L",), "To the last note: arrows go through them, Enter changes one, Tab goes to its figures"),
                Key(("Alt+N",), "Back to the note"),
                Key(("↑",), "In an empty note: change your last one"),
            ),
        ),
        KeyGroup("In notes", (Key(("@",), "Mention a colleague"),)),
    )
