"""Parts of addresses: the record something is about, and the sort of an entry. In the plural, as addresses name them."""

from __future__ import annotations


class Record:
    """Gives "deal", "account" or "contact"; a view gets what services take."""

    regex = "deals|accounts|contacts"

    def to_python(self, value: str) -> str:
        return value[:-1]

    def to_url(self, value: str) -> str:
        return f"{value.removesuffix('s')}s"


class Company(Record):
    """Not a deal, whose timeline is the deal's own."""

    regex = "accounts|contacts"


class Words:
    regex = "notes|tasks|activities|files"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Written(Words):
    """What one edits: a file is replaced, not edited."""

    regex = "notes|tasks|activities"


class Addable(Words):
    """What a form makes in one step."""

    regex = "note|task|call"
