"""What REST framework says of a value, in our words. Fields of this product say their own; these are all the others."""

from __future__ import annotations

import re

from crm.lib.texts import storable

UNSTORABLE = "The text holds a character that can't be stored."
WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(theirs), ours)
    for theirs, ours in (
        (r"This field is required\.", "This is needed and was not sent."),
        (r"This field may not be null\.", "This needs a value; null is none."),
        (r"This field may not be blank\.", "This can't be empty."),
        (r"Not a valid string\.", "Send a text, in quotes."),
        (r"Must be a valid boolean\.", "Send true or false."),
        (r"A valid (?:integer|number) is required\.", "Send a number, without quotes."),
        (r"String value too large\.", "This number is longer than any we keep."),
        (r"Ensure this field has no more than (\d+) characters\.", r"Write at most \1 characters."),
        (r"Ensure this field has at least (\d+) characters\.", r"Write at least \1 characters."),
        (r"Ensure this field has no more than (\d+) elements\.", r"Send at most \1 of them."),
        (r"Ensure this field has at least (\d+) elements\.", r"Send at least \1 of them."),
        (r"Ensure this value is less than or equal to (.+)\.", r"Send \1 or less."),
        (r"Ensure this value is greater than or equal to (.+)\.", r"Send \1 or more."),
        (r'"((?s:.*))" is not a valid choice\.', r"“\1” is not one of those offered; /api/schema/ lists them."),
        (r"Expected a list of items but got type .*", "Send a list."),
        (r"Expected a dictionary of items but got type .*", "Send an object: a value for each key."),
        (r"This (?:list|selection|dictionary) may not be empty\.", "Send at least one."),
        (r"Enter a valid email address\.", "Write an e-mail address, such as ana@aster.example."),
        (r"Null characters are not allowed\.", UNSTORABLE),
        (r"Surrogate characters are not allowed: .*", UNSTORABLE),
    )
)


def in_our_words(said: str) -> str:
    """The same sentence as this product says it; one that is not REST framework's stays as it is. What can't be stored is
    not quoted either: no answer could carry it."""
    for theirs, ours in WORDS:
        if found := theirs.fullmatch(said):
            ours = found.expand(ours)
            return ours if storable(ours) else UNSTORABLE
    return said
